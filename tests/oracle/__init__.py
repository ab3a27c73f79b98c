"""The P&L and its neighbours a second time, in plain Python, from the rulings alone."""
