"""Members 党员: the register, affiliation with history, transfers, probation, import."""
