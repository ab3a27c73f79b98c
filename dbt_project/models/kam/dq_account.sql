{{ carried_forward('dq_account_night', memory='dq_account') }}
