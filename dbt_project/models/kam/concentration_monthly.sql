{{ carried_forward('concentration_monthly_night', memory='concentration_monthly') }}
