"""Delivers renditions. Every request asks one question: may this photo be seen now?"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.db.models import Exists
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response

from .. import cache_tags
from ..audience import ask
from ..credits.credit import PhotoCredit
from ..files import imaging, store
from ..methods import reads_only
from ..problem_json import problem_json
from ..rights import decision as rights
from ..rights.bearing import FIRST, chains_of
from ..rights.decision import Decision, Use
from ..rights.right import Right
from ..site import Site
from . import on_demand
from .photo import Photo
from .rendition import Rendition

log = logging.getLogger(__name__)
DAY = 86_400
BRIEF = 30
ASKABLE = frozenset(width for crop in imaging.CROPS.values() for width in crop.widths)


@reads_only
def rendition(request: HttpRequest, photo: UUID, version: str, crop: str, width: int, format: str) -> HttpResponseBase:
    """Answer with the file, made now if need be; 410 once the photo may not be shown any more, 404 before it is public."""
    at = timezone.now()
    if crop not in imaging.CROPS or format not in imaging.FORMATS:
        return problem(404, "There is no such picture.")
    rows = list(Rendition.objects.asked_for(photo, crop, format, at))
    known = rows[0] if rows else Photo.objects.asked_for(photo, at)
    if known is None:
        return problem(404, "There is no such picture.")
    subject = known.photo if isinstance(known, Rendition) else known
    previewed = not known.is_public and ask().may_preview(subject, request.GET.get("preview", ""), at)
    decision, edge = decide(subject, at) if known.is_public or previewed else (None, None)
    if refused := _refused(known, subject, crop, decision, previewed=previewed):
        return refused
    asked = Asked(subject, version, crop, width, format, decision)
    return _answer(request, asked, rows, known.is_public, room_until(edge, at))


def _refused(known: Any, photo: Photo, crop: str, decision: Decision | None, *, previewed: bool) -> HttpResponse | None:
    """Return why readers get no file of this photo, if they get none; `known` knows who may see it."""
    if photo.state != Photo.State.READY:
        return problem(410, "This picture is no longer available.")
    if decision is None:
        return problem(410 if known.was_public else 404, "This picture is not available.")
    if not decision and not previewed:
        return problem(410, "This picture is no longer available.")
    if "no_crop" in decision.conditions and crop != "full":
        return problem(404, "This picture may not be cropped: ask for the crop “full”.")
    return None


@dataclass(frozen=True)
class Asked:
    """A file that readers may see, as its address names it."""

    photo: Photo
    version: str
    crop: str
    width: int
    format: str
    decision: Decision

    @property
    def widths(self) -> list[int]:
        """Return the widths of the present version's files that may be shown, narrowest first."""
        sizes = imaging.rendition_sizes(self.photo.width, self.photo.height, self.crop)
        return [width for width, _ in sizes if width_allowed(width, self.decision)]

    def best(self, widths: list[int]) -> int:
        """Return the largest of these widths that is not beyond the one asked for, else the narrowest."""
        return max((each for each in widths if each <= self.width), default=widths[0])

    def found(self, rows: list[Rendition]) -> Rendition | None:
        """Return the file asked for, of those there are; of a version that is over, the nearest."""
        there = {
            row.width: row for row in rows if row.version == self.version and width_allowed(row.width, self.decision)
        }
        widths = self.widths if self.version == self.photo.version else sorted(there)
        return there.get(self.best(widths)) if widths else None

    def made(self) -> Rendition | None:
        """Return the file asked for, made now, if it is one of the present version and this is the time and place."""
        if self.version != self.photo.version or not self.widths:
            return None
        return on_demand.make(self.photo, self.crop, self.best(self.widths), self.format)

    def stand_in(self) -> Rendition | None:
        """Return the next file that exists: of the same crop if there is one, of the nearest width, of any format."""
        # Asked again of the database, for making one that is not kept took its time.
        ready = Rendition.objects.filter(photo=self.photo, photo__state=Photo.State.READY)
        there = ready.filter(version=self.version, crop__in=[self.crop, "full"])
        rows = [row for row in there if width_allowed(row.width, self.decision)]
        is_far = lambda row: (row.crop != self.crop, abs(row.width - self.width), row.format != self.format)  # noqa: E731
        return min(rows, key=is_far, default=None)


def room_until(edge: datetime | None, at: datetime) -> int:
    return DAY if edge is None else max(0, min(DAY, int((edge - at).total_seconds())))


