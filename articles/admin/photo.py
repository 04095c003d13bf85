"""What the photo desk's pages need to know of stories: who is in a photo, where it is used, one photo for another."""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from media.admin import PhotoAdmin
from media.admin.filters import TypedFilter
from media.admin.lists import SearchedChoices
from media.admin.refill import refused
from media.counted import counted
from media.local_time import say
from media.models import Clearance, Photo, Usage

from ..directory import appearance
from ..live import entries
from ..models import Appearance, Article, AuditEntry, Person, PhotoUse
from ..stories.photo_swap import fill_by, swap
from ..text.sanitizer import uuid
from . import clearance
from .choices import Box
from .photo_field import PhotoPickerWidget
from .requests import StaffRequest

MOST_STORIES = 6
NOT_THEIRS = "a story you don’t have access to"


class AppearanceInline(SearchedChoices, admin.TabularInline):
    model = Appearance
    extra = 0
    verbose_name_plural = "people in the photo, from left to right"

    @property
    def media(self) -> forms.Media:
        """Bring the picker along: what a panel needs has to be in the head of the page, before other modules."""
        return super().media + PhotoPickerWidget().media

    def get_autocomplete_fields(self, request: StaffRequest) -> list[str]:
        return ["person"] if self.admin_site.is_registered(Person) else []


class ExchangeForm(forms.Form):
    photo = forms.CharField(label="Photo to show instead", required=False, widget=PhotoPickerWidget())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="exchange_%s", **kwargs)  # type: ignore[misc]
        self.fields["photo"].widget.attrs["placeholder"] = "The address of the other photo’s page."


def names_offered(request: StaffRequest, photo: Photo) -> tuple[str, dict] | None:
    """Return the panel of names in the file that belong to no person here yet, or None."""
    unmatched = appearance.unmatched(photo.people_named)
    if not unmatched or not request.user.has_perm("articles.add_person"):
        return None
    return "admin/articles/photo/names.html", {"names": unmatched}


def where_used(request: StaffRequest, photo: Photo) -> tuple[str, dict]:
    """Return the panel of the stories that use the photo: those this colleague may see; the others are only counted."""
    now = timezone.now()
    rows = list(photo.uses.select_related("article", "edition").order_by("article", "edition__number", "position"))
    visible = set(
        Article.objects.visible_to(request.user).filter(photo_uses__photo=photo.pk).values_list("pk", flat=True)
    )
    stories = []
    for article, uses in itertools.groupby(rows, key=lambda row: row.article):
        if article.pk in visible:
            stories.append({"article": article, "states": _states(uses, now)})
    own = len({row.article_id for row in rows if row.own_caption is not None})
    context = {
        "stories": stories, "hidden": len({row.article_id for row in rows}) - len(stories), "own_captions": own,
        "entries": entries_with(request, photo),
        "can_swap": request.user.has_perm("articles.publish_article"), "form": ExchangeForm(),
    }  # fmt: skip
    return "admin/articles/photo/where_used.html", context


def entries_with(request: StaffRequest, photo: Photo) -> list[dict]:
    """Return the people, authors, sections, tags and works whose picture the photo is, linked where they may be read."""
    found = [*(("portrait", person) for person in Person.objects.filter(portrait=photo)), *entries.holders(photo.pk)]
    return [
        {
            "name": str(row), "as": name, "kind": row._meta.verbose_name,
            "link": reverse(f"admin:articles_{row._meta.model_name}_change", args=[row.pk])
            if request.user.has_perm(f"articles.view_{row._meta.model_name}") else "",
        }
        for name, row in found
    ]  # fmt: skip


def _states(uses: Iterable[PhotoUse], now: datetime) -> list[str]:
    """Return “lead, live” for each use, a draft's only where no edition says the same."""
    found = [f"{use.get_role_display()}, {_state(use, now)}" for use in uses]
    return list(dict.fromkeys(found))


def _state(use: PhotoUse, now: datetime) -> str:
    if use.edition is None:
        return "working copy"
    return (
        "live"
        if use.edition.live_from <= now
        else f"scheduled for {say(use.edition.live_from, timezone.get_current_timezone())}"
    )


def stories_of(request: StaffRequest, keys: Iterable[UUID], now: datetime) -> dict:
    """Return by photo the live, coming and ready stories that show it, those this colleague may see."""
    visible = Article.objects.visible_to(request.user)
    shown = Q(edition__isnull=False) | Q(article__stage="ready")
    uses = PhotoUse.objects.filter(shown, photo__in=keys, article__in=visible).select_related("article", "edition")
    found: dict[UUID, dict[Article, str]] = defaultdict(dict)
    for use in uses.order_by(F("edition__live_from").asc(nulls_last=True)):
        found[use.photo_id].setdefault(use.article, "ready" if use.edition is None else _state(use, now))
    return {
        key: [(story.headline, reverse("admin:articles_article_change", args=[story.pk]), state)
              for story, state in list(stories.items())[:MOST_STORIES]]
        for key, stories in found.items()
    }  # fmt: skip


