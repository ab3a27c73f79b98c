{{ carried_forward('ltv_model_night', memory='ltv_model') }}
