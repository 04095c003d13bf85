"""Mail: where it goes while no mail server is named, and the password reset, which needs one."""

import logging
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from articles.access.login_failure import Kind, in_words
from articles.access.subnet import subnet_of
from articles.models import KnownAddress, LoginFailure

from . import sent_once
from .environment import NOWHERE

log = logging.getLogger(__name__)

MANY = "Several links were sent just now. Look for the newest one in your email, spam included, or try again in {wait}."
GONE = "No email can be sent at the moment. Try again in a few minutes, or ask your administrator for a new password."


class Nowhere(BaseEmailBackend):
    """Sends nothing and says so. What a mail says, and to whom, is never logged: it may hold a secret."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            log.warning("“%s” was not sent: no mail server is named. Set EMAIL_URL.", message.subject)
        return 0


def can_be_sent() -> bool:
    return settings.EMAIL_BACKEND != NOWHERE


def is_taken() -> bool:
    """Return True if the mail server lets us in now."""
    try:
        with get_connection():
            return True
    except OSError:
        log.exception("The mail server does not answer, or refuses us. See EMAIL_URL.")
        return False


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

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """Send the link unless too many were asked for; known and unknown addresses are counted alike."""
        if not sent_once.is_first(self.request):
            return HttpResponseRedirect(str(self.success_url))
        email = unicodedata.normalize("NFKC", form.cleaned_data["email"])
        address = subnet_of(self.request.META.get("REMOTE_ADDR", ""))
        wait = LoginFailure.objects.reserve(Kind.RESET, email, address, timezone.now())
        if wait:
            return self.refused(form, 429, MANY.format(wait=in_words(wait)), wait)
        # Asked for everybody alike: what only mail to known addresses could find out would tell which ones are known.
        return super().form_valid(form) if is_taken() else self.refused(form, 503, GONE, 60)

    def refused(self, form: PasswordResetForm, status: int, sentence: str, retry_after: int) -> HttpResponse:
        form.add_error("email", sentence)
        response = self.form_invalid(form)
        response.status_code, response["Retry-After"] = status, str(retry_after)
        return response


class PasswordResetConfirmView(auth.PasswordResetConfirmView):
    """Sets the new password. Wrong ones typed under this name before no longer count, and this place is known."""

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            LoginFailure.objects.forget(Kind.PASSWORD, self.user.get_username())
            KnownAddress.objects.note(self.user, subnet_of(self.request.META.get("REMOTE_ADDR", "")), timezone.now())
        return response
