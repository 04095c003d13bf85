"""Lists of what verbs write: to read only."""

from media.admin.lists import QuickList


class NeverWritten(QuickList):
    """A list to read only: its rows are written by verbs."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
