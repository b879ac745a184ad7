"""What every mechanism needs and none owns."""
