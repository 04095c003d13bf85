"""How a story will look: in our own page, or in the title's front end, in a frame beside the text or in a tab."""

import json
from typing import Any

from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.clickjacking import xframe_options_sameorigin

from ..live.preview import preview as document_of
from ..models import Article, PreviewFrame
from ..outbox import framing
from ..stories.preview_frame import LIFE
from ..stories.unsaved import content_of
from ..text.given import json_object
from .requests import StaffRequest
from .saving import problem
from .story_pages import StoryAdmin, of_story

MOST_OF_A_TAB = 40


@xframe_options_sameorigin
@of_story
def preview(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    """Show what readers would get, for a last look: as saved, or as this user typed it in the tab that is named."""
    content = content_of(story, request.user.pk, request.GET.get("tab", "")[:MOST_OF_A_TAB])
    document = json.loads(document_of(story, content, timezone.now()))
    return model_admin.page(
        request, "preview.html", f"Preview of “{story}”", story,
        document=document, in_frame="frame" in request.GET, is_framed_here=True,
    )  # fmt: skip


@of_story
def frame(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    """Answer where the frame beside the text leads (POST of JSON {tab}), and let that address live on.

    With `ask` it answers whether the front end lets itself be framed: true, false, or null where nobody knows.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        given = json_object(request.body)
        tab = str(given["tab"])[:MOST_OF_A_TAB]
    except (ValueError, KeyError):
        return problem(400, "This tab is no longer open to the story. Reload the page.")
    form = story.site.preview_form
    told = _elsewhere(request, story, tab, form) if form else _here(story, tab)
    if given.get("ask") and form:
        told["may_frame"] = framing.may_frame(told["address"], request.build_absolute_uri("/"))
    return JsonResponse(told | {"renew": LIFE.total_seconds() / 3})


def _here(story: Article, tab: str) -> dict[str, Any]:
    own = reverse("admin:articles_article_preview", args=[story.pk])
    said = {"is_here": True, "may_frame": True, "host": "", "is_confidential": False}
    return said | {
        "address": f"{own}?{urlencode({'tab': tab, 'frame': '1'})}",
        "tab": f"{own}?{urlencode({'tab': tab})}",
    }


def _elsewhere(request: StaffRequest, story: Article, tab: str, form: str) -> dict[str, Any]:
    now = timezone.now()
    made = PreviewFrame.objects.open(
        story, user=request.user, session=request.session.session_key or "", tab=tab, at=now
    )
    address = form.replace("{token}", made.token)
    said = {"is_here": False, "may_frame": None, "host": story.site.preview_host}
    return said | {"address": address, "tab": address, "is_confidential": story.is_confidential(now)}


VIEWS = [
    ("<uuid:pk>/preview/", preview, "preview"),
    ("<uuid:pk>/frame/", frame, "frame"),
]
