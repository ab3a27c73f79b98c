{{ carried_forward('score_backtest_night', memory='score_backtest') }}
