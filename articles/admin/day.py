"""The day: today and the week ahead on one page, a month to jump by, and moving what is coming to another moment."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone

from media.admin.refill import refused
from media.local_time import day_begins, elsewhere, happens_twice
from media.models import Site

from ..access.section_scope import SectionScope
from ..models import Article, CalendarLink, Section
from ..stories.day import Happening, Moment, Wanted, happenings, tasks
from ..stories.each_day import Span
from . import month
from .day_words import in_words
from .panel import colleagues
from .publish_form import MomentForm
from .requests import StaffRequest
from .story_pages import StoryAdmin, of_story, valid

DAYS_SHOWN = 8
"""Today and the seven days after it."""
SHOWN, SHOWN_ALONE, COUNTED = 15, 100, 100
"""How many of a day are shown among others and by themselves; and how many of each sort are counted."""
MOST_OVERDUE = 20


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what it asks wrongly is left out."""

    first: date
    month: date
    is_alone: bool
    section: Section | None
    person: Any

    @classmethod
    def read(cls, given: QueryDict, today: date, sections: Sequence[Section], people: Sequence[Any]) -> "Asked":
        first = _date(given.get("date", "")) or today
        return cls(
            first,
            (_date(given.get("month", "") + "-01") or first).replace(day=1),
            "alone" in given,
            next((each for each in sections if each.slug == given.get("section")), None),
            next((each for each in people if each.username == given.get("person")), None),
        )

    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(1 if self.is_alone else DAYS_SHOWN)]

    def link(self, **changed: str) -> str:
        """Return the query of the same page with something changed; an empty value leaves it out."""
        query = QueryDict(mutable=True)
        kept = {
            "date": f"{self.first}", "section": self.section.slug if self.section else "",
            "person": self.person.username if self.person else "",
        }  # fmt: skip
        query.update({name: value for name, value in (kept | changed).items() if value})
        return f"?{query.urlencode()}"


def page(model_admin: StoryAdmin, request: StaffRequest) -> HttpResponse:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    now, zone = timezone.now(), Site.objects.zone()
    sections, people = list(Section.objects.order_by("name")), list(colleagues())
    today = now.astimezone(zone).date()
    asked = Asked.read(request.GET, today, sections, people)
    wanted = _wanted(request, asked, sections)
    grid = month.days_of(asked.month)
    days = list(dict.fromkeys([*asked.days(), *grid]))
    spans = [(day, span) for day in days for span in _spans(day, zone, now)]
    told = sum(day in asked.days() for day, _ in spans)
    found = happenings(
        wanted, [span for _, span in spans], shown=SHOWN_ALONE if asked.is_alone else SHOWN, counted=COUNTED, told=told
    )
    by_day: dict[date, list[tuple[Span, Happening]]] = {}
    for (day, span), happening in zip(spans, found, strict=True):
        by_day.setdefault(day, []).append((span, happening))
    row = Row(request, now, frozenset(_in_reach(request, sections)))
    late = row.overdue(wanted, day_begins(today, zone))
    context: dict[str, Any] = {
        "asked": asked, "today": today, "now": now, "zone": str(zone), "sections": sections, "people": people,
        "overdue": late[:MOST_OVERDUE] if asked.first == today else (), "is_more_overdue": len(late) > MOST_OVERDUE,
        "days": [row.day(day, by_day[day], asked) for day in asked.days()],
        "month": month.table(asked, today, {day: _count(by_day[day]) for day in grid}),
        "earlier": asked.link(date=f"{asked.first - timedelta(days=7)}"),
        "later": asked.link(date=f"{asked.first + timedelta(days=7)}"),
        "to_today": asked.link(date=""), "whole": asked.link(),
        "calendar": calendar_address(request),
        "form": MomentForm(Article(site=Site.objects.default()), prefix="publish"),
    }  # fmt: skip
    return model_admin.page(request, "day.html", "The day", **context)


def _date(written: str) -> date | None:
    """Return the day that is written so, if it is one that can be shown with those around it."""
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        return None
    return day if 1000 < day.year < 9000 else None


def _wanted(request: StaffRequest, asked: Asked, sections: Sequence[Section]) -> Wanted:
    below = frozenset(_below({asked.section.pk}, sections)) if asked.section else None
    return Wanted(request.user, below, asked.person.pk if asked.person else None)


def _below(top: set[int], sections: Sequence[Section]) -> set[int]:
    """Return these sections and all below them, without a query."""
    found, size = set(top), 0
    while size < len(found):
        size = len(found)
        found |= {each.pk for each in sections if each.parent_id in found}
    return found


def _in_reach(request: StaffRequest, sections: Sequence[Section]) -> Iterator[int | None]:
    """Yield the sections in which this user may reschedule; None stands for stories without one."""
    if not request.user.has_perm("articles.publish_article"):
        return
    if SectionScope.objects.limits(request.user):
        yield from _below(SectionScope.objects.named(request.user), sections)
    else:
        yield from [None, *(each.pk for each in sections)]


def _spans(day: date, zone: Any, now: datetime) -> list[Span]:
    """Return the day as one span, or as what is past of it and what is to come."""
    begins, ends = day_begins(day, zone), day_begins(day + timedelta(days=1), zone)
    return [(begins, now), (now, ends)] if begins < now < ends else [(begins, ends)]


