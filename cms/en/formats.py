"""How the desk writes an instant, the same on every page: “Dec 3, 2026, 6:00 PM”."""

DATE_FORMAT = "M j, Y"
TIME_FORMAT = "g:i A"
DATETIME_FORMAT = "M j, Y, g:i A"
SHORT_DATE_FORMAT = "M j"
SHORT_DATETIME_FORMAT = "M j, g:i A"
