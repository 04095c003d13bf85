"""Who may: every verb asks here, whoever called it."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied

Actor = AbstractBaseUser


def require(by, permission: str, *, to: str) -> None:
    """Raise PermissionDenied unless `by` holds `permission`; `by=None` is the system itself (commands only).

    `to` completes the sentence "You may not …".
    """
    if by is not None and not (by.is_active and by.has_perm(permission)):
        raise PermissionDenied(f"You may not {to}. Ask an administrator for the permission “{permission}”.")