def _count(parts: Sequence[tuple[Span, Happening]]) -> tuple[int, bool]:
    """Return how much there is, and False if there is more than was counted."""
    return sum(part.count for _, part in parts), all(part.is_counted for _, part in parts)


@dataclass(frozen=True)
class Row:
    """Makes what the page shows of moments."""

    request: StaffRequest
    now: datetime
    in_reach: frozenset[int | None]

    def day(self, day: date, parts: Sequence[tuple[Span, Happening]], asked: Asked) -> dict[str, Any]:
        """Return what is shown of a day; what is past of today is a part of its own."""
        return {
            "date": day,
            "parts": [self._part(span, happening, len(parts) > 1) for span, happening in parts],
            "is_empty": not any(happening.count for _, happening in parts),
            "alone": asked.link(date=f"{day}", alone="1"),
        }

    def _part(self, span: Span, happening: Happening, is_split: bool) -> dict[str, Any]:
        more = happening.count - len(happening.moments)
        return {
            "is_past": span[1] <= self.now and is_split,
            "rows": [self.of(moment) for moment in happening.moments],
            "count": happening.count,
            "more": f"{more:,}" if happening.is_counted else f"more than {more:,}",
            "is_more": more > 0,
        }

    def overdue(self, wanted: Wanted, today: datetime) -> list[dict[str, Any]]:
        """Return what was due before today, and one more than is shown if there is more."""
        late = tasks(wanted).filter(due_at__lt=today).by_urgency()
        late = late.select_related("article__section", "article__owner", "article__lead_photo", "assignee")
        return [self.of(Moment("due", task.due_at, task)) for task in late[: MOST_OVERDUE + 1]]

    def of(self, moment: Moment) -> dict[str, Any]:
        shown = in_words(moment, self.now, self.request.user)
        return shown | {"moment": moment, "moves": self._moves(moment)}

    def _moves(self, moment: Moment) -> bool:
        if moment.kind != "live" or moment.at <= self.now:
            return False
        return moment.row.article.section_id in self.in_reach


# Subscribing


def subscribe(model_admin: StoryAdmin, request: StaffRequest) -> HttpResponse:
    """Give this colleague a private address for their calendar, in place of the one before."""
    return _acted(
        request,
        lambda: CalendarLink.objects.give(request.user),
        "Calendar address created. Copy it from “Subscribe in your calendar”.",
    )


def unsubscribe(model_admin: StoryAdmin, request: StaffRequest) -> HttpResponse:
    said = "Calendar address revoked. Calendars that use it are no longer updated."
    return _acted(request, lambda: CalendarLink.objects.revoke(request.user), said)


def _acted(request: StaffRequest, act: Callable[[], Any], said: str) -> HttpResponse:
    page = reverse("admin:articles_article_day")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        act()
    except PermissionDenied as error:
        return refused(request, page, error)
    messages.success(request, said)
    return HttpResponseRedirect(page)


def calendar_address(request: StaffRequest) -> str:
    """Return the address of this user's calendar; empty if they have none."""
    link = CalendarLink.objects.open().filter(user=request.user).first()
    return request.build_absolute_uri(reverse("calendar", args=[link.token])) if link else ""


# Moving


@of_story
def move(model_admin: StoryAdmin, request: StaffRequest, story: Article, number: int) -> HttpResponse:
    """Move a coming edition; with `check`, only answer what speaks against it and what the moment is on other clocks."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        edition = story.coming_edition(number)
        data = valid(MomentForm(story, request.POST, prefix="publish"))
        if not data.get("when_at"):
            raise ValidationError("Choose a new time.")
        times = elsewhere(data["when_at"], data["zone"], story.site.time_zone)
        with transaction.atomic():
            story.reschedule(edition, at=data["when_at"], by=request.user, time_zone=data["zone"])
            transaction.set_rollback("check" in request.POST)
    except (ValidationError, PermissionDenied) as error:
        return _refusal(request, error)
    if "check" not in request.POST:
        messages.success(request, f"“{story}” now goes live {times[0]}.")
    return JsonResponse({"times": times, "problems": []})


def _refusal(request: StaffRequest, error: ValidationError | PermissionDenied) -> JsonResponse:
    """Answer why it cannot be moved there, and whether the hour is to be chosen of two."""
    status = 403 if isinstance(error, PermissionDenied) else 422
    return JsonResponse(
        {"times": [], "problems": getattr(error, "messages", None) or [str(error)], "twice": _is_twice(request.POST)},
        status=200 if "check" in request.POST else status,
    )


def _is_twice(given: QueryDict) -> bool:
    try:
        return happens_twice(datetime.fromisoformat(given.get("publish-when", "")), given.get("publish-zone", ""))
    except (ValueError, OSError, LookupError):
        return False


VIEWS = [
    ("day/", page, "day"),
    ("day/subscribe/", subscribe, "subscribe"),
    ("day/unsubscribe/", unsubscribe, "unsubscribe"),
    ("<uuid:pk>/editions/<int:number>/move/", move, "move_edition"),
]
