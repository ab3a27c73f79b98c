"""Does an event at a large client move the small clients of its region? Pure mathematics."""
