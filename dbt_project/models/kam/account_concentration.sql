{{ carried_forward('account_concentration_night', memory='account_concentration') }}
