"""What people look at: pictures and the page they stand on, drawn from tables alone."""