def _answer(request: HttpRequest, asked: Asked, rows: list[Rendition], is_public: bool, room: int) -> HttpResponseBase:
    if asked.width not in ASKABLE and asked.width not in asked.widths:
        return problem(404, "There is no picture of this width.")
    row = asked.found(rows) or asked.made()
    is_final, row = row is not None, row or asked.stand_in()
    if row is None:
        return _newer(asked)
    if settings.PHOTO_SERVING == "redirect":
        response, room = signed(row, room if is_final else min(room, BRIEF))
    else:
        unchanged = get_conditional_response(request, etag=row.etag) if is_final else None
        response = unchanged or hand_over(row)
        if response.status_code >= 400:
            return response
        if is_final:
            response["ETag"] = row.etag
    is_kept = is_public and is_final
    response["Cache-Control"] = f"public, max-age={room}, s-maxage={room}" if is_kept else "private, no-store"
    for name, value in cache_tags.headers([f"photo:{row.photo_id}"]).items():
        response[name] = value
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def width_allowed(width: int, decision: Decision) -> bool:
    return decision.max_width is None or width <= decision.max_width


def _newer(asked: Asked) -> HttpResponseBase:
    """Redirect from a version that was swept to the current one."""
    present = asked.photo.delivered.get("version")
    if not present or present == asked.version:
        return problem(404, "There is no such picture.")
    # Relative, for whoever passes photos on may have put a folder before the path (Site.media_base).
    response = HttpResponseRedirect(f"../{present}/{asked.crop}-{asked.width}.{asked.format}")
    response["Cache-Control"] = f"public, max-age={BRIEF}"
    return response


def decide(photo: Photo, at: datetime) -> tuple[Decision, datetime | None]:
    """Return whether any place where the photo is live now may show it, and until when that holds by itself.

    One allowed use is enough, because a file does not know its page: of a live story, in a channel of its title, at
    the places of the photo's role.
    """
    several = PhotoCredit.objects.composites().filter(pk=photo.credit_id)
    rows = list(Right.objects.bearing_on(photo).annotate(is_of_several=Exists(several)))
    if not rows:
        return rights.decide([], Use(at), photo.kind), None
    whole = Photo.objects.with_facts().get(pk=photo.pk) if rows[0].is_of_several else None
    chains = chains_of(whole) if whole else FIRST
    decisions, edges = [], []
    for story, uses in _uses(photo, rows, at).items():
        rules = whole.rules(story) if whole else [row.rule(story) for row in rows]
        found = rights.widest([rights.decide(rules, use, photo.kind, chains) for use in uses])
        edges += [edge] if (edge := rights.next_edge(rules, at)) else []
        decisions.append(found)
        if found.is_free:
            break
    return rights.widest(decisions), min(edges, default=None)


def _uses(photo: Photo, rows: list[Right], at: datetime) -> dict[UUID | None, list[Use]]:
    """Return how the photo is used now, by story where a right is about single ones.

    Where no live story shows it (a portrait, a preview), every place of every title counts.
    """
    sites = {site.pk: site for site in Site.objects.all()}
    by_story = any(row.article or row.days_from == Right.DaysFrom.EACH_USE for row in rows)
    roles = ask().live_roles(photo.pk, at, by_story=by_story) or [(key, "any", None) for key in sites]
    found: dict[UUID | None, list[Use]] = {}
    for key, role, story in roles:
        uses = found.setdefault(story, [])
        for channel, placement in rights.surfaces(role, sites[key].channels):
            uses.append(sites[key].use(at, channel=channel, placement=placement, article=story))
    return found


def signed(row: Rendition, room: int) -> tuple[HttpResponse, int]:
    """Return the way to the object store, and for how many seconds a cache may keep it.

    The signature never outlives the photo's rights, and outlives whatever a cache still holds. The answer has no
    validator: a confirmed old one would lead to a signature that has ended.
    """
    seconds = max(1, min(settings.PHOTO_URL_SECONDS, room))
    said = {
        "ResponseContentType": imaging.CONTENT_TYPES[row.format],
        "ResponseCacheControl": f"private, max-age={room}",
    }
    # Only the object store's url() takes these arguments.
    address = row.file.storage.url(row.file.name, said, expire=seconds)  # type: ignore[call-arg]
    return HttpResponseRedirect(address), min(room, seconds // 2)


def hand_over(row: Rendition) -> HttpResponseBase:
    """Return the file itself, or tell the server in front to send it."""
    kind = imaging.CONTENT_TYPES[row.format]
    if settings.PHOTO_SERVING == "accel":
        return HttpResponse(
            content_type=kind, headers={"X-Accel-Redirect": settings.PHOTO_ACCEL_PREFIX + quote(row.file.name)}
        )
    try:
        return FileResponse(row.file.open("rb"), content_type=kind)
    except FileNotFoundError:
        return problem(404, "There is no such picture.")
    except Exception as error:
        if not store.is_down(error):
            raise
        log.exception("The store of photos does not answer.")
        return problem(503, "This picture cannot be fetched at the moment. Ask again in a minute.")


def problem(status: int, detail: str) -> HttpResponse:
    response = problem_json(status, detail)
    response["Cache-Control"] = f"public, max-age={BRIEF if status == 410 else 2}"
    return response
