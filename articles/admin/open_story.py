"""What the page of a story asks while it is open: autosave, who else is here, whether an address is free."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from js_asset import ImportMap, Media

from media.models import Site

from ..history.version import SaveKey
from ..models import Address, Article, Presence, TabAutosave, make_slug
from ..stories.desk import PenHeld
from ..text import limits
from ..text.given import json_object, whole_number
from ..text.reading_time import WORDS_PER_MINUTE
from . import panel
from .requests import StaffRequest
from .saving import GONE, NOT_TYPED, READ_ONLY, problem, require_same_user
from .story_pages import StoryAdmin, of_story

BESIDE_THE_TEXT = 100_000
"""How many characters all other fields of a form may have."""
MOST_REVISION = 2**31 - 1
LEFT_FOR = timedelta(days=1)
MOST_LEFT = 5
"""So many unsaved texts of colleagues are offered, from so long ago."""


MODULES = (
    "page",
    "typed",
    "asking",
    "queue",
    "errors",
    "folds",
    "saving",
    "autosave",
    "tabs",
    "readonly",
    "presence",
    "kept",
    "keeping",
    "recovery",
    "counts",
    "meters",
    "one-line",
    "shortcuts",
    "panel",
    "places",
    "verbs",
    "preview",
    "stage",
)


def scripts() -> Media:
    """Return the addresses of the modules of desk.js; each changes with every release."""
    ours = {f"marquee/desk/{name}": f"articles/desk/{name}.js" for name in MODULES}
    return Media(importmap=ImportMap(ours | {"marquee/counted": "articles/editor/counted.js"}))


def limits_of_page() -> dict:
    return {
        "most_characters": limits.MOST_CHARACTERS,
        "words_a_minute": WORDS_PER_MINUTE,
        "frame_origins": Site.objects.preview_origins(),
    }


def context(request: StaffRequest, story: Article) -> dict:
    """Return what the page shows beside its form."""
    TabAutosave.objects.move_in(request.user, story)
    is_restored = bool(request.GET.get("restore"))
    kept = () if is_restored else TabAutosave.objects.typed_by(request.user, story).defer("fields")
    is_confidential = story.is_confidential(timezone.now())
    return {"kept": kept, "story": story, "restored": is_restored, "is_confidential": is_confidential}


def asked_for(request: StaffRequest, story: Article) -> TabAutosave | None:
    """Return the unsaved text that the editor asked for back: by its number, else the latest."""
    typed = TabAutosave.objects.typed_by(request.user, story)
    number = whole_number(request.GET.get("restore"))
    return typed.filter(pk=number or 0).first() or typed.first()


@of_story
def autosave(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    """Keep what was typed (POST of JSON {revision, fields, key, tab, check}), tell it (GET), or throw it away (DELETE, or a button's POST)."""
    if request.method == "GET":
        return JsonResponse(
            {"kept": [row.fields for row in TabAutosave.objects.typed_by(request.user, story)[:MOST_LEFT]]}
        )
    if request.method == "DELETE" or "discard" in request.POST:
        return _discard(request, story)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "POST", "DELETE"])
    try:
        require_same_user(request)
    except PermissionDenied as error:
        return problem(403, str(error))
    if not story.is_editable_by(request.user):
        return problem(403, READ_ONLY)
    given = _json(request)
    return (
        _keep(request, story, given)
        if given
        else problem(400, "This was not saved automatically: the page sent something unreadable. Reload it.")
    )


def _keep(request: StaffRequest, story: Article, given: dict[str, Any]) -> JsonResponse:
    fields = {name: value for name, value in given["fields"].items() if name not in NOT_TYPED}
    try:
        _check_size(fields)
        kept = _in_turn(request, story, given, fields)
    except PenHeld as error:
        return problem(423, " ".join(error.messages))
    except limits.TooLarge as error:
        return problem(413, str(error))
    except ValidationError:
        return problem(410, GONE)
    answer = {"saved": kept.at.isoformat(), "revision": story.revision, "number": kept.pk}
    if given.get("check"):
        answer |= panel.checklist_as_typed(request, story, fields)
    return JsonResponse(answer)


@transaction.atomic
def _in_turn(request: StaffRequest, story: Article, given: dict[str, Any], fields: dict[str, Any]) -> TabAutosave:
    """Keep what the writing tab typed; a page without a script says no tab."""
    now, key = timezone.now(), SaveKey.read(str(given.get("key", "")))
    if tab := str(given.get("tab", ""))[:40]:
        story.take_hold()
        Presence.require_pen(story, request.user, tab, now)
    return TabAutosave.keep(story, request.user, fields, int(given["revision"]), now, key)


