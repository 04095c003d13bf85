"""Two editors saved: both texts side by side, both kept, and the second decides."""

from typing import Any

from django.contrib import admin
from django.http import QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone

from ..models import Article, TabAutosave
from ..stories import fields
from ..stories.diff import changes
from ..text.given import whole_number
from .article_form import LINKS, SETS, ArticleForm
from .labels import labels_of
from .requests import StaffRequest
from .saving import NOT_TYPED, key_of

MOST = 2**31 - 1


def screen(model_admin: admin.ModelAdmin, request: StaffRequest, form: ArticleForm, story: Article) -> TemplateResponse:
    """Keep what the second editor typed, and show it beside what the first one saved."""
    typed = typed_fields(request.POST)
    based_on = whole_number(request.POST.get("based_on"), MOST) or 0
    key = key_of(request)
    TabAutosave.keep(story, request.user, typed, based_on, timezone.now(), key)
    latest = story.latest_version
    # The working copy as it is stored: the form has put the second editor's words on the instance already.
    stored = type(story).objects.get(pk=story.pk)
    theirs = {name: _plain(getattr(stored, name)) for name in fields.PLAIN}
    mine = theirs | {name: _plain(form.cleaned_data[name]) for name in fields.PLAIN if name in form.cleaned_data}
    context = {
        **model_admin.admin_site.each_context(request), "opts": model_admin.opts, "media": model_admin.media,
        "title": "Somebody saved this story while you wrote", "story": stored, "latest": latest,
        "changes": changes(theirs, mine, labels_of(theirs, mine)), "revision": stored.revision, "save_key": key,
        "typed": [(name, value) for name in request.POST for value in request.POST.getlist(name) if name not in NOT_TYPED],
    }  # fmt: skip
    return TemplateResponse(request, "admin/articles/article/conflict.html", context, status=409)


def typed_fields(post: QueryDict) -> dict:
    """Return what was typed as plain JSON: a list only where a box holds several."""
    boxes = {*LINKS, *SETS}
    return {name: post.getlist(name) if name in boxes else post.get(name) for name in post if name not in NOT_TYPED}


def _plain(value: Any) -> str | int | None:
    return value if value is None or isinstance(value, bool | int) else str(value)
