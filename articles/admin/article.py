"""Stories: the list, and the page a writer spends the day on."""

from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, Prefetch, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from media.models import Site

from ..models import (
    Address,
    Article,
    ArticleAuthor,
    ArticlePerson,
    ArticleWork,
    TabAutosave,
)
from ..text import limits
from ..text.given import whole_number
from ..text.sanitizer import uuid
from . import (
    clearance,
    conflict,
    day,
    find_everywhere,
    folds,
    history,
    open_story,
    panel,
    preview,
    publishing,
    saving,
    sealing,
    story_import,
    story_list,
    templates,
    workflow,
)
from .article_form import HIDDEN, ROWS, ArticleForm
from .requests import StaffRequest
from .story_list import StoryList


@admin.register(Article)
class ArticleAdmin(StoryList):
    form = ArticleForm
    save_on_top = False
    fieldsets = [
        (None, {"fields": ["headline", "standfirst", "body", *HIDDEN], "classes": ["writing"]}),
        ("Lead photo", {"fields": ["lead_photo", "lead_caption", "lead_alt", ("lead_layout", "lead_decorative")]}),
        ("Section", {"fields": [("section", "kind"), "slug"]}),
        ("Byline", {"fields": ["writers", "contributors", "byline"]}),
        ("Tags and people", {"fields": ["main_people", "mentioned_people", "about_works", "tags"]}),
        (
            "Search and social",
            {
                "fields": [
                    "headline_short", "headline_search", "headline_social", "seo_title", "seo_description",
                    "social_photo", "canonical_url", "noindex",
                ],
            },
        ),
        (
            "Rights and embargo",
            {"fields": [("embargo_until", "embargo_reason"), "restricted_to", "source", "stand_in_photo"]},
        ),
        ("Review", {"fields": ["review_work", ("review_rating", "review_scale"), "review_verdict"]}),
        (
            "More",
            {
                "fields": [
                    "label", "related", ("breaking", "sensitive"), "sponsored", "original_published_at",
                    ("site", "locale"), "translation_of", "owner",
                ],
            },
        ),
    ]  # fmt: skip

    # What a user may see and change

    def get_queryset(self, request: StaffRequest) -> QuerySet[Article]:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined]

    def get_object(self, request: StaffRequest, object_id: str, from_field: str | None = None) -> Article | None:
        """Load a story with all its links at once; while it is being saved, nobody else saves it."""
        rows = self.get_queryset(request).select_related(*ROWS).defer("translation_of__body")
        stories = rows.prefetch_related(*links())
        if request.method == "POST":
            stories = stories.select_for_update(of=("self",), no_key=True)
        try:
            key = Article._meta.pk.to_python(object_id)
        except ValidationError:
            return None
        addresses = Address.objects.filter(kind="article", target=str(key))
        return stories.annotate(has_public_address=models.Exists(addresses)).filter(pk=key).first()

    def has_change_permission(self, request: StaffRequest, obj: Article | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.is_editable_by(request.user))

    def has_delete_permission(self, request: StaffRequest, obj: Article | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: StaffRequest, obj: Article | None = None) -> list[str]:
        if obj is None:
            return []
        return ["slug"] if obj.is_address_public() else []

    # Opening

    def get_form(
        self, request: StaffRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj:
            timezone.activate(obj.site.zone)
        form.by = request.user  # type: ignore[attr-defined]
        if obj and request.method == "GET" and request.GET.get("restore"):
            kept = open_story.asked_for(request, obj)
            own = {"based_on": kept.revision, "restored": kept.pk} if kept else {}
            form.typed = (kept.fields | own) if kept else None  # type: ignore[attr-defined]
        return form

    def get_changeform_initial_data(self, request: StaffRequest) -> dict[str, Any]:
        author = getattr(request.user, "author", None)
        given = {"site": Site.objects.default().pk} | ({"writers": [author.pk]} if author else {})
        return super().get_changeform_initial_data(request) | given

    def render_change_form(
        self,
        request: StaffRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Article | None = None,
    ) -> HttpResponse:
        form = context["adminform"].form
        if getattr(form, "is_conflict", False):
            if saving.wants_json(request):
                return saving.conflict(form.instance)
            return conflict.screen(self, request, form, obj)  # type: ignore[arg-type]
        if request.method == "POST" and saving.wants_json(request):
            return saving.refused(form)
        if obj and change:
            context |= open_story.context(request, obj)
        site = obj.site if obj else Site.objects.default()
        context |= {"site_name": site.name, "site_host": urlsplit(site.url("/")).netloc, "site_language": site.locale}
        context |= open_story.limits_of_page() | {"media": context["media"] + open_story.scripts()}
        writing, beside = folds.divided(context["adminform"])
        context |= {"writing": writing, "folds": beside}
        response = super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)
        if getattr(form, "is_held", False):
            response.status_code = HTTPStatus.LOCKED
        return response

    # Saving

    def changeform_view(
        self,
        request: StaffRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        view = super().changeform_view
        if request.method != "POST":
            return view(request, object_id, form_url, extra_context)
        limits.read_ahead(request.POST.get("body", ""))
        return saving.once(request, object_id, lambda key: view(request, key, form_url, extra_context))

    def _get_obj_does_not_exist_redirect(self, request: StaffRequest, *which: Any) -> HttpResponse:
        if saving.wants_json(request):
            raise Http404
        return super()._get_obj_does_not_exist_redirect(request, *which)  # type: ignore[misc]

    def save_model(self, request: StaffRequest, obj: Any, form: ArticleForm, change: bool) -> None:
        if form.is_late:
            return
        if not change:
            obj.owner = obj.owner or request.user
        obj.save()

    def save_related(
        self, request: StaffRequest, form: ArticleForm, formsets: Sequence[forms.BaseFormSet], change: bool
    ) -> None:
        if form.is_late:
            form.instance.saved_as = form.instance.latest_version
            return
        key = saving.key_of(request)
        form.save_m2m()
        form.instance.saved_as = form.instance.record(by=request.user, key=key)
        kept = models.Q(tab=key.page) | models.Q(pk=form.cleaned_data.get("restored") or 0)
        TabAutosave.objects.typed_by(request.user, form.instance).filter(kept).delete()
        if merged := whole_number(request.POST.get("kept")):
            TabAutosave.objects.filter(article=form.instance, pk=merged).delete()

    def log_change(self, request: StaffRequest, obj: Article, message: Any) -> None:
        """Versions and the audit log say who changed what; the stock log would say it a second time."""

    def log_addition(self, request: StaffRequest, obj: Article, message: Any) -> None:
        pass

    def response_add(self, request: StaffRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self._saved(request, obj)

    def response_change(self, request: StaffRequest, obj: Article) -> HttpResponse:
        return self._saved(request, obj)

    def _saved(self, request: StaffRequest, obj: Article) -> HttpResponse:
        if "_popup" in request.POST:
            return super().response_change(request, obj)
        after = _after(request, obj)
        if saving.wants_json(request):
            return saving.saved(obj, after)
        if "_publish" not in request.POST:
            number = obj.saved_as.number  # type: ignore[attr-defined]
            messages.success(request, f"Saved as version {number}. Readers see it when it is published.")
        return HttpResponseRedirect(after)

    # Other pages of a story

    def get_urls(self) -> list[URLPattern]:
        pages = (
            panel,
            publishing,
            day,
            preview,
            clearance,
            history,
            conflict,
            workflow,
            open_story,
            story_import,
            find_everywhere,
            templates,
            sealing,
            story_list,
        )
        views = [view for page in pages for view in page.VIEWS]
        own = [
            path(route, self.admin_site.admin_view(view_for(self, view)), name=f"articles_article_{name}")
            for route, view, name in views
        ]
        return own + super().get_urls()

    def page(
        self, request: StaffRequest, template: str, title: str, story: Article | None = None, **context: Any
    ) -> TemplateResponse:
        """Answer with one of our own pages in the admin's frame."""
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": title, "story": story,
            "media": self.media, **context,
        }  # fmt: skip
        return TemplateResponse(request, f"admin/articles/article/{template}", context)

    def panel(self, request: StaffRequest, story: Article) -> str:
        """Return the panel beside the text, for the answers to its buttons."""
        return panel.rendered(request, story)

    def history_view(
        self, request: StaffRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if uuid(object_id) is None:
            raise Http404
        return HttpResponseRedirect(reverse("admin:articles_article_versions", args=[object_id]))

    # What the page says about the links of a story that may only be read

    @admin.display(description="By")
    def writers(self, story: Article) -> str:
        return _names(link.author for link in story.articleauthor_set.all() if not link.role)

    @admin.display(description="Additional reporting")
    def contributors(self, story: Article) -> str:
        return _names(link.author for link in story.articleauthor_set.all() if link.role)

    @admin.display(description="About people")
    def main_people(self, story: Article) -> str:
        return _names(link.person for link in story.articleperson_set.all() if link.role == "main")

    @admin.display(description="Mentions")
    def mentioned_people(self, story: Article) -> str:
        return _names(link.person for link in story.articleperson_set.all() if link.role != "main")

    @admin.display(description="About works")
    def about_works(self, story: Article) -> str:
        return _names(link.work for link in story.articlework_set.all())


def links() -> list[str | Prefetch]:
    """Return what a story's page shows of its links, a query each."""
    return [
        Prefetch("articleauthor_set", ArticleAuthor.objects.select_related("author")),
        Prefetch("articleperson_set", ArticlePerson.objects.select_related("person")),
        Prefetch("articlework_set", ArticleWork.objects.select_related("work")),
        "tags",
        Prefetch("related", Article.objects.only("pk", "headline")),
        "restricted_to",
    ]


def _after(request: StaffRequest, story: Article) -> str:
    """Return the page that the button leads to that was pressed."""
    if "_publish" in request.POST:
        return reverse("admin:articles_article_publishing", args=[story.pk])
    if "_save" in request.POST:
        return reverse("admin:articles_article_changelist")
    return reverse("admin:articles_article_change", args=[story.pk])


def view_for(model_admin: admin.ModelAdmin, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def answer(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(model_admin, request, *args, **kwargs)

    return answer


def _names(rows: Iterable[Model]) -> str:
    return ", ".join(str(row) for row in rows) or "–"
