"""What stories are about and who writes them: people, works, tags, sections, authors, sources."""

from itertools import starmap
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from media.admin.fields import AddressesField
from media.admin.lists import SearchedList
from media.admin.refill import refused
from media.counted import counted

from ..directory import handles
from ..models import (
    Article,
    Author,
    LiveDocument,
    Person,
    PersonAlias,
    Section,
    SectionScope,
    Source,
    Tag,
    Work,
    WorkAlias,
)
from ..stories import holds
from ..text.given import whole_number
from .colleagues import Colleague
from .erasing import Erasable, ErasableNames
from .lists import QuickList
from .photo_field import PhotoFields
from .requests import StaffRequest

Topic = Any  # A Person or a Work, with the `reader` of its page on it.

SHOWN = 50
MOST_TYPED = 2000


class AliasInline(admin.TabularInline):
    extra = 1
    verbose_name, verbose_name_plural = "name", "other names"


class PersonAliasInline(AliasInline):
    model = PersonAlias


class WorkAliasInline(AliasInline):
    model = WorkAlias


def stories_about(topic: Topic) -> dict:
    """Return the stories about a name that its reader may see: scheduled, waiting, live and drafts."""
    now, kind = timezone.now(), topic.address_kind
    visible = Article.objects.visible_to(topic.reader)
    live = LiveDocument.objects.live(now).showing(kind, [topic.pk]).filter(article__in=visible)
    drafts = topic.stories().visible_to(topic.reader).filter(stage="draft").select_related("owner")
    return {
        "scheduled": holds.scheduled(topic, now).filter(article__in=visible).select_related("article", "by").order_by("live_from")[:200],
        "waiting": holds.waiting(topic).visible_to(topic.reader).select_related("owner")[:200],  # type: ignore[attr-defined]  # Its manager is made of our queryset.
        "live": live.select_related("article").order_by("-published_at", "-article")[: SHOWN + 1],
        "drafts": drafts[: SHOWN + 1],
        "most": SHOWN,
    }  # fmt: skip


def what_was_held(topic: Topic, held: holds.Held) -> str:
    """Return in a sentence what “hold all” did."""
    said = [
        f"Canceled: {counted(len(held.editions), 'scheduled edition')}. "
        f"Back with their writers: {counted(len(held.returned), 'story', 'stories')}."
    ]
    if held.asked:
        said.append(f"Outside your sections, so the owners were asked: {counted(len(held.asked), 'story', 'stories')}.")
    else:
        said.append(f"Nothing about {topic} will go live by itself.")
    return " ".join(said)


class ElsewhereForm(forms.ModelForm):
    """A name with its pages elsewhere, one a line."""

    same_as = AddressesField(
        label="Pages elsewhere",
        help_text="One web address per line, such as a Wikipedia or IMDb page. They tell search engines who or what this is.",
    )


