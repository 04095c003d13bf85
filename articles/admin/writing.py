"""What the body editor asks for: stories to link to, addresses to embed, clean pastes and the structure of a text."""

from collections.abc import Sequence

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.directory import named_entities
from articles.imports import plain_text, rich
from articles.imports import story as importing
from articles.imports.story_head import Line
from articles.models import Article, LiveDocument
from articles.text import embeds, limits
from articles.text.clipboard import clean_pasted
from articles.text.given import json_object
from articles.text.sanitizer import uuid
from media.counted import counted
from media.local_time import say_day
from media.models import Agency, Photo
from media.typed_words import typed_words

from .picker import refusal, staff
from .requests import StaffRequest

MAX_PASTE = 2_000_000
MAX_TEXT = 500_000
MOST_NAMES = 60


@require_GET
@staff("articles.view_article")
def stories(request: StaffRequest) -> JsonResponse:
    """Return stories to link to: those whose headline holds every word of `q`, or the one named by `id`."""
    visible = Article.objects.visible_to(request.user)
    if "id" in request.GET:
        found = visible.filter(pk=uuid(request.GET.get("id", "")))  # type: ignore[misc]  # None finds nothing.
    else:
        found = visible.exclude(pk=uuid(request.GET.get("article", "")))  # type: ignore[misc]
        for word in typed_words(request.GET.get("q", "")):
            found = found.filter(headline__icontains=word)
    rows = list(found.select_related("section")[:12])
    shown = LiveDocument.objects.live(timezone.now()).filter(article__in=[row.pk for row in rows])
    live = set(shown.values_list("article_id", flat=True))
    return JsonResponse({"stories": [_story(row, row.pk in live) for row in rows]})


def _story(article: Article, is_live: bool) -> dict:
    return {
        "id": str(article.pk),
        "headline": article.headline,
        "section": article.section.name if article.section else "",
        "date": say_day(article.saved_at, timezone.get_current_timezone()),
        "live": is_live,
    }


@require_http_methods(["GET", "POST"])
@staff("articles.view_article")
def embed(request: StaffRequest) -> JsonResponse:
    """Return what a pasted address (GET `url`) or embed code (POST of JSON {code}) embeds, with the provider's own address."""
    given = request.GET.get("url", "") if request.method == "GET" else _given(request, "code", embeds.MAX_MARKUP)
    address = embeds.identify(given) or embeds.from_markup(given)
    if address is None:
        return refusal(embeds.refusal(given), 404)
    provider = embeds.PROVIDERS[address.provider]
    return JsonResponse(
        {
            "provider": provider.name,
            "noun": provider.noun,
            "url": address.url,
            "id": address.embed_id,
            "aspect_ratio": address.aspect_ratio,
            "start": address.start,
        }
    )


@require_POST
@staff("articles.view_article")
def clean(request: StaffRequest) -> JsonResponse:
    """Return what a clipboard holds, as HTML and as plain text, as the body we store."""
    html = clean_pasted(_given(request, "html"), _given(request, "text", default=""))
    try:
        limits.check_html(html)
    except limits.TooLarge as error:
        raise BadRequest(str(error)) from error
    return JsonResponse({"html": html})


@require_POST
@staff("articles.view_article")
def structure(request: StaffRequest) -> JsonResponse:
    """Return what a pasted text contains and if it is a whole story; nothing is written."""
    story = plain_text.read_lines(_lines(request), Agency.objects.vocabulary())
    return JsonResponse({"story": _is_whole(story), "found": ", ".join(_findings(story)), **_fields(story)})


@require_POST
@staff("media.add_photo")
def build(request: StaffRequest) -> JsonResponse:
    """Return the body of a whole story; each caption in it becomes a slot that waits for its photo."""
    vocabulary = Agency.objects.vocabulary()
    story = plain_text.read_lines(_lines(request), vocabulary)
    try:
        limits.check_blocks(story.blocks)
        limits.check_captions(story.photos)
    except limits.TooLarge as error:
        raise BadRequest(str(error)) from error
    slots = [importing.Slot.of(line, vocabulary) for line in story.photos]
    with transaction.atomic():
        importing.make(slots)
    return JsonResponse({"html": importing.to_html(story, [slot.photo for slot in slots]), **_fields(story)})


@require_POST
@staff("articles.change_article")
def fill(request: StaffRequest) -> JsonResponse:
    """Tell the photo desk whom the text credits for a photo that was put in the place of a slot."""
    slot, photo = (Photo.objects.filter(pk=uuid(_given(request, name, 36))).first() for name in ("slot", "photo"))  # type: ignore[misc]
    if slot is None or photo is None or not slot.is_slot or photo.is_slot:
        return refusal("The slot or the photo no longer exists. Choose again.", 404)
    photo.hear_credit(slot.credit)
    return JsonResponse({"needs_check": bool(photo.doubts)})


@require_POST
@staff("articles.change_article")
def mentions(request: StaffRequest) -> JsonResponse:
    """Return known people and works that the text on the page names: what to tag the story with, and where to link first."""
    title, texts, others = (_texts(request, name) for name in ("title", "texts", "others"))
    found = named_entities.named_in("\n\n".join(title), texts, others)
    return JsonResponse({"names": [each.to_json() for each in found[:MOST_NAMES]]})


def _texts(request: StaffRequest, name: str) -> list[str]:
    """Return a list of texts of the request's JSON."""
    try:
        values = json_object(request.body)[name]
    except (ValueError, KeyError):
        raise BadRequest(f"The page sent no “{name}”. Reload it and try again.") from None
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadRequest(f"The page sent “{name}” in a way that can’t be read. Reload it and try again.")
    if sum(map(len, values)) > MAX_TEXT:
        raise BadRequest("This text is too long to search for names.")
    return values


def _lines(request: StaffRequest) -> Sequence[Line]:
    """Return the lines of a pasted text, formatted where its HTML came along."""
    if html := _given(request, "html", default=""):
        return rich.read(html)
    return plain_text.lines_in(_given(request, "text", MAX_TEXT))


def _is_whole(story: plain_text.Story) -> bool:
    """Return True if this is a story with headline, byline or captions rather than a few paragraphs."""
    prose = [block for block in story.blocks if block.type == "paragraph"]
    return len(prose) >= 2 and not story.title_proposed and bool(story.byline or story.date or story.photos)


def _findings(story: plain_text.Story) -> list[str]:
    found = [name for name in ("headline", "standfirst", "byline", "date") if _fields(story)[name]]
    numbers = {"heading": len(story.headings), "photo caption": len(story.photos)}
    return found + [counted(number, noun) for noun, number in numbers.items() if number]


def _fields(story: plain_text.Story) -> dict:
    return {
        "headline": "" if story.title_proposed else (story.title or "")[: importing.HEADLINE_LENGTH],
        "standfirst": story.standfirst or "",
        "byline": f"By {story.byline}" if story.byline else "",
        "date": story.date.isoformat() if story.date else "",
    }


def _given(request: StaffRequest, name: str, most: int = MAX_PASTE, default: str | None = None) -> str:
    """Return a text of the request's JSON, which has to be there unless there is a default."""
    try:
        given = json_object(request.body)
        value = given[name] if default is None else given.get(name, default)
    except (ValueError, KeyError):
        raise BadRequest(f"The page sent no “{name}”. Reload it and try again.") from None
    if not isinstance(value, str) or len(value) > most:
        raise BadRequest("This is too long to paste at once.")
    return value
