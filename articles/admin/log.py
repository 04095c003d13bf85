"""What was done: the audit log, to read and export; and the preview links that were shared."""

import csv
from datetime import datetime, tzinfo
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from media.admin.lists import WordFilter
from media.local_time import local

from ..history.log_words import in_words
from ..models import Article, AuditEntry, PreviewLink, SectionScope
from .lists import NeverWritten, QuickList
from .logged import Logged
from .requests import StaffRequest

COLUMNS = ("at", "verb", "by", "article", "subject", "note", "documents")
MOST = 100_000


class Echo:
    """A file that hands back what is written to it, so that a long export streams."""

    def write(self, value: str) -> str:
        return value


class VerbFilter(WordFilter):
    title, parameter_name = "what was done", "verb"

    def lookups(self, request: StaffRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return sorted([(verb, in_words(verb)) for verb in AuditEntry.verbs()], key=lambda each: each[1])


@admin.register(AuditEntry)
class AuditEntryAdmin(NeverWritten):
    list_display = ["at", "deed", "by", "subject", "note", "documents"]
    fields = ["at", "deed", "by", "subject", "note", "documents"]
    readonly_fields = ["deed"]
    list_filter = [VerbFilter, "at"]
    list_select_related = ["by"]
    search_fields = ["=verb", "subject", "note"]
    actions = ["export"]

    @admin.display(description="What was done", ordering="verb")
    def deed(self, entry: AuditEntry) -> str:
        return entry.deed

    def get_queryset(self, request: StaffRequest) -> QuerySet[AuditEntry]:
        """Leave out entries about stories the user may not see: they would reveal them."""
        listed = Article.restricted_to.through.objects.values("article")
        secret = Article.objects.filter(pk__in=listed).exclude(pk__in=Article.objects.visible_to(request.user))
        return super().get_queryset(request).filter(Q(article__isnull=True) | ~Q(article__in=secret.values("pk")))

    @admin.action(description="Export as CSV")
    def export(self, request: StaffRequest, entries: QuerySet[AuditEntry]) -> StreamingHttpResponse:
        rows = entries.values_list("at", "verb", "by__username", "article", "subject", "note", "documents")[:MOST]
        writer = csv.writer(Echo())
        zone = timezone.get_current_timezone()
        lines = (writer.writerow([_safe(value, zone) for value in row]) for row in [COLUMNS, *rows.iterator()])
        AuditEntry.record("log.exported", at=timezone.now(), by=request.user)
        name = f"log-{timezone.localtime():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            lines,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _safe(value: Any, zone: tzinfo) -> str:
    """Return the cell so that no spreadsheet reads it as a formula."""
    value = local(value, zone).isoformat() if isinstance(value, datetime) else value
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@admin.register(PreviewLink)
class PreviewLinkAdmin(NeverWritten):
    list_display = ["article", "note", "by", "created_at", "expires_at", "revoked_at"]
    list_filter = ["expires_at"]
    list_select_related = ["article", "by"]
    fields = ["article", "version", "note", "by", "created_at", "expires_at", "revoked_at"]
    actions = ["revoke"]

    def get_queryset(self, request: StaffRequest) -> QuerySet[PreviewLink]:
        return super().get_queryset(request).filter(article__in=Article.objects.visible_to(request.user))

    @admin.action(description="Revoke")
    def revoke(self, request: StaffRequest, links: QuerySet[PreviewLink]) -> None:
        for link in links:
            link.revoke(by=request.user)
        messages.success(request, "Revoked. These links no longer work.")


@admin.register(SectionScope)
class SectionScopeAdmin(Logged, QuickList):
    list_display = ["__str__"]
    filter_horizontal = ["sections"]

    def said_of(self, scope):
        return ", ".join(str(section) for section in scope.sections.all())
