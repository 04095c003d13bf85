"""Credit, caption and alt text of a photo, read and saved where the photo is shown: in the text, the picker, the form.

Answers are JSON for logged-in staff; a refusal is `{"detail": "a sentence"}` with 400, 401, 403, 404 or 409.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import transaction
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from articles.models import Article
from articles.text.given import json_object, whole_number
from articles.text.sanitizer import uuid
from media.admin.affected import affected
from media.credits.composites import chains
from media.credits.house_style import render_all, understood
from media.models import Agency, Photo, Site
from media.photos.photo import PhotoQuerySet

from .picker import refusal, staff
from .requests import StaffRequest

LIMITS = {"credit": 500, "caption": 5_000, "alt": 1_000}
NOUNS = {"credit": "credit", "caption": "caption", "alt": "alt text"}
MOST_PHOTOS = 100
GONE = "This photo no longer exists. Choose another one."


@require_GET
@staff("media.view_photo")
def read(request: StaffRequest) -> JsonResponse:
    """Return what a credit line would be read as; nothing is written."""
    line = _text({"credit": request.GET.get("line", "")}, "credit") or ""
    site = Site.objects.filter(pk=whole_number(request.GET.get("site")) or 0).first() or Site.objects.default()
    found = chains(line, Agency.objects.vocabulary()) if line else ()
    return JsonResponse(
        {"understood": understood(found), "line": (line and render_all(found, site.house_style)) or line}
    )


@require_POST
@staff("media.view_photo")
def save(request: StaffRequest) -> JsonResponse:
    """Save words of photos (POST of JSON {photos, credit, caption, alt, decorative, agreed}): those that are given.

    Where live stories change, `agreed` has to be at least as many as they are; otherwise 409 with `affected`, a sentence.
    """
    given = _json(request)
    photos = _photos(given)
    words = {name: text for name in LIMITS if (text := _text(given, name)) is not None}
    if isinstance(given.get("decorative"), bool):
        words["decorative"] = given["decorative"]
    stories = photos.live_articles(timezone.now())
    if stories > (whole_number(given.get("agreed")) or 0):
        sentence = affected(photos)
        return JsonResponse({"detail": sentence, "affected": sentence, "stories": stories}, status=409)
    try:
        changed = _reword(request, photos, words)
    except PermissionDenied:
        return refusal("Your role can’t change photos. Ask the photo desk.", 403)
    except ValidationError as error:
        return refusal(" ".join(error.messages), 400)
    return JsonResponse({"changed": changed})


@transaction.atomic
def _reword(request: StaffRequest, photos: PhotoQuerySet, words: dict[str, Any]) -> list[str]:
    """Change the words and note it in the history of each photo, as its own page does."""
    changed = photos.reword(by=request.user, **words)
    if changed:
        page = admin.site.get_model_admin(Photo)
        for photo in photos:
            page.log_change(request, photo, [{"changed": {"fields": changed}}])
    return changed


@require_POST
@staff("articles.change_article")
def ask(request: StaffRequest) -> JsonResponse:
    """Leave a task for the photo desk (POST of JSON {photo, article, credit}): who must be named for a photo."""
    given = _json(request)
    photo = _photos({"photos": [given.get("photo")]}).first()
    key = uuid(str(given.get("article", "")))
    story = Article.objects.visible_to(request.user).filter(pk=key).first()  # type: ignore[misc]  # None finds nothing.
    if photo is None or story is None:
        return refusal(GONE if photo is None else "Save the story first, then ask the photo desk.", 404)
    try:
        story.ask_for_credit(photo, by=request.user, proposed=_text(given, "credit") or "")
    except (PermissionDenied, ValidationError) as error:
        return refusal(" ".join(getattr(error, "messages", [str(error)])), 403)
    return JsonResponse({"detail": "The photo desk has a task for it now."})


def _json(request: StaffRequest) -> dict[str, Any]:
    try:
        return json_object(request.body)
    except ValueError:
        raise BadRequest("This could not be read. Reload the page and try again.") from None


def _photos(given: dict[str, Any]) -> PhotoQuerySet:
    """Return the photos of a request, all of which have to be there."""
    named = given.get("photos")
    keys = {uuid(str(each)) for each in named[: MOST_PHOTOS + 1]} if isinstance(named, list) else set()
    if not keys or len(keys) > MOST_PHOTOS:
        raise BadRequest(f"Choose between 1 and {MOST_PHOTOS} photos.")
    found = Photo.objects.filter(pk__in=keys)  # type: ignore[misc]
    if None in keys or found.count() < len(keys):
        raise BadRequest(GONE)
    return found


def _text(given: dict[str, Any], name: str) -> str | None:
    """Return a text of the request as one line, or None where it is not given."""
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or "\x00" in value:
        raise BadRequest(f"The {NOUNS[name]} contains a character that can’t be saved. Type it again.")
    text = " ".join(value.split())
    if len(text) > LIMITS[name]:
        raise BadRequest(f"The {NOUNS[name]} has {len(text):,} characters; the limit is {LIMITS[name]:,}. Shorten it.")
    return text
