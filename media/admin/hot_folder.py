"""The hot folder in the admin: a rule for each of its folders, and which files were not taken."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from ..models import FolderRule, UntakenFile
from ..rights.meaning import meaning
from ..rights.restrictions import read
from .lists import SearchedList


@admin.register(FolderRule)
class FolderRuleAdmin(SearchedList):
    list_display = ["__str__", "agency", "kind", "instructions"]
    list_select_related = ["agency"]
    search_fields = ["folder", "agency__name"]
    autocomplete_fields = ["agency"]
    readonly_fields = ["understood"]
    fields = ["folder", "agency", "kind", "instructions", "understood"]

    @admin.display(description="Understood as")
    def understood(self, rule: FolderRule) -> str:
        """Say what the saved instructions forbid, so that nobody learns it from a story without its photo."""
        if not rule.instructions:
            return "–"
        zone = timezone.get_current_timezone()
        reading = read(rule.instructions, timezone.now(), zone)
        lines = [meaning(each, zone) for each in reading.restrictions]
        lines += [f"not understood: “{words}”" for words in reading.unread]
        return format_html(
            '<ul class="plain">{}</ul>', format_html_join("", "<li>{}</li>", ((line,) for line in lines))
        )


@admin.register(UntakenFile)
class UntakenFileAdmin(SearchedList):
    list_display = ["path", "sentence", "at"]
    search_fields = ["path", "sentence"]
    list_display_links = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
