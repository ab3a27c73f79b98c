{{ carried_forward('account_ltv_night', memory='account_ltv') }}
