{{ carried_forward('key_account_review_night', memory='key_account_review') }}
