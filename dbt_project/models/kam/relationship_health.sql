{{ carried_forward('relationship_health_night', memory='relationship_health') }}