class TopicAdmin(PhotoFields, QuickList):
    """A name with its aliases, its stories, and the means to merge it with its duplicate."""

    change_form_template = "admin/articles/topic_change_form.html"
    readonly_fields = ["stories"]

    def get_readonly_fields(self, request: StaffRequest, obj: Model | None = None) -> list[str]:
        return ["stories"] if obj else []

    def get_urls(self) -> list[URLPattern]:
        name = self.opts.model_name
        views = [("merge", self.merge_view), ("hold", self.hold_view)]
        own = [
            path(f"<int:pk>/{verb}/", self.admin_site.admin_view(view), name=f"articles_{name}_{verb}")
            for verb, view in views
        ]
        return own + super().get_urls()

    def get_object(self, request: StaffRequest, object_id: str, from_field: str | None = None) -> Topic | None:
        found = super().get_object(request, object_id, from_field)
        if found:
            # The list of stories below asks who reads it: a restricted one is shown only to those named on it.
            found.reader = request.user
        return found

    @admin.display(description="Stories")
    def stories(self, topic: Topic) -> str:
        return render_to_string("admin/articles/topic_stories.html", {"topic": topic} | stories_about(topic))

    def get_search_results(
        self, request: StaffRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return queryset.search(search_term), False  # type: ignore[attr-defined]

    def merge_view(self, request: StaffRequest, pk: int) -> HttpResponse:
        """Ask which double to merge into this one; on POST, merge."""
        topic = get_object_or_404(self.model, pk=pk)
        if not self.has_change_permission(request, topic):
            raise PermissionDenied
        words = request.GET.get("q", str(topic))
        doubles = self.model.objects.search(words).exclude(pk=pk)[:20]
        if request.method == "POST":
            double = get_object_or_404(self.model, pk=whole_number(request.POST.get("double")) or 0)
            try:
                moved = topic.absorb(double, by=request.user)
            except (ValidationError, PermissionDenied) as error:
                return refused(request, request.get_full_path(), error)
            messages.success(request, f"Merged, with {counted(moved, 'reference')}. The old address redirects here.")
            return HttpResponseRedirect(self._page_of(topic))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "topic": topic,
            "title": f"Merge a duplicate into “{topic}”", "doubles": doubles, "words": words, "back": self._page_of(topic),
        }  # fmt: skip
        return TemplateResponse(request, "admin/articles/merge.html", context)

    def hold_view(self, request: StaffRequest, pk: int) -> HttpResponse:
        """Take every scheduled edition about this name back, and say how many."""
        topic = get_object_or_404(self.model, pk=pk)
        if not self.has_view_permission(request, topic):
            raise PermissionDenied
        if request.method == "POST":
            try:
                held = holds.hold_all(topic, by=request.user, reason=request.POST.get("reason", ""))
            except (ValidationError, PermissionDenied) as error:
                return refused(request, self._page_of(topic), error)
            messages.success(request, what_was_held(topic, held))
        return HttpResponseRedirect(self._page_of(topic))

    def _page_of(self, topic: Topic) -> str:
        return reverse(f"admin:articles_{self.opts.model_name}_change", args=[topic.pk])


@admin.register(Person)
class PersonAdmin(ErasableNames, TopicAdmin):
    form = ElsewhereForm
    change_form_template = "admin/articles/topic_change_form.html"
    list_display = ["name", "also", "born", "died", "slug"]
    search_fields = ["name", "aliases__name"]
    search_help_text = "Searches every name of a person."
    inlines = [PersonAliasInline]
    fieldsets = [
        (None, {"fields": ["name", "description", ("born", "died"), "portrait"]}),
        ("Stories", {"fields": ["stories"]}),
        ("Elsewhere", {"classes": ["collapse"], "fields": ["slug", "sort_name", "same_as"]}),
    ]

    def get_fieldsets(self, request: StaffRequest, obj: Model | None = None) -> list:
        return [each for each in self.fieldsets if obj or each[0] != "Stories"]

    def get_queryset(self, request: StaffRequest) -> QuerySet[Person]:
        return super().get_queryset(request).prefetch_related("aliases")

    @admin.display(description="also known as")
    def also(self, person: Person) -> str:
        return ", ".join(alias.name for alias in person.aliases.all())


@admin.register(Work)
class WorkAdmin(TopicAdmin):
    form = ElsewhereForm
    photo_placements = {"poster": "card"}
    list_display = ["title", "kind", "release_date", "also", "slug"]
    list_filter = ["kind"]
    search_fields = ["title", "aliases__name"]
    search_help_text = "Searches every title of a work."
    inlines = [WorkAliasInline]
    fieldsets = [
        (None, {"fields": ["title", "kind", "release_date", "description", "poster"]}),
        ("Stories", {"fields": ["stories"]}),
        ("Elsewhere", {"classes": ["collapse"], "fields": ["slug", "same_as"]}),
    ]

    def get_fieldsets(self, request: StaffRequest, obj: Model | None = None) -> list:
        return [each for each in self.fieldsets if obj or each[0] != "Stories"]

    def get_queryset(self, request: StaffRequest) -> QuerySet[Work]:
        return super().get_queryset(request).prefetch_related("aliases")

    @admin.display(description="also known as")
    def also(self, work: Work) -> str:
        return ", ".join(alias.name for alias in work.aliases.all())


