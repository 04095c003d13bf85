"""Beginning a story with another one: duplicate it, keep its shape as a template, start from a template."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from media.admin.refill import refused

from ..models import Article, Template
from .requests import StaffRequest
from .story_pages import StoryAdmin, of_story, verb


@of_story
def duplicate(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    """Make a draft of the same words and open it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    made = story.duplicate(by=request.user)
    messages.success(request, f"This is a copy of “{story}”: a draft of your own, with an address of its own.")
    return HttpResponseRedirect(made.get_absolute_url())


@verb
def keep(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    template = story.keep_as_template(request.POST.get("name", ""), by=request.user)
    return f"Saved. “{template}” is now a template for new stories."


def page(model_admin: StoryAdmin, request: StaffRequest) -> HttpResponse:
    """List the templates to start from."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    rows = Template.objects.select_related("by")
    return model_admin.page(request, "templates.html", "Start from a template", templates=rows)


def start(model_admin: StoryAdmin, request: StaffRequest, pk: int) -> HttpResponse:
    """Begin a story of a template's shape and open it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    story = Article.start(get_object_or_404(Template, pk=pk), by=request.user)
    messages.success(request, "This draft follows the template. Replace its words with yours.")
    return HttpResponseRedirect(story.get_absolute_url())


def drop(model_admin: StoryAdmin, request: StaffRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    template = get_object_or_404(Template, pk=pk)
    page = reverse("admin:articles_article_templates")
    try:
        template.drop(by=request.user)
    except (ValidationError, PermissionDenied) as error:
        return refused(request, page, error)
    messages.success(request, f"“{template}” was removed. Stories made from it are not affected.")
    return HttpResponseRedirect(page)


VIEWS = [
    ("<uuid:pk>/duplicate/", duplicate, "duplicate"),
    ("<uuid:pk>/template/", keep, "keep_template"),
    ("templates/", page, "templates"),
    ("templates/<int:pk>/start/", start, "start_template"),
    ("templates/<int:pk>/drop/", drop, "drop_template"),
]
