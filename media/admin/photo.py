"""The photo desk: the list of photos, and a photo's page."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from ..counted import counted
from ..files import imaging
from ..files.unusable import UnusableImage
from ..models import Agency, Caption, Notice, Photo, PhotoCredit, PhotoToRead, Rendition, Site, Usage
from ..permissions import Actor
from ..photos.findings import Badge, badges
from ..photos.keywords import tidy_keywords
from ..photos.photo import PhotoQuerySet, validate_crops, validate_redactions
from ..rights.decision import Use
from . import boards, bulk, collections, handouts, look_alikes, notice, restrictions, uploads
from .affected import Affecting, leaves
from .collections import CollectionFilter
from .fees import sees_fees
from .fields import BeginningField, WordsField
from .filters import (
    AgencyFilter,
    CreditFilter,
    ExpiringFilter,
    InstructionsFilter,
    LikeFilter,
    TakenFilter,
    UploaderFilter,
    UsableFilter,
)
from .refill import refused
from .right import RightInline, default_sentence

OLD = 365
SIMILAR = 12
NAMES = {"ratio_191_100": "shared link"}


def _without_sizes(going: list) -> list:
    kept = [_without_sizes(each) if isinstance(each, list) else each for each in going]
    size = f"{capfirst(Rendition._meta.verbose_name)}: "
    return [each for each in kept if each != [] and not str(each).startswith(size)]


class PhotoForm(forms.ModelForm):
    credit_line = forms.CharField(
        label="Credit line",
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
        help_text="Its parts are read from this line. Other photos with the old credit keep it.",
    )
    people_named = WordsField(label="Names in the file")
    keywords = WordsField(
        widget=forms.Textarea(attrs={"rows": 2}), help_text="With commas between them. Readers never see them."
    )

    class Meta:
        model = Photo
        fields = [
            "credit_line", "kind", "headline", "event", "taken_at", "city", "country", "people_named", "keywords", "source",
            "supplier_image_id", "job_id", "instructions", "usage_terms", "web_statement", "licensor_url",
            "digital_source_type", "data_mining", "focal_x", "focal_y", "focal_set", "crops",
            "redactions",
        ]  # fmt: skip
        field_classes = {"taken_at": BeginningField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["credit_line"] = self.instance.credit_line
        self.initial["keywords"] = self.instance.known_keywords

    def clean_keywords(self) -> list[str]:
        return tidy_keywords(self.cleaned_data["keywords"])

    def clean_redactions(self) -> list[Any]:
        value = self.cleaned_data["redactions"] or []
        validate_redactions(value)
        return value

    def clean_crops(self) -> dict[str, Any]:
        value = self.cleaned_data["crops"] or {}
        validate_crops(value, self.instance.width, self.instance.height)
        return value

    def save(self, commit: bool = True) -> Photo:
        if {"focal_x", "focal_y"} & set(self.changed_data):
            self.instance.focal_set = True
        if "credit_line" in self.changed_data:
            line = self.cleaned_data["credit_line"]
            self.instance.credit = PhotoCredit.objects.read(line, Agency.objects.vocabulary()) if line else None
        return super().save(commit)


class CaptionForm(forms.ModelForm):
    class Meta:
        model = Caption
        fields = ["kind", "text", "alt", "decorative"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "alt": forms.Textarea(attrs={"rows": 2})}


class CaptionInline(admin.StackedInline):
    """The house caption; the supplied one is shown beside it, unchanged."""

    model = Caption
    form = CaptionForm
    extra = 0
    max_num = 1
    can_delete = False
    verbose_name_plural = "caption: what readers are told"
    fields = ["text", "alt", "decorative"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(kind="house")

    def get_min_num(self, request: HttpRequest, obj: Any | None = None, **kwargs: Any) -> int:
        return 1

    def get_formset(self, request: HttpRequest, obj: Any | None = None, **kwargs: Any) -> type[forms.BaseInlineFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.base_fields.pop("kind", None)
        return formset


@admin.register(Photo)
class PhotoAdmin(
    uploads.Uploads, handouts.Handouts, collections.Collecting, bulk.Bulk, boards.Boards, restrictions.Restrictions,
    look_alikes.LookAlikes, notice.Notices, Affecting, admin.ModelAdmin,
):  # fmt: skip
    """The photo desk without stories; a subclass adds who is in a photo and where it is used."""

    form = PhotoForm
    inlines = [CaptionInline, RightInline]
    # Each is called with (request, photo) and returns (template, context), or None.
    panels = []
    list_display = ["picture", "about", "standing", "taken"]
    list_display_links = ["picture", "about"]
    list_filter = [
        "state", LikeFilter, UsableFilter, ExpiringFilter, CreditFilter, InstructionsFilter, "kind", TakenFilter, UploaderFilter, CollectionFilter, AgencyFilter,
    ]  # fmt: skip
    search_fields = ["pk"]
    search_help_text = "Searches captions, credits, keywords, people, events, places, dates, file names and IDs. Put a phrase in quotes; put a minus before words you don’t want."  # fmt: skip
    date_hierarchy = "created_at"
    list_per_page = 48
    view_on_site = False
    show_full_result_count = False
    actions = [
        "apply_credit", "apply_event", "apply_caption", "apply_keywords", "apply_right", "replace_words", "add_to_collection",
        "remove_from_collection", "contact_sheet",
    ]  # fmt: skip
    change_list_template = "admin/media/photo/change_list.html"
    change_form_template = "admin/media/photo/change_form.html"
    add_form_template = "admin/media/photo/add.html"
    fieldsets = [
        (None, {"fields": ["credit_line", "kind", "event", "taken_at", ("city", "country"), "people_named", "keywords"]}),
        ("Focal point, crops and hidden parts, by number", {"fields": [("focal_x", "focal_y", "focal_set"), "crops", "redactions"], "classes": ["collapse"]}),
        ("From the file", {
            "classes": ["collapse"],
            "fields": [
                "headline", "source", "supplier_image_id", "job_id", "instructions", "usage_terms", "web_statement",
                "licensor_url", "digital_source_type", "data_mining",
            ],
        }),
    ]  # fmt: skip

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<uuid:key>/act/", view(require_POST(self.act)), name="media_photo_act"),
            path("<uuid:key>/evidence/", view(self.evidence), name="media_photo_evidence"),
        ]
        return [
            *own,
            *self.upload_urls(view),
            *self.handout_urls(view),
            *self.collecting_urls(view),
            *self.board_urls(view),
            *self.restriction_urls(view),
            *self.look_alike_urls(view),
            *self.notice_urls(view),
            *super().get_urls(),
        ]

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_facts()

    def get_search_results(
        self, request: HttpRequest, queryset: PhotoQuerySet, search_term: str
    ) -> tuple[PhotoQuerySet, bool]:
        words, meant = queryset.look_for(search_term)
        request.meant = meant  # type: ignore[attr-defined]  # Said above the list.
        return (queryset.holding(words) if ORDER_VAR in request.GET else queryset.search(words)), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            "title": "Photos",
            "upload_limit": uploads.limit(),
            "can_upload": self.has_add_permission(request),
            "boards": boards.MENU,
            "collections": self.collections_of(request),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description="picture")
    def picture(self, photo: Photo) -> str:
        if not photo.version:
            return format_html('<span class="photo-thumb photo-slot">{}</span>', "slot")
        address = reverse("admin:media_photo_thumb", args=[photo.pk])
        thumb = '<img class="photo-thumb" src="{}?v={}" alt="{}" loading="lazy">'
        return format_html(thumb, address, photo.version, f"Open “{photo}”")

    @admin.display(description="caption and credit")
    def about(self, photo: Photo) -> str:
        credit = photo.credit.line() if photo.credit else "No credit"
        return format_html('<strong>{}</strong><br><span class="quiet">{}</span>', photo, credit)

    @admin.display(description="can it be used?")
    def standing(self, photo: Photo) -> str:
        badge = self.badge_of(photo)
        return format_html(
            '<span class="badge badge-{}">{}</span><br><span class="quiet">{}</span>',
            badge.tone, badge.word, badge.sentence,
        )  # fmt: skip

    def badge_of(self, photo: Photo) -> Badge:
        """Return what is gravest of the photo on the default site now, with the reason."""
        use = getattr(photo, "asked_use", None) or self.site_use
        decision = photo.usable(use)
        badge = badges(photo, use, decision)[0]
        return replace(badge, sentence=badge.sentence or decision.reason)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Ask once for the site that the standing of every photo of the page is about."""
        changes, use = super().get_changelist_instance(request), self.site_use
        for photo in changes.result_list:
            photo.asked_use = use
        changes.meant = getattr(request, "meant", "")
        changes.is_unread = bool(changes.query) and PhotoToRead.objects.exists()
        return changes

    @property
    def site_use(self) -> Use:
        return Site.objects.default().use(timezone.now())

    @admin.display(description="taken", ordering="taken_at")
    def taken(self, photo: Photo) -> str:
        if photo.taken_at is None:
            return "—"
        is_old = (photo.created_at - photo.taken_at).days > OLD
        old = format_html(' <span class="badge badge-warn" title="Taken long before it was added">{}</span>', "old")
        mark = old if is_old else ""
        return format_html("{}{}", f"{timezone.localtime(photo.taken_at):%b %-d, %Y}", mark)

    # The page

    def photos_of(self, photo: Photo) -> PhotoQuerySet:
        return Photo.objects.filter(pk=photo.pk)

    def tell_readers(self, form: Any, text: str, *, by: Actor) -> None:
        of_caption = "credit_line" not in form.changed_data
        self.photos_of(form.instance).tell_readers(text, by=by, of_caption=of_caption)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        photo = self.get_object(request, object_id) if object_id else None
        context = self.page(request, photo) if photo else {"upload_limit": uploads.limit()}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def page(self, request: HttpRequest, photo: Photo) -> dict:
        """Return what the photo's page shows besides its form."""
        now = timezone.now()
        supplied = photo.caption("supplied")
        made = list(photo.renditions.all())
        answers, default = photo.answers(now), default_sentence(photo.kind)
        return {
            "photo": photo,
            "title": "Slot" if photo.is_slot else "Photo",
            "supplied": supplied.text if supplied else "",
            "doubts": photo.doubts.splitlines(),
            "said_of_file": photo.supplied,
            "answers": answers,
            "badge": self.badge_of(photo),
            "credits": [(site, photo.credit.line(site.house_style)) for site in Site.objects.all()]
            if photo.credit
            else [],
            "shared_by": photo.credit.photos.count() if photo.credit else 0,
            # Where an answer says so already, once is enough.
            "default": "" if any(answer.reason == default for *_, answer in answers) else default,
            "made": len([row for row in made if row.version == photo.version]),
            "waiting": photo.state == "ready" and photo.delivered.get("version") != photo.version,
            "twins": Photo.objects.duplicates_of(photo.sha256).exclude(pk=photo.pk),
            "similar": Photo.objects.alike(photo).prefetch_related("captions")[:SIMILAR],
            "compared": look_alikes.row(photo) if photo.is_to_compare else None,
            "uses": Usage.objects.filter(photo=photo.pk)[:20],
            "notices": Notice.objects.filter(photos=photo.pk),
            "to_judge": photo.rights.filter(standing="provisional"),
            "terms": restrictions.pieces(photo.read_terms()) if photo.terms else [],
            "can_kill": request.user.has_perm("media.kill_photo"),
            "panels": [panel for each in self.panels if (panel := each(request, photo))],
            "crops": crops_of(photo),
            "no_crop": photo.crops_allowed(("full", "ratio_16_9")) == ("full",),
            "picture": self.picture_to_edit(request, photo, 1280),
            "crop_picture": self.picture_to_edit(request, photo, 320),
            "collections": self.collections_of(request, photo),
            "handout": self.handout_of(request, photo),
            "see_fees": sees_fees(request),
            "leaves": leaves(self.photos_of(photo)),
            "show_save_and_add_another": False,
        }

    def picture_to_edit(self, request: HttpRequest, photo: Photo, width: int) -> str:
        """Return the address of the picture as it is worked on: hidden parts are laid over it, not baked into it."""
        bare = bool(photo.redactions) and self.has_change_permission(request, photo)
        name = "media_photo_uncovered" if bare else "media_photo_thumb_width"
        return f"{reverse(f'admin:{name}', args=[photo.pk, width])}?v={photo.version}"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "redactions" in form.changed_data:
            obj.redact(obj.redactions, by=request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows below, then read instructions that were typed or mended: what they forbid holds at once."""
        super().save_related(request, form, formsets, change)
        if {"instructions", "usage_terms"} & set(form.changed_data) and form.instance.read_again(apply=True):
            board = reverse("admin:media_photo_board", args=["restrictions"])
            self.message_user(
                request,
                format_html(
                    'The instructions were read again. <a href="{}">Confirm or dismiss what they forbid</a>.', board
                ),
                messages.WARNING,
            )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in formset.save(commit=False):
            if isinstance(row, Caption):
                row.kind = "house"
            if hasattr(row, "by_id") and row.by_id is None:
                row.by = request.user
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """Return False for a photo that a story uses; the page says where it is used."""
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_used)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list, dict, set, list]:
        """Leave out the sizes of a photo: whoever deletes it means them too, and there are dozens."""
        going, counts, lacking, protected = super().get_deleted_objects(objs, request)
        sizes = Rendition._meta.verbose_name_plural
        return _without_sizes(going), {name: n for name, n in counts.items() if name != sizes}, lacking, protected

    def delete_queryset(self, request: HttpRequest, queryset: PhotoQuerySet) -> None:
        for photo in queryset:
            photo.delete()

    def act(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Kill, withhold, reinstate, settle doubts, or judge a right: the button's name says which."""
        photo = self.get_object(request, str(key))
        if photo is None or not self.has_change_permission(request, photo):
            raise PermissionDenied
        page = reverse("admin:media_photo_change", args=[key])
        try:
            with transaction.atomic():
                sentence = self.verb(request, photo, request.POST)
        except (ValidationError, UnusableImage) as error:
            return refused(request, page, error)
        messages.success(request, sentence)
        return HttpResponseRedirect(page)

    def verb(self, request: HttpRequest, photo: Photo, given: QueryDict) -> str:
        reason, verb, by = given.get("reason", "").strip(), given.get("verb"), request.user
        if verb == "reinstate":
            photo.reinstate(by=by, reason=reason)
            return "Photo reinstated in every live story."
        if verb == "settle":
            photo.settle(by=by)
            return "Marked as checked."
        if verb in {"confirmed", "dismissed"}:
            right = photo.rights.filter(pk=given.get("right") or 0).first()
            if right is None:
                raise ValidationError("That right was already removed.")
            right.judge(verb, by=by)
            return f"{str(right)[:1].upper()}{str(right)[1:]} is {verb}."
        if verb in {"kill", "withhold"}:
            if not reason:
                raise ValidationError("Enter a reason. Your colleagues will ask.")
            stories = Photo.objects.filter(pk=photo.pk).live_articles(timezone.now())
            photo.kill(
                by=by, reason=reason, public_note=given.get("public_note", "").strip(), withhold=verb == "withhold"
            )
            removed = f"Photo removed from {counted(stories, 'live story', 'live stories')}."
            similar = Photo.objects.ready().alike(photo).count()
            return removed if not similar else format_html(
                '{} <a href="{}?like={}">{}</a> can still be used. Check if they show the same.', removed,
                reverse("admin:media_photo_changelist"), photo.pk, counted(similar, "similar photo"),
            )  # fmt: skip
        raise ValidationError("This page can’t do that. Reload it and try again.")


def crops_of(photo: Photo) -> list[dict[str, Any]]:
    """Return each crop as the page shows it: its name, its shape, and how many pixels it must be wide."""
    shaped = [(crop.name, crop.ratio) for crop in imaging.CROPS.values() if crop.ratio]
    return [
        {
            "key": name, "shape": f"{ratio[0]}-{ratio[1]}", "name": NAMES.get(name, f"{ratio[0]}:{ratio[1]}"),
            "least": imaging.least_width(photo.width, photo.height, name),
        }
        for name, ratio in shaped if photo.width
    ]  # fmt: skip
