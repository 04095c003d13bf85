"""Who can hand out permissions: nobody gives what they do not hold, and superusers are changed by superusers alone."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from media.permissions import Actor


def held_by(user: Actor) -> QuerySet[Permission]:
    """Return the permissions of a colleague, also of one who cannot log in at the moment."""
    if user.is_superuser:
        return Permission.objects.all()
    return Permission.objects.filter(Q(user=user) | Q(group__user=user)).distinct()


def is_beyond(user: Actor, by: Actor) -> bool:
    """Return True if this colleague can do more than `by`: their account is not for `by` to change."""
    if by.is_superuser:
        return False
    return user.is_superuser or held_by(user).exclude(pk__in=held_by(by).values("pk")).exists()


def not_held(by: Actor, groups: Iterable[Group] = (), permissions: Iterable[Permission] = ()) -> list[str]:
    """Return the names of those permissions, of groups and single ones, that `by` cannot give."""
    if by.is_superuser:
        return []
    given = Permission.objects.filter(Q(group__in=groups) | Q(pk__in=[each.pk for each in permissions]))
    beyond = given.exclude(pk__in=held_by(by).values("pk")).distinct().select_related("content_type")
    return [code_of(permission) for permission in beyond]


def of_user(user: Actor) -> set[str]:
    """Return what the log says of a colleague's privileges, as they are stored."""
    flags = type(user).objects.filter(pk=user.pk).values("is_active", "is_staff", "is_superuser").first() or {}
    groups = Group.objects.filter(user=user).values_list("name", flat=True)
    own = Permission.objects.filter(user=user).select_related("content_type")
    return {
        *(name.removeprefix("is_") for name, is_set in flags.items() if is_set),
        *(f"group {name}" for name in groups), *map(code_of, own),
    }  # fmt: skip


def of_group(group: Group) -> set[str]:
    return set(map(code_of, Permission.objects.filter(group=group).select_related("content_type")))


def difference(before: set[str], after: set[str]) -> str:
    """Return in words what was given and taken; nothing if nothing was."""
    found = {"given": after - before, "taken": before - after}
    return "; ".join(f"{word}: {', '.join(sorted(names))}" for word, names in found.items() if names)


def code_of(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"
