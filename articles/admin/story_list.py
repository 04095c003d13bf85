"""The list of stories: its columns, filters and search, the filters kept above it, and what is done to many at once."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from media.words import search_terms

from ..models import Article, LiveDocument, Person, Section, StoryEntry, Task, Work
from ..stories import finding
from . import bulk, publishing, saved_filters
from .colleagues import name_of
from .lists import QuickList
from .pictures import thumbnail
from .requests import StaffRequest


class LiveFilter(admin.SimpleListFilter):
    title = "live state"
    parameter_name = "live"

    def lookups(self, request: StaffRequest, model_admin: admin.ModelAdmin) -> list[tuple[Any, str]]:
        return [
            ("now", "live now"), ("today", "went live today"), ("coming", "scheduled"), ("never", "never published"),
            ("gone", "gone"),
        ]  # fmt: skip

    def queryset(self, request: StaffRequest, stories: QuerySet[Article]) -> QuerySet[Article]:
        now, midnight = timezone.now(), _midnight()
        documents = LiveDocument.objects.filter(article=models.OuterRef("pk"))
        answers: dict[str | None, Any] = {
            "now": models.Exists(documents.live(now)),
            "today": models.Exists(documents.live(now).filter(published_at__gte=midnight)),
            "coming": models.Exists(documents.filter(status=200, live_from__gt=now)),
            "never": models.Q(editions__isnull=True),
            "gone": models.Exists(documents.answering(now).filter(status=410)),
        }
        return stories.filter(answers[self.value()]) if self.value() in answers else stories


def _midnight() -> Any:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


class MineFilter(admin.SimpleListFilter):
    title = "whose"
    parameter_name = "whose"

    def lookups(self, request: StaffRequest, model_admin: admin.ModelAdmin) -> list[tuple[Any, str]]:
        return [("mine", "mine"), ("assigned", "assigned to me"), ("photo_desk", "photos to clear")]

    def queryset(self, request: StaffRequest, stories: QuerySet[Article]) -> QuerySet[Article]:
        if self.value() == "mine":
            return stories.filter(owner=request.user)
        if self.value() == "assigned":
            tasks = request.user.tasks.filter(done_at__isnull=True)
            return stories.filter(pk__in=tasks.values("article"))
        if self.value() == "photo_desk":
            return stories.filter(pk__in=Task.objects.unfinished().filter(desk="photo").values("article"))
        return stories


class SavedWithin(admin.SimpleListFilter):
    """Counted back from today, so that a kept filter means the same tomorrow."""

    title = "saved"
    parameter_name = "saved"
    days = {"today": 0, "week": 6, "month": 30, "year": 365}

    def lookups(self, request: StaffRequest, model_admin: admin.ModelAdmin) -> list[tuple[Any, str]]:
        return [
            ("today", "today"), ("week", "in the last 7 days"), ("month", "in the last month"), ("year", "in the last year"),
        ]  # fmt: skip

    def queryset(self, request: StaffRequest, stories: QuerySet[Article]) -> QuerySet[Article]:
        days = self.days.get(self.value() or "")
        return stories if days is None else stories.filter(saved_at__gte=_midnight() - timedelta(days=days))


class AboutFilter(admin.SimpleListFilter):
    """The stories about one person or work; their page leads here."""

    title = "about"
    parameter_name = "about"

    def lookups(self, request: StaffRequest, model_admin: admin.ModelAdmin) -> list[tuple[Any, str]]:
        self.topic = topic_of(self.value() or "")
        return [(self.value(), str(self.topic))] if self.topic else []

    def queryset(self, request: StaffRequest, stories: QuerySet[Article]) -> QuerySet[Article]:
        return stories.filter(pk__in=self.topic.stories().values("pk")) if self.topic else stories


def topic_of(value: str) -> Person | Work | None:
    """Return the person or work that a value such as "person-12" names, or None."""
    kind, _, key = value.partition("-")
    model: Any = {"person": Person, "work": Work}.get(kind)
    return model.objects.filter(pk=int(key[:18])).first() if model and key.isdecimal() else None


class SectionFilter(admin.SimpleListFilter):
    title = "section"
    parameter_name = "section"

    def lookups(self, request: StaffRequest, model_admin: admin.ModelAdmin) -> list[tuple[Any, str]]:
        return [(str(key), name) for key, name in Section.objects.order_by("name").values_list("pk", "name")]

    def queryset(self, request: StaffRequest, stories: QuerySet[Article]) -> QuerySet[Article]:
        return stories.filter(section=self.value()) if (self.value() or "").isdigit() else stories  # type: ignore[misc]


class StoryList(QuickList):
    """The part of the admin of stories that is their list."""

    list_display = ["picture", "headline_line", "status", "section_name", "owner_name", "saved"]
    list_display_links = None
    list_filter = [MineFilter, "stage", LiveFilter, SectionFilter, "kind", SavedWithin, AboutFilter]
    list_select_related = ["section", "owner", "lead_photo"]
    search_fields = ["headline"]  # It says that there is a search; `get_search_results` says which.
    search_help_text = "Searches headlines, text, captions, bylines, people and works. Put a phrase in quotes; put a minus before words you don’t want."  # fmt: skip
    sortable_by = ["saved"]
    actions = list(bulk.ACTIONS)
    actions_selection_counter = True

    def get_actions(self, request: StaffRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        may = {action.__name__ for action in bulk.ACTIONS if bulk.may(request.user, action.__name__)}
        return {name: action for name, action in found.items() if name in may}

    def get_search_results(
        self, request: StaffRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        is_box, text = request.path.endswith("/autocomplete/"), search_term.strip()
        if text:
            queryset = finding.narrow(queryset, text, finding.asked(text), in_headlines=is_box)
        return (queryset.only("pk", "headline") if is_box else queryset if text else queryset.defer("body")), False

    def get_changelist_instance(self, request: StaffRequest) -> ChangeList:
        changes = super().get_changelist_instance(request)
        changes.result_list = list(changes.result_list)
        models.prefetch_related_objects(changes.result_list, publishing.present_documents())
        if changes.query.strip():
            _say_where(changes)
        return changes

    def changelist_view(self, request: StaffRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"title": "Stories"} | (saved_filters.bar(request) if request.method == "GET" else {})
        return super().changelist_view(request, (extra_context or {}) | context)

    # Columns

    @admin.display(description="")
    def picture(self, story: Article) -> SafeString:
        return thumbnail(story.lead_photo)

    @admin.display(description="headline")
    def headline_line(self, story: Article) -> SafeString:
        headline, where = getattr(story, "found", None) or (story.headline, "")
        link = format_html('<a href="{}">{}</a>', story.get_absolute_url(), headline)
        return format_html('{}<span class="found-in">{}</span>', link, where) if where else link

    @admin.display(description="status")
    def status(self, story: Article) -> SafeString:
        """What readers have of it and how far the working copy has come; a live story is ready unless it says more."""
        live = publishing.live_pill(story)
        if live and story.stage == Article.Stage.READY:
            return live
        return format_html('{} <span class="pill pill-{}">{}</span>', live, story.stage, story.get_stage_display())

    @admin.display(description="section")
    def section_name(self, story: Article) -> str:
        return story.section.name if story.section else "–"

    @admin.display(description="owner")
    def owner_name(self, story: Article) -> str:
        return name_of(story.owner) if story.owner else "–"

    @admin.display(description="saved", ordering="saved_at")
    def saved(self, story: Article) -> SafeString:
        """Today by the hour, before by the day."""
        local, today = timezone.localtime(story.saved_at), timezone.localdate()
        short = (
            "TIME_FORMAT"
            if local.date() == today
            else "SHORT_DATE_FORMAT"
            if local.year == today.year
            else "DATE_FORMAT"
        )
        said = (story.saved_at.isoformat(), date_format(local, "DATETIME_FORMAT"), date_format(local, short))
        return format_html('<time datetime="{}" title="{}">{}</time>', *said)


def _say_where(changes: Any) -> None:
    """Mark the words in what was found; where nothing was, say what may have been meant."""
    query = finding.asked(changes.query)
    where = finding.snippets(changes.result_list, query)
    for story in changes.result_list:
        headline = search_terms.highlight(story.headline, query)
        # Both are escaped where they are highlighted.
        story.found = mark_safe(headline), mark_safe(where[story.pk])  # noqa: S308
    if not changes.result_list:
        meant = finding.meant(changes.root_queryset, query)
        changes.meant = meant and (str(meant), changes.get_query_string({"q": str(meant)}, ["p"]))
    changes.is_unread = StoryEntry.objects.unread().exists()


VIEWS: list[Any] = [*saved_filters.VIEWS, *bulk.VIEWS]
