{{ carried_forward('freshness_night', memory='freshness') }}
