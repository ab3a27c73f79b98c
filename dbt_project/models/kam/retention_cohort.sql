{{ carried_forward('retention_cohort_night', memory='retention_cohort') }}
