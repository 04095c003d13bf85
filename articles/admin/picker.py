"""What the photo picker asks for: photos with their rights, and names to filter them by.

Every answer is JSON for logged-in staff; a refusal is `{"detail": "a sentence"}` with 400, 401 or 403.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import DataError
from django.db.models import Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from articles.directory import appearance
from articles.models import Person
from articles.text.given import whole_number
from articles.text.sanitizer import uuid
from media.credits.house_style import HouseStyle, understood
from media.models import Agency, CollectedPhoto, Collection, Photo, Site
from media.photos.facets import taken_choices
from media.photos.finding import MOST_FOUND
from media.photos.findings import SILENT, badges
from media.photos.photo import PhotoQuerySet
from media.rights.bearing import rights_on
from media.rights.decision import Use
from media.rights.quotas import count_uses
from media.typed_words import typed_words

from .requests import StaffRequest

View = Callable[..., HttpResponse]

PAGE = 40
MOST_IDS = 400
RECENT = timedelta(days=7)


def staff(permission: str = "") -> Callable[[View], View]:
    """Let only colleagues in, those with this permission if one is named, and tell the others why in a sentence."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = answer(request, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            return response

        def answer(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = request.user
            if not (user.is_active and user.is_staff):
                return refusal("Your login has expired. Log in again in another tab, then go on here.", 401)
            if permission and not user.has_perm(permission):
                return refusal("Your role does not include this. Ask an administrator.", 403)
            try:
                return view(request, *args, **kwargs)
            except BadRequest as error:
                return refusal(str(error), 400)
            except (OverflowError, DataError, UnicodeError):
                return refusal("This search contains something that can’t be used. Change it and try again.", 400)

        return checked

    return decorate


def refusal(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"detail": sentence}, status=status)


# ---- photos ----------------------------------------------------------------------------------------------------------


@require_GET
@staff("media.view_photo")
def photos(request: StaffRequest) -> JsonResponse:
    """Return one page of photos for the grid, newest first, the best first for words; or, with `ids`, exactly these (slots and killed ones too)."""
    now = timezone.now()
    site = _site(request)
    use = site.use(now, placement=_placement(request), article=uuid(request.GET.get("article", "")), new=True)
    if "ids" in request.GET:
        wanted = [key for text in request.GET["ids"].split(",")[:MOST_IDS] if (key := uuid(text))]
        rows = list(_facts(Photo.objects.filter(pk__in=wanted), use))
        return _answer(request, {"photos": _cards(rows, use, site.house_style), "next": None})
    words, meant = Photo.objects.look_for(request.GET.get("q", ""))
    found, after, only_usable = _filtered(request, now), request.GET.get("after", ""), "usable" in request.GET
    if words.strip():
        page = _ranked(_facts(found.search(words), use), after, use, site.house_style, only_usable=only_usable)
    else:
        page = _page(_facts(_after(found, after), use), use, site.house_style, only_usable=only_usable)
    return _answer(request, page | {"meant": meant})


def _answer(request: StaffRequest, page: dict) -> JsonResponse:
    """Answer with a page, and say if this colleague may change what its photos say."""
    return JsonResponse(page | {"may_change": request.user.has_perm("media.change_photo")})


def _page(found: PhotoQuerySet, use: Use, style: HouseStyle, *, only_usable: bool) -> dict:
    rows = list((found.usable(use) if only_usable else found)[: PAGE + 1])
    shown = _shown(rows[:PAGE], use, style, only_usable)
    return {"photos": shown, "next": _cursor(rows[PAGE - 1]) if len(rows) > PAGE else None}


def _ranked(found: PhotoQuerySet, after: str, use: Use, style: HouseStyle, *, only_usable: bool) -> dict:
    """Return a page of a search, whose order is not that of time: it goes on after so many photos."""
    start = whole_number(after or 0, MOST_FOUND)
    if start is None:
        raise BadRequest("This page of photos does not exist. Search again.")
    rows = list((found.usable(use) if only_usable else found)[start : start + PAGE + 1])
    shown = _shown(rows[:PAGE], use, style, only_usable)
    return {"photos": shown, "next": str(start + PAGE) if len(rows) > PAGE else None}


def _shown(rows: list[Photo], use: Use, style: HouseStyle, only_usable: bool) -> list[dict]:
    """Return their cards. Quotas and clearances are not checked in SQL, so a page of usable photos may be shorter."""
    cards = _cards(rows, use, style)
    return [card for card in cards if card["usable"]] if only_usable else cards


def _facts(found: PhotoQuerySet, use: Use) -> PhotoQuerySet:
    found = found.with_facts().prefetch_related("people__person")
    return found.prefetch_related("clearances") if use.article else found


