"""Logging in: five wrong passwords for one name from one address, and that name is locked out for a while."""

from datetime import timedelta
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from ..models import LoginFailure

TRIES = 5
WAIT = timedelta(minutes=15)


class LoginForm(AdminAuthenticationForm):
    def clean(self) -> dict[str, Any]:
        failures = LoginFailure.objects.recent(self._name(), self._address(), timezone.now() - WAIT)
        if failures.count() >= TRIES:
            raise ValidationError("Too many wrong passwords. Wait a quarter of an hour, or reset your password.")
        try:
            cleaned = super().clean()
        except ValidationError:
            LoginFailure.objects.create(name=self._name(), address=self._address(), at=timezone.now())
            raise
        failures.delete()
        return cleaned

    def _name(self) -> str:
        return self.cleaned_data.get("username", "")[:150].casefold()

    def _address(self) -> str:
        return (self.request.META.get("REMOTE_ADDR", "") if self.request else "")[:45]
