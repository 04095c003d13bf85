"""What every page of a story begins with: find it among those the user may see, or answer 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from media.admin.refill import refused

from ..models import Article
from .requests import StaffRequest

View = Callable[..., Any]


class StoryAdmin(Protocol):
    """What a page of a story needs of the admin of stories, which imports the pages."""

    opts: Any

    def has_view_permission(self, request: StaffRequest, obj: Article | None = None) -> bool: ...

    def has_add_permission(self, request: StaffRequest) -> bool: ...

    def page(
        self, request: StaffRequest, template: str, title: str, story: Article | None = None, **context: Any
    ) -> TemplateResponse: ...


def of_story(view: View) -> View:
    """Give the view its story, on the clock of the story's site. A restricted one does not exist for those not named on it."""

    @wraps(view)
    def answer(model_admin: StoryAdmin, request: StaffRequest, pk: UUID, **kwargs: Any) -> HttpResponse:
        if not model_admin.has_view_permission(request):
            raise PermissionDenied
        story = Article.objects.visible_to(request.user).select_related("section", "site", "owner").filter(pk=pk)
        if (found := story.first()) is None:
            raise Http404("This story does not exist, or you don’t have access to it.")
        timezone.activate(found.site.zone)
        return view(model_admin, request, found, **kwargs)

    return answer


def verb(view: View) -> View:
    """Let a POST act, say what happened and go back to the page it came from; what is refused stays filled in."""

    @of_story
    @wraps(view)
    def answer(model_admin: StoryAdmin, request: StaffRequest, story: Article, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            said = view(model_admin, request, story, **kwargs)
        except (ValidationError, PermissionDenied) as error:
            return refused(request, back_to(request, story, change="publishing"), error)
        messages.success(request, said)
        return HttpResponseRedirect(back_to(request, story))

    return answer


def back_to(request: StaffRequest, story: Article, *, change: str = "change") -> str:
    """Return the page the form names, if it is one of this story's own; `change` is the page for its text."""
    if photo := getattr(request, "photo_to_go_back_to", None):
        return reverse("admin:media_photo_change", args=[photo]) + "#clearances"
    pages = {"versions": "versions", "change": change}
    page = pages.get(request.POST.get("back", ""), "publishing")
    return reverse(f"admin:articles_article_{page}", args=[story.pk])


def valid(form: forms.Form) -> dict[str, Any]:
    """Return what a form says. Raises ValidationError with every sentence of complaint."""
    if not form.is_valid():
        raise ValidationError([message for messages in form.errors.values() for message in messages])
    return form.cleaned_data