@admin.register(Tag)
class TagAdmin(PhotoFields, QuickList):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    photo_placements = {"photo": "card"}
    fieldsets = [
        (None, {"fields": ["name", "description"]}),
        ("Its page", {"fields": ["text", "photo"]}),
        ("Elsewhere", {"classes": ["collapse"], "fields": ["slug"]}),
    ]


class SectionForm(forms.ModelForm):
    """Keeps sections where they are reached from: below another one they would come into its editors' hands."""

    by = None

    def clean(self):
        data = super().clean() or self.cleaned_data
        parent = data["parent"].pk if data.get("parent") else None
        moved = self.instance._state.adding or "parent" in self.changed_data
        if moved and self.by is not None and not SectionScope.objects.allows(self.by, parent):
            self.add_error("parent", "Choose one of your own sections. You can only read the others.")
        return data


@admin.register(Section)
class SectionAdmin(PhotoFields, SearchedList):
    list_display = ["whole_name", "site", "position", "slug"]
    list_editable = ["position"]
    list_select_related = ["site", "parent__parent__parent"]
    search_fields = ["name"]
    autocomplete_fields = ["parent"]
    form = SectionForm
    photo_placements = {"photo": "card"}
    fieldsets = [
        (None, {"fields": ["name", "site", "parent", "position", "slug"]}),
        ("Its page", {"fields": ["description", "text", "photo"]}),
    ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        return type("Form", (super().get_form(request, obj, change, **kwargs),), {"by": request.user})

    def has_change_permission(self, request, obj=None):
        """Whoever is limited to some sections changes these; the list of all is theirs to read."""
        allowed = super().has_change_permission(request, obj)
        return allowed and SectionScope.objects.allows(request.user, obj and obj.pk)

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and SectionScope.objects.allows(request.user, obj and obj.pk)

    @admin.display(description="section", ordering="name")
    def whole_name(self, section: Section) -> str:
        return str(section)


class HandlesField(AddressesField):
    """Names on social networks, one a line: “instagram: zoe.lund”, or the address of the profile."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(starmap("{}: {}".format, value.items())) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> dict[str, str]:  # type: ignore[override]  # What it gives is no list.
        text = str(value or "")
        if len(text) > MOST_TYPED:
            raise ValidationError(f"This is too long. Use at most {MOST_TYPED:,} characters.")
        found: dict[str, str] = {}
        for network, handle in (handles.read(line) for line in text.splitlines() if line.strip()):
            if network in found:
                raise ValidationError(f"There are two names on {network}. Enter one.")
            found[network] = handle
        return found

    def validate(self, value: Any) -> None:
        handles.validate_handles(value)

    def run_validators(self, value: Any) -> None:
        """Those of a text have nothing to say of what was read of it."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial or {}) != "\n".join((data or "").split("\r\n")).strip()


class AuthorForm(ElsewhereForm):
    handles = HandlesField(
        label="Names on social networks",
        help_text="One per line, such as “instagram: zoe.lund”, or the address of the profile. "
        f"Networks: {', '.join(handles.NETWORKS)}.",
    )


@admin.register(Author)
class AuthorAdmin(Erasable, PhotoFields, QuickList):
    photo_placements = {"photo": "card"}
    form = AuthorForm
    list_display = ["name", "job_title", "user", "slug"]
    list_select_related = ["user"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "job_title", "biography", "photo", "user"]}),
        ("Elsewhere", {"fields": ["handles", "slug", "same_as"]}),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "user":
            return Colleague(db_field, label="User")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if "user" in form.base_fields:
            form.base_fields["user"].know(obj.user if obj else None)  # type: ignore[attr-defined]
        return form


@admin.register(Source)
class SourceAdmin(QuickList):
    list_display = ["name", "url"]
    search_fields = ["name"]
