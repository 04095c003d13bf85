"""Permissions: every verb checks here, whoever called it."""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied

# Who does it: a person, or a program with a user of its own. In `by: Actor | None`, None is the system itself.
Actor = AbstractUser


def require(by: Actor | None, permission: str, *, to: str) -> None:
    """Raise PermissionDenied unless `by` holds `permission`; `by=None` is the system itself (commands only).

    `to` completes the sentence "You may not …".
    """
    if by is not None and not (by.is_active and by.has_perm(permission)):
        raise PermissionDenied(f"You can’t {to}. Ask an administrator for the permission “{permission}”.")
