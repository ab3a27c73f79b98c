{{ carried_forward('portfolio_ltv_night', memory='portfolio_ltv') }}
