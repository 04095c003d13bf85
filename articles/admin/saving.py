"""How a story is saved without leaving its page: the same form, answered in JSON; and a first save that comes twice."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from media.ids import read_id

from ..history.version import SaveKey
from ..models import Article
from .requests import StaffRequest

UNTITLED = "Untitled"
GONE = "This story was sealed or discarded, or is no longer open to you. What you type now is not saved."
READ_ONLY = "You can read this story but not change it. Your text is still here: copy it to keep it."
OURS = {
    "csrfmiddlewaretoken", "form_key", "based_on", "story_id", "save_key", "restored", "tab", "merged_with", "kept",
}  # fmt: skip
NOT_TYPED = OURS | {"_save", "_continue", "_publish", "_addanother", "_draft"}
"""What a form carries besides what somebody typed."""


def wants_json(request: StaffRequest) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")


def key_of(request: StaffRequest) -> SaveKey:
    return SaveKey.read(request.POST.get("save_key", ""))


def once(request: StaffRequest, object_id: str | None, save: Callable[[str | None], HttpResponse]) -> HttpResponse:
    """Save a story under the id that its page was given.

    A first save that comes twice, by a double click or after a lost answer, finds the story there and changes it.
    """
    if object_id is None and "_draft" in request.POST:
        _entitle(request)
    if key := object_id or _made_already(request):
        return _in_json(request, save, key)
    try:
        answer = _in_json(request, save, None)
        if answer.status_code != HTTPStatus.UNPROCESSABLE_ENTITY or not (made := _made_already(request)):
            return answer
    except IntegrityError:
        if not (made := _made_already(request)):
            raise
    # Two first saves at the same moment: the form or the database let one in, and this one goes on from it.
    return _in_json(request, save, made)


def _entitle(request: StaffRequest) -> None:
    """Give a draft that begins with its text a headline; the database has no story without one."""
    if not request.POST.get("headline", "").strip():
        post = request.POST.copy()
        post["headline"] = UNTITLED
        request.POST = post  # type: ignore[assignment]  # What Django lets a request be given.


def _made_already(request: StaffRequest) -> str | None:
    made = read_id(request.POST.get("story_id", ""))
    is_there = made and Article.objects.visible_to(request.user).filter(pk=made).exists()
    return str(made) if is_there else None


def _in_json(request: StaffRequest, save: Callable[[str | None], HttpResponse], key: str | None) -> HttpResponse:
    if not wants_json(request):
        return save(key)
    try:
        require_same_user(request)
        return save(key)
    except PermissionDenied as error:
        return problem(HTTPStatus.FORBIDDEN, str(error) or READ_ONLY)
    except Http404:
        return problem(HTTPStatus.GONE, GONE)
    except ValidationError as error:
        return problem(HTTPStatus.GONE, " ".join(error.messages))


def require_same_user(request: StaffRequest) -> None:
    """Raise PermissionDenied for what one colleague typed, in the name of another who has logged in since in this browser."""
    typed_by = request.headers.get("X-Typed-By", "")
    if typed_by and typed_by != str(request.user.pk):
        raise PermissionDenied(
            f"You are logged in as {request.user} now, but this was typed under another name. Log in under that name in "
            "another tab to keep it."
        )


# Answers


def problem(status: int, sentence: str, **more: Any) -> JsonResponse:
    return JsonResponse({"sentence": sentence, **more}, status=status)


def saved(story: Article, after: str) -> JsonResponse:
    """Say what the story is now; `after` is where the button that was pressed leads."""
    version = story.saved_as  # type: ignore[attr-defined]
    return JsonResponse({
        "id": str(story.pk), "revision": story.revision, "version": version.number, "slug": story.slug,
        "headline": story.headline, "url": reverse("admin:articles_article_change", args=[story.pk]), "next": after,
        "word_count": version.word_count, "saved_at": timezone.now().isoformat(),
    })  # fmt: skip


def refused(form: Any) -> JsonResponse:
    """Say what is wrong, field by field; the empty name stands for the whole."""
    if form.is_held:
        return problem(HTTPStatus.LOCKED, " ".join(form.non_field_errors()))
    errors = {name.replace("__all__", ""): list(sentences) for name, sentences in form.errors.items()}
    what = "what is marked" if any(errors) else "this"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"Not saved. Correct {what}, then save again.", errors=errors)


def conflict(story: Article) -> JsonResponse:
    """Say who saved while this page was open. The form itself, sent again by a person, leads to the page with both texts."""
    latest = story.latest_version
    by = str(latest.by) if latest and latest.by else "A colleague"
    found = {
        "by": by, "version": latest and latest.number, "at": latest and latest.at.isoformat(),
        "revision": story.revision,
    }  # fmt: skip
    sentence = f"{by} saved this story while you were writing. Your text is still here and is not overwritten."
    return problem(HTTPStatus.CONFLICT, sentence, conflict=found)