def _discard(request: StaffRequest, story: Article) -> HttpResponse:
    number = whole_number(request.POST.get("discard") or request.GET.get("discard"))
    typed = TabAutosave.objects.typed_by(request.user, story)
    (typed if number is None else typed.filter(pk=number)).delete()
    if request.method == "POST":
        return HttpResponseRedirect(story.get_absolute_url())
    return JsonResponse({"saved": None})


def _check_size(fields: dict[str, Any]) -> None:
    """Raise TooLarge for a text that could not be saved, in characters: an alphabet does not make a text longer."""
    limits.check_length(str(fields.get("body") or ""))
    beside = sum(len(str(value)) for name, value in fields.items() if name != "body")
    if beside > BESIDE_THE_TEXT:
        raise limits.TooLarge(
            f"The fields beside the text have {beside:,} characters; the limit is {BESIDE_THE_TEXT:,}. Shorten them."
        )


def _json(request: StaffRequest) -> dict | None:
    try:
        given = json_object(request.body)
    except ValueError:
        return None
    is_whole = whole_number(given.get("revision"), MOST_REVISION) is not None and isinstance(given.get("fields"), dict)
    return given if is_whole else None


@of_story
def presence(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    """Note who is here (POST of JSON {tab, do}) and answer who writes; `do` is stay, ask, take, give or leave."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        given = json_object(request.body)
        tab, do = str(given["tab"])[:40], given.get("do", "stay")
    except (ValueError, KeyError):
        return JsonResponse({"error": "Reload the page."}, status=400)
    now = timezone.now()
    if do == "leave":
        Presence.objects.filter(article=story, user=request.user, tab=tab).delete()
        return JsonResponse({"others": []})
    mine = Presence.beat(story, request.user, tab, now)
    if do in ("take", "ask") and story.is_editable_by(request.user):
        mine.take_over() if do == "take" else mine.ask()
        mine.refresh_from_db()
    elif do == "give" and mine.is_writing:
        mine.hand_over(now)
    return JsonResponse(_who(story, mine, now))


def _who(story: Article, mine: Presence, now: datetime) -> dict:
    others = story.presences.present(now).exclude(pk=mine.pk).select_related("user").order_by("-is_writing", "seen_at")
    return {
        "writing": mine.is_writing,
        "may_write": mine.is_writing or story.is_editable_by(mine.user),
        "asked_by": _name(mine.asked_by) if mine.is_writing and mine.asked_by_id else None,
        "revision": story.revision,
        "confidential": story.is_confidential(now),
        "left": _left(story, mine, now) if mine.is_writing else [],
        "others": [
            {"name": each.name, "same": each.user_id == mine.user_id, "tab": each.tab, "writing": each.is_writing}
            for each in others
        ],
    }


def _left(story: Article, mine: Presence, now: datetime) -> list[dict]:
    """Return what colleagues typed today and did not save, for the one who writes on."""
    typed = (
        story.tab_autosaves.filter(at__gt=now - LEFT_FOR).exclude(user=mine.user).select_related("user").defer("fields")
    )
    return [
        {
            "name": _name(each.user),
            "at": each.at.isoformat(),
            "url": reverse("admin:articles_article_merge", args=[story.pk, each.pk]),
        }
        for each in typed.order_by("-at")[:MOST_LEFT]
    ]


def _name(user: Any) -> str:
    return user.get_full_name() or user.get_username()


def slug(model_admin: StoryAdmin, request: StaffRequest) -> JsonResponse:
    """Answer if an address is free for a story; without one, propose it from `headline`."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    wanted = request.GET.get("slug", "").strip()[:200] or make_slug(request.GET.get("headline", "")[:300])
    try:
        own = UUID(request.GET.get("story", ""))
    except ValueError:
        own = None
    made = make_slug(wanted)
    # A story this colleague may not know of is not told of here either; its live address is public anyway.
    taken = (
        Article.objects.visible_to(request.user).filter(slug=made).exclude(pk=own).exists()  # type: ignore[misc]
        or Address.objects.filter(kind="article", slug=made).exclude(target=str(own)).exists()
    )
    return JsonResponse({"slug": made, "free": not taken, "as_written": made == wanted})


VIEWS = [
    ("<uuid:pk>/autosave/", autosave, "autosave"),
    ("<uuid:pk>/presence/", presence, "presence"),
    ("slug/", slug, "slug"),
]
