{{ carried_forward('portfolio_position_night', memory='portfolio_position') }}
