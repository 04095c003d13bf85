"""A story's past: every version and what it changed, which was live when, and what readers saw on a day."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone

from media.models import Usage

from ..history import timeline
from ..models import Article, AuditEntry, Version
from ..stories.diff import changed_fields, changes, readable
from ..text.given import whole_number
from .labels import labels_of
from .requests import StaffRequest
from .story_pages import StoryAdmin, of_story, verb


class DayForm(forms.Form):
    on = forms.DateField(label="What did readers see on", widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.TimeField(required=False, label="at", widget=forms.TimeInput(attrs={"type": "time"}))

    def moment(self, zone: str) -> datetime:
        clock = self.cleaned_data["at"] or time(12)
        return datetime.combine(self.cleaned_data["on"], clock, ZoneInfo(zone))


@of_story
def versions(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    """Show the versions, newest first, with what each changed; `?old` and `?new` compare any two word by word."""
    rows = list(story.versions.select_related("by")[:200])
    spans = _live_spans(story)
    days = DayForm(request.GET if "on" in request.GET else None)
    context = {
        "now": timezone.now(),
        "versions": [_row(version, older, spans) for version, older in zip(rows, [*rows[1:], None], strict=False)],
        "comparison": _comparison(story, request.GET, rows),
        "days": days,
        "seen": seen_at(story, days.moment(story.site.time_zone)) if days.is_bound and days.is_valid() else None,
        "entries": AuditEntry.objects.filter(article=story.pk).select_related("by")[:50],
        "may_edit": story.is_editable_by(request.user),
    }
    return model_admin.page(request, "versions.html", f"History of “{story}”", story, **context)


def _row(version: Version, older: Version | None, spans: dict) -> dict:
    return {
        "version": version,
        "changed": changed_fields(older.content, version.content) if older else [],
        "older": older,
        "spans": spans.get(version.pk, []),
    }


def _live_spans(story: Article) -> dict:
    """Return by version the windows in which readers saw it."""
    editions = {edition.number: edition for edition in story.editions.all()}
    found: dict = {}
    for span in story.timeline():
        if not span.gone:
            until = None if span.live_until == timeline.FOREVER else span.live_until
            found.setdefault(editions[span.number].version_id, []).append((span.live_from, until, span.number))
    return found


def _comparison(story: Article, asked: QueryDict, rows: list[Version]) -> dict | None:
    numbers = {version.number: version for version in rows}
    old, new = (_number(asked.get(name)) for name in ("old", "new"))
    if old not in numbers or new not in numbers:
        return None
    before, after = numbers[old], numbers[new]
    labels = labels_of(before.content, after.content)
    return {"old": before, "new": after, "changes": changes(before.content, after.content, labels)}


def _number(text: str | None) -> int:
    return -1 if (number := whole_number(text)) is None else number


def seen_at(story: Article, moment: datetime) -> dict:
    """Return what readers saw at a moment: the edition's words, and the photos and credits the ledger holds."""
    window = timeline.at(story.timeline(), moment)
    edition = None if window is None or window.gone else story.editions.get(number=window.number)
    content = edition.version.content if edition else None
    return {
        "moment": moment,
        "edition": edition,
        "gone": bool(window and window.gone),
        "content": content,
        "text": readable(content["body"], labels_of(content)) if content else "",
        "uses": Usage.objects.filter(article=story.pk).live(moment).order_by("role", "pk") if edition else (),
    }


@verb
def restore(model_admin: StoryAdmin, request: StaffRequest, story: Article, number: int) -> str:
    version = get_object_or_404(story.versions, number=number)
    if str(story.revision) != request.POST.get("revision", str(story.revision)):
        raise ValidationError("Someone saved this story in the meantime. Check its history again first.")
    restored = story.restore(version, by=request.user, at=timezone.now())
    return f"Draft restored from version {number} (saved as version {restored.number}). Readers see no change until you publish."


VIEWS = [
    ("<uuid:pk>/versions/", versions, "versions"),
    ("<uuid:pk>/versions/<int:number>/restore/", restore, "restore"),
]
