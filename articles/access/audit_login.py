"""Who came, who was refused and who left, in the audit log. Receives Django's own signals, which every way in sends."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.mail import send_mail
from django.db import transaction
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.utils import timezone

from media.permissions import Actor

from ..history.audit import AuditEntry

NOTED_ONCE_IN = timedelta(minutes=15)


def connect() -> None:
    user_logged_in.connect(came, dispatch_uid="audit of accounts: came")
    user_logged_out.connect(left, dispatch_uid="audit of accounts: left")
    user_login_failed.connect(failed, dispatch_uid="audit of accounts: failed")
    post_save.connect(saved, sender=get_user_model(), dispatch_uid="audit of accounts: saved")


def came(sender: object, *, request: HttpRequest | None, user: Actor, **more: Any) -> None:
    AuditEntry.record("user.logged_in", at=timezone.now(), by=user, subject=str(user), note=whence(request))


def left(sender: object, *, request: HttpRequest | None, user: Actor | None, **more: Any) -> None:
    if user is not None:
        AuditEntry.record("user.logged_out", at=timezone.now(), by=user, subject=str(user), note=whence(request))


def failed(sender: object, *, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any) -> None:
    name = known_name(credentials.get("username"))
    AuditEntry.record("user.login_failed", at=timezone.now(), subject=name, note=whence(request))


def saved(sender: object, *, instance: Actor, created: bool, **more: Any) -> None:
    """Note a new password, wherever it was typed: at the desk, behind a link in a mail, or by a command.

    Django keeps what was typed until it is stored; a hash that is only made anew leaves nothing there. A colleague's
    account that is changed at the desk says `changed_by`: its owner gets a mail.
    """
    if created or instance._password is None:
        return
    by = getattr(instance, "changed_by", None)
    AuditEntry.record("user.password_changed", at=timezone.now(), by=by, subject=str(instance))
    if by is not None and by.pk != instance.pk and instance.email:
        transaction.on_commit(lambda: tell_owner(instance, by))


def tell_owner(user: Actor, by: Actor) -> None:
    """Mail a colleague that somebody else has set their password."""
    text = (
        f"{by.get_full_name() or by.get_username()} has set a new password for your account “{user.get_username()}”. If you "
        "did not ask for that, tell your administrators."
    )
    send_mail("Your password was changed", text, None, [user.email], fail_silently=True)


def sent_away(request: HttpRequest | None, name: str) -> None:
    """Note that somebody was not even let try a password; once in a quarter of an hour, however often they come."""
    now, about = timezone.now(), {"verb": "user.login_locked", "subject": known_name(name), "note": whence(request)}
    if not AuditEntry.objects.filter(at__gt=now - NOTED_ONCE_IN, **about).exists():
        AuditEntry.record(at=now, **about)


def known_name(name: str | None) -> str:
    """Return the name if a colleague bears it: a password typed into the wrong box must not stand in the log."""
    users = get_user_model().objects.filter(username__iexact=(name or "").replace("\0", ""))
    return users.values_list("username", flat=True).first() or "an unknown name"


def whence(request: HttpRequest | None) -> str:
    address = request.META.get("REMOTE_ADDR", "") if request is not None else ""
    return f"from {address}" if address else ""
