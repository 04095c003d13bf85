"""How the admin writes days and times, in templates and in Django's own lists: as an American desk says them."""

DATE_FORMAT = "M j, Y"
TIME_FORMAT = "g:i A"
DATETIME_FORMAT = "M j, Y, g:i A"
SHORT_DATE_FORMAT = "M j"
SHORT_DATETIME_FORMAT = "M j, g:i A"
