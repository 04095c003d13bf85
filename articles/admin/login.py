"""Logging in: after too many wrong passwords the next try has to wait, and a colleague at a known place does not."""

import logging
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from ..access import audit_login
from ..access.login_failure import Kind, in_words
from ..access.subnet import subnet_of
from ..models import KnownAddress, LoginFailure

log = logging.getLogger(__name__)


class LoginForm(AdminAuthenticationForm):
    """Counts a try before the password is looked at, so that many at once count as many."""

    error_messages = AdminAuthenticationForm.error_messages | {
        "invalid_login": "No account here has this name and password. Capitals count in both.",
    }  # fmt: skip
    # Seconds to wait, where the password was not even looked at.
    wait = 0

    def clean(self) -> dict[str, Any]:
        name, address, now = self.cleaned_data.get("username"), self._address(), timezone.now()
        if not name or not self.cleaned_data.get("password"):
            return super().clean()
        known = KnownAddress.objects.knows(name, address)
        self.wait = LoginFailure.objects.reserve(Kind.PASSWORD, name, address, now, known=known)
        if self.wait:
            audit_login.sent_away(self.request, name)
            # No name: a password typed into the wrong field would be kept in the log.
            log.warning("A login from %s was sent away for %s seconds: too many wrong passwords.", address, self.wait)
            raise ValidationError(
                f"Too many wrong passwords. Try again in {in_words(self.wait)}, or reset your password.", code="wait"
            )
        cleaned = super().clean()
        LoginFailure.objects.forget(Kind.PASSWORD, name, address)
        KnownAddress.objects.note(self.get_user(), address, now)
        return cleaned

    def _address(self) -> str:
        return subnet_of(self.request.META.get("REMOTE_ADDR", "")) if self.request else ""
