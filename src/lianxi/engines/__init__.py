"""Pure functions on plain data: no Django, no files, no clock, no global state."""
