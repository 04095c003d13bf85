"""Mail: where it goes while no mail server is named, and the password reset, which needs one."""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest, HttpResponse

from .environment import NOWHERE

log = logging.getLogger(__name__)


class Nowhere(BaseEmailBackend):
    """Sends nothing and says so. What a mail says, and to whom, is never logged: it may hold a secret."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            log.warning("“%s” was not sent: no mail server is named. Set EMAIL_URL.", message.subject)
        return 0


def can_be_sent() -> bool:
    return settings.EMAIL_BACKEND != NOWHERE


class PasswordResetView(auth.PasswordResetView):
    """Mails a link to choose a new password, or says who can help while no mail can be sent."""

    @property
    def extra_context(self) -> dict[str, Any]:
        return {"can_mail": can_be_sent()}

    @property
    def extra_email_context(self) -> dict[str, Any]:
        # Never the Host header: whoever sends the form chooses it, and would be sent the colleague's token.
        return {"public_url": settings.PUBLIC_URL}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if can_be_sent() else self.get(request, *args, **kwargs)
