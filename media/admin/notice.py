"""An agency's notice, pasted as text: see which photos it names, and act on all of them in one step."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from ..counted import counted
from ..files.unusable import UnusableImage
from ..models import Notice, NoticeMark, Photo
from ..photos import notice_text
from ..photos.photo import PhotoQuerySet
from .affected import affected
from .lists import SearchedList


class PasteForm(forms.Form):
    text = forms.CharField(
        label="The notice",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Paste it as it came, with its photo IDs.",
    )


class ActForm(forms.Form):
    """What to do about the photos that were found."""

    text = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=[*Notice.Kind.choices, ("replace", "replace the file")], label="What to do")
    reason = forms.CharField(max_length=300, help_text="For colleagues and the log.")
    public_note = forms.CharField(
        max_length=300,
        required=False,
        help_text="What readers are told where the photo was, or, for a correction, in every live story that shows it. Leave empty to say nothing.",
        label="Tell readers",
    )
    photos = forms.ModelMultipleChoiceField(Photo.objects.all(), required=False)
    ids = forms.MultipleChoiceField(required=False)
    caption = forms.CharField(
        label="Corrected caption",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For a correction.",
    )
    credit = forms.CharField(label="Corrected credit", required=False, max_length=500, help_text="For a correction.")
    file = forms.FileField(label="New file", required=False, help_text="To replace the file of the one photo chosen.")

    def __init__(self, *args: Any, unknown: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ids"].choices = [(word, word) for word in unknown]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        photos = given.get("photos") or []
        if given.get("kind") == "replace" and (len(photos) != 1 or not given.get("file")):
            raise ValidationError("To replace a file, choose one photo and its new file.")
        if given.get("kind") == "correction" and not (given.get("caption") or given.get("credit")):
            raise ValidationError("Enter the corrected caption or credit.")
        if not photos and not given.get("ids"):
            raise ValidationError("Choose at least one photo, or an ID to remember.")
        return given


class Notices:
    """The view of PhotoAdmin where a notice is pasted."""

    def notice_urls(self, view: Callable[..., Any]) -> list[URLPattern]:
        return [path("notice/", view(self.paste), name="media_photo_notice")]

    def paste(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("media.kill_photo"):
            raise PermissionDenied
        text = request.POST.get("text", "")
        context = {"title": "Act on a notice", "paste": PasteForm({"text": text} if text else None)}
        if text.strip():
            found = notice_text.read(text)
            matching = Photo.objects.matching(found.ids)
            unknown = Photo.objects.unknown(found.ids)
            form = self.act_form(request, text, found, matching, unknown)
            if form.is_bound and form.is_valid() and self.acted(request, form.cleaned_data):
                return HttpResponseRedirect(reverse("admin:media_photo_board", args=["killed"]))
            chosen = request.POST.getlist("photos") if form.is_bound else [str(photo.pk) for photo in matching]
            ticked = (
                request.POST.getlist("ids") if form.is_bound else [word for word in unknown if word in found.labelled]
            )
            context |= {
                "form": form, "found": matching, "unknown": unknown, "chosen": chosen, "ticked": ticked,
                "affected": affected(Photo.objects.filter(pk__in=[photo.pk for photo in matching])),
            }  # fmt: skip
        return TemplateResponse(
            request, "admin/media/desk/notice.html", self.admin_site.each_context(request) | context
        )

    def act_form(
        self,
        request: HttpRequest,
        text: str,
        found: notice_text.NoticeText,
        matching: PhotoQuerySet,
        unknown: list[str],
    ) -> ActForm:
        if "act" in request.POST:
            return ActForm(request.POST, request.FILES, unknown=unknown)
        return ActForm(initial={"text": text, "kind": found.kind, "photos": matching}, unknown=unknown)

    def acted(self, request: HttpRequest, given: dict[str, Any]) -> bool:
        """Act on everything in one transaction; return False after telling the user why that failed."""
        upload = given["file"]
        try:
            notice = Notice.objects.act(
                given["kind"], text=given["text"], reason=given["reason"], public_note=given["public_note"],
                photos=given["photos"], ids=given["ids"], caption=given["caption"], credit=given["credit"],
                file=(upload.read(), upload.name) if upload else None, by=request.user,
            )  # fmt: skip
        except (ValidationError, UnusableImage) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
            return False
        messages.success(
            request, f"Done: {counted(notice.photos.count(), 'photo')}, {counted(len(given['ids']), 'id')} remembered."
        )
        return True


class NoticeMarkInline(admin.TabularInline):
    model = NoticeMark
    extra = 0
    verbose_name_plural = "ids and digests that may not come back"


@admin.register(Notice)
class NoticeAdmin(SearchedList):
    """What was ordered, by whom, and who acted; read only, but for the ids."""

    list_display = ["kind", "reason", "agency", "received_at", "acted_at", "by", "lifted_at"]
    list_filter = ["kind", "lifted_at"]
    search_fields = ["text", "reason", "marks__value"]
    date_hierarchy = "received_at"
    fields = ["kind", "text", "reason", "public_note", "agency", "received_at", "acted_at", "by", "lifted_at", "about"]
    readonly_fields = ["kind", "text", "reason", "received_at", "acted_at", "by", "lifted_at", "about"]
    inlines = [NoticeMarkInline]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Notices"} | (extra_context or {}))

    @admin.display(description="photos")
    def about(self, notice: Notice) -> str:
        return ", ".join(str(photo) for photo in notice.photos.all()[:20]) or "—"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return False
