"""The desk's boards (expiring, killed, look-alikes to compare, restrictions to confirm, credits to check, slots) and the sheets it prints."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import DateTimeField, Min, Q, Value
from django.db.models.functions import Coalesce, Least
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from ..audience import ask
from ..ids import read_id
from ..models import Clearance, Notice, Photo, Site, Usage
from ..photos.photo import PhotoQuerySet
from . import look_alikes, restrictions
from .fees import sees_fees

MENU = [
    ("expiring", "Expiring"), ("killed", "Killed"), ("look-alikes", "Look-alikes to compare"),
    ("restrictions", "Restrictions to confirm"), ("credits", "Credits to check"), ("slots", "Slots to fill"),
]  # fmt: skip
PAGE = 40
# The boards where something is settled at once: their templates, and what each row shows besides.
SETTLING = {"restrictions": ("restrictions", restrictions.row), "look-alikes": ("look_alikes", look_alikes.row)}
# The sheet holds the ledger and the rights.
EVIDENCE = ("media.view_usage", "media.view_right")


class Boards:
    """The views of PhotoAdmin that show what the desk has to do."""

    def stories_of(self, request: HttpRequest, keys: list[UUID], now: datetime) -> dict:
        """Return the stories that show each photo; overridden by the app that has stories."""
        return {}

    def with_stories(self, request: HttpRequest, clearances: Iterable[Clearance]) -> list[tuple[Clearance, str]]:
        """Return each clearance with the name of its story; overridden by the app that has stories."""
        return [(row, "a story") for row in clearances]

    def board_urls(self, view: Callable[..., Any]) -> list[URLPattern]:
        return [
            path("board/<slug:name>/", view(self.board), name="media_photo_board"),
            path("contact-sheet/", view(self.sheet), name="media_photo_sheet"),
        ]

    def board(self, request: HttpRequest, name: str) -> TemplateResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if name not in dict(MENU):
            raise Http404
        now = timezone.now()
        days = 7 if request.GET.get("days") == "7" else 30
        found = board(name, now, days)
        page = Paginator(found, PAGE).get_page(request.GET.get("p"))
        stories = self.stories_of(request, [photo.pk for photo in page], now)
        site = Site.objects.default()
        template, more = SETTLING.get(name, ("board", lambda photo: {}))
        context = {
            "may_settle": request.user.has_perm("media.change_right"),
            "title": dict(MENU)[name], "menu": MENU, "name": name, "days": days, "page": page,
            "rows": [
                self.board_row(photo, site, now, days) | {"stories": stories.get(photo.pk, ())} | more(photo)
                for photo in page
            ],
        }  # fmt: skip
        return TemplateResponse(
            request, f"admin/media/desk/{template}.html", self.admin_site.each_context(request) | context
        )

    def board_row(self, photo: Photo, site: Site, now: datetime, days: int) -> dict:
        answers = photo.answers(now, [site])
        edge = photo.changes_after(now)
        notice = Notice.objects.filter(photos=photo.pk).first() if photo.state in {"killed", "withheld"} else None
        return {
            "photo": photo, "answers": answers, "decision": answers[0][2], "edge": edge if edge and edge <= now + timedelta(days=days) else None,
            "live": Photo.objects.filter(pk=photo.pk).live_articles(now),
            "drafts": ask().drafts(photo.pk), "notice": notice,
        }  # fmt: skip

    def sheet(self, request: HttpRequest) -> TemplateResponse:
        """Show a contact sheet of the chosen photos, in the order they were taken."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        keys = [read_id(key) for key in request.GET.get("ids", "").split(",") if key]
        if None in keys:
            raise Http404
        found = list(Photo.objects.filter(pk__in=keys[:400]).with_facts())
        found.sort(key=lambda photo: (photo.taken_at is None, photo.taken_at or photo.created_at))
        context = self.admin_site.each_context(request) | {"title": "Contact sheet", "photos": found}
        return TemplateResponse(request, "admin/media/desk/sheet.html", context)

    def evidence(self, request: HttpRequest, key: UUID) -> TemplateResponse:
        """Show the license, dates and pages of one photo, to print."""
        photo = self.get_object(request, str(key))
        if not (self.has_view_permission(request, photo) and request.user.has_perms(EVIDENCE)):
            raise PermissionDenied
        if photo is None:
            raise Http404
        context = self.admin_site.each_context(request) | {
            "title": "Evidence sheet", "photo": photo, "now": timezone.now(),
            "rights": photo.rights.select_related("licence", "by"), "uses": Usage.objects.filter(photo=photo.pk),
            "clearances": self.with_stories(request, photo.clearances.select_related("by")), "see_fees": sees_fees(request), "notices": Notice.objects.filter(photos=photo.pk),
            "answers": photo.answers(timezone.now()),
        }  # fmt: skip
        return TemplateResponse(request, "admin/media/desk/evidence.html", context)


def board(name: str, now: datetime, days: int = 30) -> PhotoQuerySet:
    """Return the photos of one board, in the order the desk should work on them."""
    photos = Photo.objects.with_facts()
    if name == "expiring":
        return soonest_first(photos.expiring(now, now + timedelta(days=days)), now)
    if name == "killed":
        return photos.killed()
    if name == "look-alikes":
        return photos.to_compare()
    if name == "slots":
        return photos.wanted()
    if name == "restrictions":
        return photos.ready().to_confirm()
    return photos.ready().to_check()


def soonest_first(photos: PhotoQuerySet, now: datetime) -> PhotoQuerySet:
    """Order photos by the first instant at which a right of theirs begins or ends."""
    of_houses = ("credit__agencies__rights", "credit__agencies__parent__rights")
    edges = [f"{rights}__{edge}" for rights in ("rights", *of_houses) for edge in ("starts", "until")]
    never = Value(datetime.max.replace(tzinfo=UTC), output_field=DateTimeField())
    first = [Coalesce(Min(edge, filter=Q(**{f"{edge}__gt": now})), never) for edge in edges]
    return photos.annotate(edge=Least(*first)).order_by("edge", "-id")
