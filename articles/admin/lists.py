"""Read-only lists of what verbs write."""

from django.db.models import Model
from django.http import HttpRequest

from media.admin.lists import QuickList


class NeverWritten(QuickList):
    """A read-only list: its rows are written by verbs."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
