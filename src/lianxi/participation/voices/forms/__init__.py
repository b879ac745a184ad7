"""What can be typed into pages about voices."""
