"""File uploads: many at once, into a slot, or in place of another file."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from ..counted import counted
from ..files import imaging, store
from ..files.unusable import UnusableImage
from ..models import Photo, Rendition
from ..photos.intake import AlreadyHere, Blocked

MISSING = "The file of this photo is missing from storage. Tell your administrator."
STATUSES = {Blocked: 409, PermissionDenied: 403}


log = logging.getLogger(__name__)


def limit() -> int:
    return settings.PHOTO_UPLOAD_MAX_FILES


def from_store(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Say in a sentence when a file is missing, unusable or in a store that does not answer."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(*args, **kwargs)
        except FileNotFoundError:
            return refusal(MISSING, 404)
        except UnusableImage as error:
            return refusal(str(error), 422)
        except Exception as error:
            if not store.is_down(error):
                raise
            log.exception("The store of photos does not answer.")
            response = refusal(store.NO_ANSWER, 503)
            response["Retry-After"] = "60"
            return response

    return checked


class Uploads:
    """The views of PhotoAdmin that take files and show them."""

    def upload_urls(self, view: Callable[..., Any]) -> list[URLPattern]:
        return [
            path("upload/", view(require_POST(self.upload)), name="media_photo_upload"),
            path("<uuid:key>/file/", view(require_POST(self.file)), name="media_photo_file"),
            path("<uuid:key>/thumb/", view(require_GET(self.thumb)), name="media_photo_thumb"),
            path("<uuid:key>/thumb/<int:width>/", view(require_GET(self.thumb)), name="media_photo_thumb_width"),
            path("<uuid:key>/uncovered/<int:width>/", view(require_GET(self.uncovered)), name="media_photo_uncovered"),
            path("<uuid:key>/original/", view(require_GET(self.original)), name="media_photo_original"),
        ]

    @from_store
    def upload(self, request: HttpRequest) -> JsonResponse:
        """Take one file. A drop of many is many requests, so the good files stay when others fail."""
        if not self.has_add_permission(request):
            return refusal("Your role does not include adding photos. Ask an administrator.", 403)
        return answered(request, lambda data, name: Photo.objects.take(data, name, by=request.user), status=201)

    @from_store
    def file(self, request: HttpRequest, key: UUID) -> JsonResponse:
        """Fill a slot, or replace the file of a photo."""
        photo = self.get_object(request, str(key))
        if photo is None:
            raise Http404
        if not self.has_change_permission(request, photo):
            return refusal("Your role does not include changing photos. Ask an administrator.", 403)

        def put(data: bytes, name: str) -> Photo:
            (photo.fill if photo.is_slot else photo.replace_file)(data, name=name, by=request.user)
            return photo

        return answered(request, put, status=200)

    @from_store
    def thumb(self, request: HttpRequest, key: UUID, width: int = 320) -> HttpResponseBase:
        """Return the picture for colleagues, whatever readers may see."""
        return self._picture(request, key, width)

    @staticmethod
    def _nearest(rows: list[Rendition], width: int) -> Rendition:
        narrow = [row for row in rows if row.width <= max(width, 320)]
        return narrow[-1] if narrow else rows[0]

    def _picture(self, request: HttpRequest, key: UUID, width: int) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        photo = Photo.objects.filter(pk=key).first()
        if photo is None or not photo.file:
            raise Http404
        rows = list(photo.renditions.filter(crop="full", format="jpg", version=photo.version).order_by("width"))
        if rows:
            response = FileResponse(self._nearest(rows, width).file.open("rb"), content_type="image/jpeg")
        else:
            small = imaging.open_master(photo.original(), longest=min(width, 1280), redactions=photo.redactions)
            response = HttpResponse(imaging.encode(small, "jpg"), content_type="image/jpeg")
        return cache_control(private=True, max_age=3600)(lambda request: response)(request)

    @from_store
    def uncovered(self, request: HttpRequest, key: UUID, width: int) -> HttpResponse:
        """Return the picture without its redactions to those who set them; never cached."""
        photo = self.get_object(request, str(key))
        if photo is None or not photo.file:
            raise Http404
        if not self.has_change_permission(request, photo):
            raise PermissionDenied
        small = imaging.open_master(photo.original(), longest=min(width, 1280))
        return HttpResponse(
            imaging.encode(small, "jpg"), content_type="image/jpeg", headers={"Cache-Control": "private, no-store"}
        )

    @from_store
    def original(self, request: HttpRequest, key: UUID) -> FileResponse:
        """Return the file as received to those who may change photos."""
        photo = self.get_object(request, str(key))
        if photo is None or not photo.file:
            raise Http404
        if not self.has_change_permission(request, photo):
            raise PermissionDenied
        return FileResponse(photo.original_stream(), as_attachment=True, filename=f"{photo.pk}.{photo.format}")


def answered(request: HttpRequest, take: Callable[[bytes, str], Photo], *, status: int) -> JsonResponse:
    """Answer with the photo, or with a sentence why the file was refused."""
    given = request.FILES.get("file")
    if given is None:
        return refusal("No file arrived. Choose the file again.", 400)
    if given.size > settings.PHOTO_LIMITS.max_bytes:
        return refusal(
            f"The file is {given.size / 1e6:.1f} MB; the limit is {settings.PHOTO_LIMITS.max_bytes / 1e6:.0f} MB.", 413
        )
    try:
        return JsonResponse(described(take(given.read(), given.name)), status=status)
    except AlreadyHere as error:
        return refusal(str(error), 409, existing=described(error.photo))
    except (Blocked, UnusableImage, ValidationError, PermissionDenied) as error:
        sentence = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        return refusal(sentence, STATUSES.get(type(error), 422))


def refusal(sentence: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"detail": sentence, **more}, status=status)


def described(photo: Photo) -> dict:
    similar = Photo.objects.alike(photo).count()
    return {
        "id": str(photo.pk),
        "title": str(photo),
        "credit": photo.credit.line() if photo.credit else "",
        "needs_check": photo.credit is None or photo.credit.needs_check,
        "left_out": photo.supplied.get("left_out", ""),
        "note": photo.state_sentence if photo.is_to_compare else "",
        "similar": counted(similar, "similar photo") if similar else "",
        "similar_url": f"{reverse('admin:media_photo_changelist')}?like={photo.pk}",
        "thumb": reverse("admin:media_photo_thumb", args=[photo.pk]) + f"?v={photo.version}",
        "url": reverse("admin:media_photo_change", args=[photo.pk]),
    }
