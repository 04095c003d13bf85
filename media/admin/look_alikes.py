"""The board “Look-alikes to compare”: a new photo beside the killed one it looks like, and the desk's word on both."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from ..models import Photo
from ..permissions import Actor

VERBS = {"another", "same"}


def judge(photo: Photo, verb: str, *, by: Actor) -> str:
    """Do what somebody said who compared the two; return a sentence about it. Raises ValidationError, PermissionDenied."""
    if verb == "another":
        photo.tell_apart(by=by)
        return f"“{photo}” is another picture and can be used now."
    photo.join_kill(by=by)
    return f"“{photo}” is the killed picture: the same notice now applies to it."


def row(photo: Photo) -> dict:
    """Return what the board and the photo's page show beside a photo that is held."""
    return {"killed": photo.killed_twin, "reason": photo.looks_like}


class LookAlikes:
    """The verdicts of the board, as a view of PhotoAdmin."""

    def look_alike_urls(self, view: Callable[..., Any]) -> list[URLPattern]:
        return [path("<uuid:key>/compare/", view(require_POST(self.compare)), name="media_photo_compare")]

    def compare(self, request: HttpRequest, key: UUID) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        photo, verb = Photo.objects.filter(pk=key).first(), request.POST.get("verb", "")
        if photo is None or verb not in VERBS:
            raise Http404
        try:
            messages.success(request, judge(photo, verb, by=request.user))
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("admin:media_photo_board", args=["look-alikes"]))
