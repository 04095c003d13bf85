"""The requests that reach the admin: those of logged-in colleagues."""

from django.contrib.auth.models import User
from django.http import HttpRequest


class StaffRequest(HttpRequest):
    """A request of a colleague. The admin site and `picker.staff` let nobody else in; this says so to mypy."""

    user: User
