"""Two editors wrote at once: their texts are put together, and what both changed stands side by side for one to decide."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import CheckboxInput
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone

from media.ids import new_id

from ..history.version import SaveKey
from ..models import Article, TabAutosave
from ..stories.unsaved import BOXES
from ..text.given import whole_number
from .article_form import SETS, ArticleForm
from .merging import MOST_REVISION, Meeting, put
from .requests import StaffRequest
from .saving import NOT_TYPED, key_of
from .story_pages import of_story

ANSWER = "keep-"


def screen(model_admin: admin.ModelAdmin, request: StaffRequest, form: ArticleForm, story: Article) -> TemplateResponse:
    """Keep what the second editor typed, and show it together with what the first one saved."""
    based_on = whole_number(request.POST.get("based_on"), MOST_REVISION) or 0
    key = key_of(request)
    kept = TabAutosave.keep(story, request.user, typed_fields(request.POST), based_on, timezone.now(), key)
    return _page(model_admin, request, form, kept, key, status=409)


@of_story
def merge(model_admin: Any, request: StaffRequest, story: Article, kept: int) -> TemplateResponse:
    """Show what somebody typed and did not save together with what is saved by now."""
    if not story.is_editable_by(request.user):
        raise PermissionDenied("You can read this story but not change it.")
    row = get_object_or_404(story.tab_autosaves.select_related("user"), pk=kept)
    form = model_admin.get_form(request, story, change=True)(QueryDict(mutable=True), instance=story)
    form.data = _as_sent(form, row)
    form.is_valid()
    return _page(model_admin, request, form, row, SaveKey(str(new_id())))


def _page(
    model_admin: admin.ModelAdmin,
    request: StaffRequest,
    form: ArticleForm,
    kept: TabAutosave,
    key: SaveKey,
    status: int = 200,
) -> TemplateResponse:
    # The working copy as it is stored: the form has put what was typed on its own instance.
    stored = Article.objects.select_related("site").get(pk=form.instance.pk)
    meeting = Meeting(form, kept.revision)
    context = {
        **model_admin.admin_site.each_context(request), "opts": model_admin.opts, "media": model_admin.media,
        "title": "Someone saved this story while you were writing" if status == 409 else "Unsaved text",
        "story": stored, "latest": stored.latest_version, "kept": kept, "is_own": kept.user_id == request.user.pk,
        "is_late": kept.revision != stored.revision, "knows_base": meeting.base is not None,
        "questions": list(meeting.questions()), "from_typed": meeting.taken("mine"),
        "from_saved": meeting.taken("theirs"), "text": meeting.text, "revision": stored.revision, "save_key": key,
        "typed": [
            (name, value) for name in meeting.data for value in meeting.data.getlist(name) if _is_typed(name)
        ],
    }  # fmt: skip
    return TemplateResponse(request, "admin/articles/article/conflict.html", context, status=status)


def typed_fields(post: QueryDict) -> dict:
    """Return what was typed as plain JSON: a list only where a box holds several."""
    boxes = {*BOXES, *SETS}
    return {name: post.getlist(name) if name in boxes else post.get(name) for name in post if _is_typed(name)}


def _is_typed(name: str) -> bool:
    return name not in NOT_TYPED and not name.startswith(ANSWER)


def _as_sent(form: ArticleForm, kept: TabAutosave) -> QueryDict:
    """Return an autosave as a browser would send it; fields it says nothing of are as they are saved."""
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        parts = [part for part in (name, f"{name}_0", f"{name}_1") if part in kept.fields]
        for part in parts:
            value = kept.fields[part]
            data.setlist(
                part, [str(each) for each in (value if isinstance(value, list) else [value]) if each is not None]
            )
        if not parts and not ("body" in kept.fields and isinstance(field.widget, CheckboxInput)):
            put(data, form, name, form.initial.get(name))
    data["based_on"] = str(kept.revision)
    return data


VIEWS = [("<uuid:pk>/merge/<int:kept>/", merge, "merge")]