def exchange(request: StaffRequest, key: UUID) -> HttpResponse:
    """Swap a photo for another in all live uses; a slot is replaced in every working copy."""
    old = Photo.objects.filter(pk=key).first()
    if old is None:
        raise Http404
    if not request.user.has_perm("media.change_photo"):
        raise PermissionDenied
    admin_of = admin.site.get_model_admin(Photo)
    try:
        new = _named(request.POST.get("photo", ""))
        number = (fill_by if old.is_slot else swap)(old, new, by=request.user)
    except (ValidationError, PermissionDenied) as error:
        return refused(request, reverse("admin:media_photo_change", args=[key]), error)
    admin_of.message_user(request, f"Put into {counted(number, 'story', 'stories')}.")
    return HttpResponseRedirect(reverse("admin:media_photo_change", args=[new.pk]))


def _named(text: str) -> Photo:
    """Return the photo of an id, or of the address of a photo's page. Raises ValidationError."""
    key = text.strip().rstrip("/").removesuffix("/change").rsplit("/", 1)[-1]
    if not key:
        raise ValidationError("Choose the photo to show instead.")
    if (found := Photo.objects.filter(pk=uuid(key)).first()) is None:  # type: ignore[misc]
        raise ValidationError("No photo found. Paste the address of its page.")
    return found


class PeopleForm(forms.Form):
    """Adds people to all photos, and removes others."""

    add = Box(
        Article._meta.get_field("people"), label="Add people", help_text="After those a photo has, in this order."
    )  # type: ignore[arg-type]
    remove = Box(Article._meta.get_field("people"), label="Remove people")  # type: ignore[arg-type]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not (given.get("add") or given.get("remove") or self.errors):
            raise ValidationError("Choose somebody to add or to remove.")
        return given

    def change(self, photo: Photo, by: Any) -> bool:
        return appearance.show(photo, **self.cleaned_data, by=by)


class PersonFilter(TypedFilter):
    title = "person in the photo"
    parameter_name = "person"

    def queryset(self, request: StaffRequest, photos: QuerySet[Photo]) -> QuerySet[Photo]:
        name = self.value() or ""
        return photos.filter(pk__in=appearance.showing(name)) if name.strip() else photos


class StoryPhotoAdmin(PhotoAdmin):
    """The photo desk's pages with the people in a photo and the stories that use it."""

    inlines = [PhotoAdmin.inlines[0], AppearanceInline, *PhotoAdmin.inlines[1:]]
    panels = [names_offered, clearance.of_photo, where_used]
    list_filter = [*PhotoAdmin.list_filter, PersonFilter]
    actions = [*PhotoAdmin.actions[:4], "apply_people", *PhotoAdmin.actions[4:]]

    @admin.action(description="Add or remove people…", permissions=["change", "people"])
    def apply_people(self, request: StaffRequest, queryset: Any) -> HttpResponse | None:
        return self.ask(request, queryset, PeopleForm, "apply_people", "Add or remove people")

    def has_people_permission(self, request: StaffRequest) -> bool:
        return request.user.has_perms(["articles.add_appearance", "articles.delete_appearance"])

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(exchange))
        return [path("<uuid:key>/exchange/", view, name="media_photo_exchange"), *super().get_urls()]

    def original(self, request: StaffRequest, key: UUID) -> HttpResponseBase:
        answer = super().original(request, key)
        AuditEntry.record("photo.original_downloaded", at=timezone.now(), by=request.user, subject=str(key))
        return answer

    def note_handout(self, request: StaffRequest, photo: Photo, usage: Usage) -> None:
        AuditEntry.record(
            "photo.downloaded", at=usage.live_from, by=request.user, subject=str(photo.pk),
            note=f"{usage.channel}: {usage.headline}",
        )  # fmt: skip

    def evidence(self, request: StaffRequest, key: UUID) -> HttpResponseBase:
        answer = super().evidence(request, key)
        AuditEntry.record("photo.evidence_printed", at=timezone.now(), by=request.user, subject=str(key))
        return answer

    def history_view(
        self, request: StaffRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to what the log says of the photo: its verbs write there, and the stock history knows none of them."""
        if not request.user.has_perm("articles.view_auditentry"):
            return super().history_view(request, object_id, extra_context)
        return HttpResponseRedirect(f"{reverse('admin:articles_auditentry_changelist')}?q={quote(object_id)}")

    def with_stories(self, request: StaffRequest, clearances: Iterable[Clearance]) -> list[tuple[Clearance, str]]:
        rows = list(clearances)
        visible = Article.objects.visible_to(request.user).filter(pk__in=[row.article for row in rows])
        names = {story.pk: f"“{story}”" for story in visible}
        return [(row, names.get(row.article, NOT_THEIRS)) for row in rows]

    def stories_of(self, request: StaffRequest, keys: Iterable[UUID], now: datetime) -> dict:
        return stories_of(request, keys, now)


admin.site.unregister(Photo)
admin.site.register(Photo, StoryPhotoAdmin)
