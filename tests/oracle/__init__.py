"""The P&L and its neighbours a second time: plain Python on invented companies, from the rulings alone."""
