{{ carried_forward('account_potential_night', memory='account_potential') }}
