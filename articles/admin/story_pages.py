"""What every page of a story begins with: find it among those the user may see, or answer 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from media.admin.refill import refused
from media.counted import counted

from ..models import Article
from ..stories.edition_steps import GateClosed
from . import saving
from .requests import StaffRequest

View = Callable[..., Any]
SAVED_SINCE = "saved_since"
"""The code of a ValidationError that says somebody saved the story meanwhile."""


class StoryAdmin(Protocol):
    """What a page of a story needs of the admin of stories, which imports the pages."""

    opts: Any

    def has_view_permission(self, request: StaffRequest, obj: Article | None = None) -> bool: ...

    def has_add_permission(self, request: StaffRequest) -> bool: ...

    def page(
        self, request: StaffRequest, template: str, title: str, story: Article | None = None, **context: Any
    ) -> TemplateResponse: ...

    def panel(self, request: StaffRequest, story: Article) -> str: ...


def of_story(view: View) -> View:
    """Give the view its story, on the clock of the story's site. A restricted one does not exist for those not named on it."""

    @wraps(view)
    def answer(model_admin: StoryAdmin, request: StaffRequest, pk: UUID, **kwargs: Any) -> HttpResponse:
        if not model_admin.has_view_permission(request):
            raise PermissionDenied
        if (found := _find(request, pk)) is None:
            raise Http404("This story does not exist, or you don’t have access to it.")
        timezone.activate(found.site.zone)
        return view(model_admin, request, found, **kwargs)

    return answer


def _find(request: StaffRequest, pk: UUID) -> Article | None:
    stories = Article.objects.visible_to(request.user).select_related("section", "site", "owner")
    return stories.filter(pk=pk).first()


def verb(view: View) -> View:
    """Let a POST act and say what happened: in JSON where the page's script asked, else on the page it came from.

    What is refused stays filled in.
    """

    @of_story
    @wraps(view)
    def answer(model_admin: StoryAdmin, request: StaffRequest, story: Article, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        as_json = saving.wants_json(request)
        try:
            if as_json:
                saving.require_same_user(request)
            said = view(model_admin, request, story, **kwargs)
        except (ValidationError, PermissionDenied) as error:
            request.gate_closed = isinstance(error, GateClosed)  # type: ignore[attr-defined]  # For the panel.
            if as_json:
                return _refused(model_admin, request, story, error)
            return refused(request, back_to(request, story, change="publishing"), error)
        if as_json:
            return _done(model_admin, request, story, said)
        messages.success(request, said)
        return HttpResponseRedirect(back_to(request, story) if _find(request, story.pk) else _list())

    return answer


def _list() -> str:
    return reverse("admin:articles_article_changelist")


def _done(model_admin: StoryAdmin, request: StaffRequest, story: Article, said: str) -> JsonResponse:
    """Answer {sentence, panel, revision}, or {sentence, next} where the story is not there any more."""
    now = _find(request, story.pk)
    if now is None:
        messages.success(request, said)
        return JsonResponse({"sentence": said, "next": _list()})
    return JsonResponse({"sentence": said, "panel": model_admin.panel(request, now), "revision": now.revision})


def _refused(model_admin: StoryAdmin, request: StaffRequest, story: Article, error: Exception) -> JsonResponse:
    """Answer 403, 409 or 422 with a sentence, the sentences by field, and the panel where the checklist said no."""
    if isinstance(error, PermissionDenied):
        return saving.problem(403, str(error) or saving.READ_ONLY)
    assert isinstance(error, ValidationError)
    if isinstance(error, GateClosed):
        found = counted(len(error.problems), "thing", "things")
        sentence = f"Not published: fix {found} in the checklist first."
        return saving.problem(422, sentence, panel=model_admin.panel(request, story))
    if getattr(error, "code", "") == SAVED_SINCE:
        return saving.problem(409, " ".join(error.messages))
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    errors = {name.replace("__all__", ""): sentences for name, sentences in by_field.items()}
    return saving.problem(422, "Not done. " + " ".join(error.messages), errors=errors)


def back_to(request: StaffRequest, story: Article, *, change: str = "change") -> str:
    """Return the page the form names, if it is one of this story's own; `change` is the page for its text."""
    if photo := getattr(request, "photo_to_go_back_to", None):
        return reverse("admin:media_photo_change", args=[photo]) + "#clearances"
    pages = {"versions": "versions", "change": change}
    page = pages.get(request.POST.get("back", ""), "publishing")
    return reverse(f"admin:articles_article_{page}", args=[story.pk])


def valid(form: forms.Form) -> dict[str, Any]:
    """Return what a form says. Raises ValidationError with every sentence of complaint, by field."""
    if not form.is_valid():
        raise ValidationError({_name(form, field): list(said) for field, said in form.errors.items()})
    return form.cleaned_data


def _name(form: forms.Form, field: str) -> str:
    return form.add_prefix(field) if field in form.fields else field
