"""The panel beside a story's text: what readers have, what they would get, and the buttons between the two."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from media.local_time import brief, elsewhere

from ..history import timeline
from ..history.timeline import Window
from ..models import Article, Edition, Task
from ..stories.checklist import Named, Problem
from ..stories.content import snapshot
from ..stories.diff import changed_fields
from ..stories.follow_up import PLACES_OUT_OF_REACH
from ..stories.unsaved import content_with
from . import clearance
from .publish_form import MomentForm, PublishForm
from .publishing import is_json, preview_form, with_addresses
from .requests import StaffRequest
from .story_pages import StoryAdmin, of_story

PANEL, CHECKLIST = (f"admin/articles/article/{name}.html" for name in ("_panel", "panel/checklist"))


@of_story
def page(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    context = context_of(request, story) | {"is_page": True}
    return model_admin.page(request, "publishing.html", f"Publish “{story}”", story, **context)


@of_story
def fragment(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    """Answer with the panel alone; the page of the story loads it after itself."""
    return HttpResponse(rendered(request, story))


def rendered(request: StaffRequest, story: Article) -> str:
    """Return the panel as HTML, in its two parts."""
    return render_to_string(PANEL, context_of(request, story) | {"story": story}, request)


def checklist_as_typed(request: StaffRequest, story: Article, typed: dict[str, Any]) -> dict[str, Any]:
    """Return {checklist, blocking}: the checklist as HTML for what is typed, and how many findings block."""
    context = findings(_problems(story, typed, request.user)) | {
        "story": story,
        "may_publish": may_publish(request.user, story),
    }
    blocking = len(context["blocking"])
    return {"checklist": render_to_string(CHECKLIST, context, request), "blocking": blocking}


def _problems(story: Article, typed: dict[str, Any], by: User) -> list[Problem]:
    content = content_with(story, typed)
    original = content["translation_of"]
    if original != str(story.translation_of_id) and not Article.objects.visible_to(by).filter(pk=original).exists():
        # A story that this colleague may not know of is named to nobody.
        content["translation_of"] = None
    return story.as_of(content).problems(timezone.now(), named=Named.in_content(story, content))


def context_of(request: StaffRequest, story: Article) -> dict[str, Any]:
    """Return everything the panel shows."""
    now, user = timezone.now(), request.user
    problems = story.problems(now)
    return {
        "now": now,
        **findings(problems),
        **readers_have(story, now),
        **permitted(user, story),
        "owed": clearance.owed(story, problems),
        "quotas": clearance.quotas(story, now),
        "was_blocked": getattr(request, "gate_closed", False),
        "coming": [coming_row(story, edition, now) for edition in story.coming_editions(now)],
        "form": PublishForm(story, prefix="publish", auto_id=False),
        "leaving": MomentForm(story, prefix="withdraw", auto_id=False),
        "moves": story.is_address_public(),
        "siblings": Article.objects.siblings_of(story).visible_to(user),
        "comments": story.comments.select_related("by"),
        "tasks": tasks(story, user),
        "silent_checklist": PLACES_OUT_OF_REACH,
        "ever_published": story.editions.exists(),
        **shared(request, story),
    }


def findings(problems: list[Problem]) -> dict[str, Any]:
    """Return what the checklist shows."""
    blocking = [problem for problem in problems if problem.blocks]
    return {
        "problems": problems,
        "blocking": blocking,
        "failing_photos": [problem for problem in blocking if problem.photo],
        "may_be_overridden": bool(blocking) and not any(problem.is_owed for problem in blocking),
    }


def permitted(user: User, story: Article) -> dict[str, Any]:
    """Return which buttons this colleague has: none that would refuse."""
    is_in_reach = story.is_in_reach_of(user)
    may_judge = user.has_perm("articles.edit_others_articles") and is_in_reach
    return {
        "may_publish": user.has_perm("articles.publish_article") and is_in_reach,
        "may_override": user.has_perm("articles.override_gate"),
        "may_edit": story.is_editable_by(user),
        "may_judge": may_judge,
        "may_share": user.has_perm("articles.share_preview") and is_in_reach,
        "may_clear": user.has_perm("media.clear_photo") and is_in_reach,
        "colleagues": colleagues() if may_judge else (),
    }


def may_publish(user: User, story: Article) -> bool:
    return user.has_perm("articles.publish_article") and story.is_in_reach_of(user)


def tasks(story: Article, user: User) -> list[Task]:
    """Return the open tasks; `is_ours` says who may finish them."""
    found = list(story.tasks.unfinished().by_urgency().select_related("assignee", "by", "photo"))
    may_edit, may_clear = story.is_editable_by(user), user.has_perm("media.clear_photo")
    for task in found:
        task.is_ours = may_edit or task.assignee_id == user.pk or (task.desk == "photo" and may_clear)  # type: ignore[attr-defined]  # For the panel.
    return found


def colleagues() -> QuerySet[User]:
    """Return whom a story can be given to, by user name."""
    return get_user_model().objects.filter(is_active=True, is_staff=True).order_by("username")[:300]


# What readers have


def readers_have(story: Article, now: datetime) -> dict[str, Any]:
    """Return the state in a word and a sentence, the live edition, what changed since, and where readers find it."""
    spans = story.timeline()
    window = timeline.at(spans, now)
    live = window and not window.gone and story.editions.select_related("version").get(number=window.number)
    latest = story.latest_version
    return {
        "state": state_of(story, spans, now),
        "live": live,
        "latest": latest,
        "changed": changed_fields(live.version.content, snapshot(story)) if live else [],
        "on_site": on_site(story, now) if live else None,
    }


def state_of(story: Article, spans: list[Window], now: datetime) -> tuple[str, str]:
    """Return the state as a word for the style sheet and a sentence for people."""
    window, zone = timeline.at(spans, now), story.site.zone
    if window is None:
        first = next((span for span in spans if span.live_from > now), None)
        return ("coming", f"Scheduled for {brief(first.live_from, zone, now)}") if first else ("never", "Not published")
    if window.gone:
        return "gone", f"Off the site since {brief(window.live_from, zone, now)}"
    until = "" if window.live_until == timeline.FOREVER else f" until {brief(window.live_until, zone, now)}"
    return "live", f"Live since {brief(_first_of(spans, window).live_from, zone, now)}{until}"


def _first_of(spans: list[Window], window: Window) -> Window:
    """Return the first of the windows that lead up to this one without a gap."""
    for before in reversed(spans[: spans.index(window)]):
        if before.gone:
            break
        window = before
    return window


def on_site(story: Article, now: datetime) -> dict[str, str] | None:
    """Return where readers see the story: its address, and what is to be said of it."""
    document = story.live_documents.live(now).select_related("site").first()
    if document is None:
        return None
    if story.site.has_front_end:
        return {"url": document.url, "words": "View on site", "note": ""}
    note = "Your site’s address is not set up yet (Sites, “Front-end address”)."
    if settings.READER_EXAMPLE:
        return {"url": f"/reader{document.path}", "words": "View in the example site", "note": note}
    own = reverse("admin:articles_article_preview", args=[story.pk])
    return {"url": own, "words": "View as readers would", "note": note}


def coming_row(story: Article, edition: Edition, now: datetime) -> dict[str, Any]:
    zone = story.site.zone
    return {
        "edition": edition,
        "when": brief(edition.live_from, zone, now),
        "elsewhere": elsewhere(edition.live_from, edition.time_zone, story.site.time_zone),
    }


def shared(request: StaffRequest, story: Article) -> dict[str, Any]:
    """Return the preview links and where they open."""
    form = preview_form(request, story)
    return {
        "links": with_addresses(request, story),
        "preview_host": urlsplit(form).netloc,
        "preview_is_here": not story.site.preview_form,
        "preview_is_json": is_json(form),
    }


VIEWS = [
    ("<uuid:pk>/publishing/", page, "publishing"),
    ("<uuid:pk>/panel/", fragment, "panel"),
]
