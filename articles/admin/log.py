"""What was done: the audit log, to read and export; and the preview links that were shared."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from media.admin.lists import WordFilter
from media.spreadsheet import download

from ..history.log_words import in_words
from ..models import Article, AuditEntry, PreviewLink, SectionScope
from .lists import NeverWritten, QuickList
from .log_names import Names
from .logged import Logged
from .requests import StaffRequest

COLUMNS = ("at", "verb", "by", "article", "subject", "note", "documents")
MOST = 100_000


class VerbFilter(WordFilter):
    title, parameter_name = "what was done", "verb"

    def lookups(self, request: StaffRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return sorted([(verb, in_words(verb)) for verb in AuditEntry.verbs()], key=lambda each: each[1])


@admin.register(AuditEntry)
class AuditEntryAdmin(NeverWritten):
    list_display = ["at", "deed", "by", "about", "said", "documents"]
    fields = ["at", "deed", "by", "about", "said", "documents"]
    readonly_fields = ["deed", "about", "said"]
    list_filter = [VerbFilter, "at"]
    list_select_related = ["by"]
    search_fields = ["=verb", "subject", "note"]
    actions = ["export"]

    @admin.display(description="What was done", ordering="verb")
    def deed(self, entry: AuditEntry) -> str:
        return entry.deed

    @admin.display(description="subject")
    def about(self, entry: Any) -> str:
        return entry.names.subject(entry)

    @admin.display(description="note")
    def said(self, entry: Any) -> str:
        return entry.names.note(entry)

    def get_changelist_instance(self, request: StaffRequest) -> Any:
        """Ask once for the names behind the ids of a page."""
        changes = super().get_changelist_instance(request)
        names = Names(request, changes.result_list)
        for entry in changes.result_list:
            entry.names = names
        return changes

    def get_object(self, request: StaffRequest, object_id: str, from_field: str | None = None) -> Any:
        entry: Any = super().get_object(request, object_id, from_field)
        if entry:
            entry.names = Names(request, [entry])
        return entry

    def get_queryset(self, request: StaffRequest) -> QuerySet[AuditEntry]:
        """Leave out entries about stories the user may not see: they would reveal them."""
        listed = Article.restricted_to.through.objects.values("article")
        secret = Article.objects.filter(pk__in=listed).exclude(pk__in=Article.objects.visible_to(request.user))
        return super().get_queryset(request).filter(Q(article__isnull=True) | ~Q(article__in=secret.values("pk")))

    @admin.action(description="Export as CSV")
    def export(self, request: StaffRequest, entries: QuerySet[AuditEntry]) -> StreamingHttpResponse:
        AuditEntry.record("log.exported", at=timezone.now(), by=request.user)
        zone = timezone.get_current_timezone()
        head = [f"{name} ({zone})" if name == "at" else name for name in COLUMNS]
        return download(f"log-{timezone.localtime():%Y-%m-%d}", head, _cells(request, entries), zone)


def _cells(request: StaffRequest, entries: QuerySet[AuditEntry]) -> Iterator[tuple]:
    found = entries.select_related("by")[:MOST].iterator(chunk_size=1000)
    while rows := list(islice(found, 1000)):
        names = Names(request, rows)
        for row in rows:
            subject, note = names.subject_of_file(row), names.note(row)
            yield row.at, row.verb, row.by, row.article, subject, note, row.documents


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
