{{ carried_forward('health_component_night', memory='health_component') }}
