"""English as the rest of the house writes it: 5 Dec 2026, not Dec. 5, 2026."""