def _filtered(request: StaffRequest, now: datetime) -> PhotoQuerySet:
    given = request.GET
    found = Photo.objects.ready().order_by("-created_at", "-id")
    if name := given.get("agency", "").strip():
        found = found.of_agencies(Agency.objects.filter(name__icontains=name).order_by().values("pk"))
    if given.get("person", "").strip():
        found = found.filter(pk__in=appearance.showing(given["person"]))
    if name := given.get("uploader", "").strip():
        found = found.filter(uploaded_by__in=_colleagues(name).order_by().values("pk"))
    if given.get("kind", "") in Photo.Kind.values:
        found = found.filter(kind=given["kind"])
    if given.get("collection", "").strip():
        named = Collection.objects.visible_to(request.user).filter(name__icontains=given["collection"].strip())
        found = found.filter(
            pk__in=CollectedPhoto.objects.filter(collection__in=named.order_by().values("pk")).values("photo")
        )
    if (like := uuid(given.get("like", ""))) is not None:
        found = found.alike(Photo(pk=like))
    if "mine" in given:
        found = found.filter(uploaded_by=request.user)
    if "recent" in given:
        found = found.filter(created_at__gt=now - RECENT)
    return found.taken_in(given.get("taken", ""), now)


def _colleagues(typed: str) -> QuerySet:
    """Return the colleagues who uploaded photos and whose name, or login name, holds each word."""
    found = Photo.objects.uploaders()
    for word in typed_words(typed):
        parts = Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word)
        found = found.filter(parts)
    return found


def _cursor(photo: Photo) -> str:
    return f"{photo.created_at.isoformat()}~{photo.pk}"


def _after(found: PhotoQuerySet, cursor: str) -> PhotoQuerySet:
    """Return what follows the photo a page ended with."""
    if not cursor:
        return found
    instant, _, key = cursor.partition("~")
    created_at, pk = parse_datetime(instant), uuid(key)
    if created_at is None or pk is None:
        raise BadRequest("This page of photos does not exist. Search again.")
    return found.filter(created_at__lte=created_at).exclude(created_at=created_at, pk__gte=pk)


def _cards(rows: list[Photo], use: Use, style: HouseStyle) -> list[dict]:
    count_uses(rows, use.at, use.article)
    live = Photo.objects.live_stories(rows, use.at)
    return [card(row, use, style) | {"live": live.get(row.pk, 0)} for row in rows]


def card(photo: Photo, use: Use, style: HouseStyle) -> dict:
    """Return what an editor sees of a photo before and after choosing it."""
    house, decision = photo.house_caption, photo.usable(use)
    quotas = [right.quota_left() for right in rights_on(photo) if right.quota is not None and right.effect == "allow"]
    return {
        "id": str(photo.pk),
        "state": photo.state,
        "caption": house.text if house else "",
        "alt": house.alt if house else "",
        "decorative": bool(house and house.decorative),
        "credit": photo.credit.line(style) if photo.credit else "",
        "credit_line": photo.credit_line,
        "understood": understood(photo.credit.chains) if photo.credit and not photo.credit.needs_check else "",
        "needs_check": bool(photo.credit and photo.credit.needs_check),
        "badges": [asdict(badge) for badge in badges(photo, use, decision, SILENT)],
        "usable": decision.usable,
        "reason": decision.reason,
        "to_clear": decision.to_clear,
        "conditions": sorted(decision.conditions),
        "quota_left": max(0, min(quotas)) if quotas else None,
        "people": [link.person.name for link in photo.people.all()],
        "event": photo.event,
        "width": photo.width,
        "height": photo.height,
        "color": photo.dominant_color,
        "thumb": f"/admin/media/photo/{photo.pk}/thumb/{{width}}/?v={photo.version}" if photo.version else None,
        "url": f"/admin/media/photo/{photo.pk}/change/",
    }


def _site(request: StaffRequest) -> Site:
    key = whole_number(request.GET.get("site"))
    return (None if key is None else Site.objects.filter(pk=key).first()) or Site.objects.default()


def _placement(request: StaffRequest) -> str:
    asked = request.GET.get("placement", "body")
    return asked if asked in {"lead", "body", "gallery", "card"} else "body"


@require_GET
@staff("media.view_photo")
def similar(request: StaffRequest, key: UUID) -> JsonResponse:
    """Return how many photos that can be chosen look like this one."""
    return JsonResponse({"count": Photo.objects.ready().alike(Photo(pk=key)).count()})


@require_GET
@staff("media.view_photo")
def names(request: StaffRequest, kind: str) -> JsonResponse:
    """Return names that match what is typed into a filter so far."""
    typed = request.GET.get("q", "")
    if kind == "uploader":
        return JsonResponse({"names": [user.get_full_name() or user.username for user in _colleagues(typed)[:20]]})
    found: QuerySet
    if kind == "collection":
        found = Collection.objects.visible_to(request.user).filter(name__icontains=typed.strip())
    else:
        found = Agency.objects.suggested(typed) if kind == "agency" else Person.objects.search(typed)
    return JsonResponse({"names": list(found.values_list("name", flat=True)[:20])})


@require_GET
@staff("media.view_photo")
def facets(request: StaffRequest) -> JsonResponse:
    """Return the kinds and the spans of time that photos are narrowed to, each as [value, name]."""
    return JsonResponse({"kind": Photo.Kind.choices, "taken": taken_choices(timezone.now())})
