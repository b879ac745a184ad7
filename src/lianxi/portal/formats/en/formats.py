"""English as the rest of the house writes it: 5 Dec 2026, not Dec. 5, 2026."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y G:i"
SHORT_DATE_FORMAT = "j M Y"
