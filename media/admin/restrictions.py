"""The board “Restrictions to confirm”: a supplier's words, what was understood marked in them, and the desk's verdict."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ..counted import counted
from ..ids import read_id
from ..models import Photo, Right
from ..rights.meaning import meaning
from ..rights.restriction import Reading

DONE = {"confirmed": "confirmed", "dismissed": "dismissed"}


@dataclass(frozen=True)
class Piece:
    """A stretch of a supplier's words: plain, understood as `means`, or unread."""

    text: str
    means: str = ""
    unread: bool = False


def pieces(reading: Reading) -> list[Piece]:
    """Return the words in order, cut where understanding begins and ends."""
    zone = timezone.get_current_timezone()
    marks = [(start, end, "") for start, end in reading.unread_spans]
    marks += [(*span, meaning(each, zone)) for each in reading.restrictions for span in each.spans]
    return list(_cut(reading.text, sorted(marks)))


def _cut(text: str, marks: list[tuple[int, int, str]]) -> Iterator[Piece]:
    edges = sorted({0, len(text), *(edge for start, end, _ in marks for edge in (start, end))})
    for start, end in pairwise(edges):
        means = [said for first, last, said in marks if first <= start and end <= last]
        yield Piece(text[start:end], "; ".join(dict.fromkeys(filter(None, means))), bool(means) and not any(means))


def row(photo: Photo) -> dict:
    """Return what the board shows of one photo."""
    zone = timezone.get_current_timezone()
    return {
        "pieces": pieces(photo.read_terms()) if photo.terms else [],
        "rights": [(right, meaning(right.restriction, zone)) for right in photo.provisional_rights()],
        "words": photo.words_not_understood,
        "token": f"{photo.pk}:{photo.waiting}",
    }


class Restrictions:
    """The verdicts of the board, as views of PhotoAdmin."""

    def restriction_urls(self, view: Callable[..., Any]) -> list[URLPattern]:
        return [path("restrictions/settle/", view(require_POST(self.settle)), name="media_photo_settle")]

    def settle(self, request: HttpRequest) -> HttpResponseRedirect:
        """Confirm or dismiss one restriction, or all of the photos that were ticked."""
        if not self.has_view_permission(request) or not request.user.has_perm("media.change_right"):
            raise PermissionDenied
        if one := request.POST.get("one"):
            self.settle_one(request, *one.partition(":")[::2])
        else:
            self.settle_many(request, request.POST.get("do", ""))
        return HttpResponseRedirect(reverse("admin:media_photo_board", args=["restrictions"]))

    def settle_one(self, request: HttpRequest, key: str, standing: str) -> None:
        with transaction.atomic():
            found = Right.objects.filter(pk=int(key) if key.isdecimal() and len(key) < 19 else 0, photo__isnull=False)
            right = found.select_related("photo").first()
            if right is not None:
                right.photo.held()
                right = found.filter(standing=Right.Standing.PROVISIONAL).first()
            if right is None or standing not in DONE:
                messages.warning(request, "That restriction was already settled. Nothing was changed.")
                return
            right.judge(standing, by=request.user)
        messages.success(request, f"{str(right)[:1].upper()}{str(right)[1:]} is {standing}.")

    def settle_many(self, request: HttpRequest, standing: str) -> None:
        chosen = request.POST.getlist("shown" if "all" in request.POST else "photo")
        if standing not in DONE or not chosen:
            messages.warning(request, "Select photos first, then confirm or dismiss.")
            return
        photos = rights = 0
        for each in chosen[:200]:
            key, _, seen = each.partition(":")
            photo = Photo.objects.filter(pk=read_id(key)).first() if read_id(key) else None
            try:
                if photo is not None:
                    rights += photo.settle_terms(standing, seen, by=request.user)
                    photos += 1
            except ValidationError as error:
                messages.warning(request, " ".join(error.messages))
        if photos:
            said = f"{counted(rights, 'restriction')} of {counted(photos, 'photo')} {standing}."
            messages.success(request, said)
