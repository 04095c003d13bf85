"""What the page of a story asks while it is open: autosave, who else is here, whether an address is free."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import reverse
from django.utils import timezone

from ..models import Address, Article, Autosave, Presence, make_slug
from ..text.given import json_object, whole_number
from .conflict import NOT_TYPED
from .requests import StaffRequest
from .story_pages import StoryAdmin, of_story

LARGEST = 2_000_000
"""Characters of one autosave."""
MOST_REVISION = 2**31 - 1
LEFT_FOR = timedelta(days=1)
MOST_LEFT = 5
"""So many unsaved texts of colleagues are offered, from so long ago."""


def context(request: StaffRequest, story: Article) -> dict:
    """Return what the page shows beside its form."""
    kept = None if request.GET.get("restore") else Autosave.objects.filter(article=story, user=request.user).first()
    return {"kept": kept, "story": story, "restored": bool(request.GET.get("restore"))}


@of_story
def autosave(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    """Keep what was typed (POST of JSON {revision, fields}), or throw it away (DELETE)."""
    if request.method == "DELETE":
        Autosave.objects.filter(article=story, user=request.user).delete()
        return JsonResponse({"saved": None})
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST", "DELETE"])
    if not story.is_editable_by(request.user):
        raise PermissionDenied("You may only read this story.")
    given = _json(request)
    if given is None:
        return JsonResponse({"error": "This is no autosave."}, status=400)
    fields = {name: value for name, value in given["fields"].items() if name not in NOT_TYPED}
    try:
        kept = Autosave.keep(story, request.user, fields, int(given["revision"]), timezone.now())
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=410)
    return JsonResponse({"saved": kept.at.isoformat(), "revision": story.revision})


def _json(request: StaffRequest) -> dict | None:
    if len(request.body) > LARGEST:
        return None
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
        return JsonResponse({"error": "Say which tab this is."}, status=400)
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
            {"name": each.name, "same": each.user_id == mine.user_id, "writing": each.is_writing} for each in others
        ],
    }


def _left(story: Article, mine: Presence, now: datetime) -> list[dict]:
    """Return what colleagues typed today and did not save, for the one who writes on."""
    typed = story.autosaves.filter(at__gt=now - LEFT_FOR).exclude(user=mine.user).select_related("user").defer("fields")
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
