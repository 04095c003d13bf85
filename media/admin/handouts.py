"""Copies of a photo for print and partners, from its page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from ..files.unusable import UnusableImage
from ..models import Photo, Site, Usage
from ..photos.handout import CHANNELS
from ..rights.validators import validate_territories
from .fields import WordsField
from .refill import refused
from .uploads import from_store

SALT = "media.handout"
SECONDS = 600
GONE = "This download is no longer open. Enter it again on the photo’s page."


class HandoutForm(forms.Form):
    channel = forms.ChoiceField(label="For", choices=[("print", "print"), ("syndication", "a partner")])
    to = forms.CharField(
        label="Who gets it", max_length=300, help_text="Such as “Marquee Monthly, June issue”. It goes into the ledger."
    )
    territories = WordsField(
        label="Countries", upper=True, help_text="Country codes, such as US, CA. Leave empty for everywhere."
    )
    fee = forms.DecimalField(required=False, min_value=0, max_digits=10, decimal_places=2)
    agreed = forms.CharField(
        label="Who agreed to the fee", required=False, max_length=200, help_text="A name or an order number."
    )

    def __init__(self, *args: Any, may_clear: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="handout_%s", **kwargs)
        if not may_clear:
            del self.fields["fee"], self.fields["agreed"]

    def clean_territories(self) -> list[str]:
        validate_territories(self.cleaned_data["territories"])
        return self.cleaned_data["territories"]


class Handouts:
    """The views of PhotoAdmin that give copies away: a form enters the use, an address that holds for minutes is the file."""

    def handout_urls(self, view: Callable[..., Any]) -> list[URLPattern]:
        return [
            path("<uuid:key>/handout/", view(require_POST(self.hand_out)), name="media_photo_handout"),
            path("<uuid:key>/copy/<str:token>/", view(require_GET(self.copy)), name="media_photo_copy"),
        ]

    def handout_of(self, request: HttpRequest, photo: Photo) -> dict | None:
        """Return what the photo's page shows of it, or None."""
        if not (photo.version and request.user.has_perm("media.download_photo")):
            return None
        now = timezone.now()
        answers = [photo.may_be_handed_out(channel, at=now) for channel in CHANNELS]
        form = HandoutForm(
            may_clear=request.user.has_perm("media.clear_photo"),
            initial={"territories": Site.objects.default().territories},
        )
        return {"answers": list(zip(("Print", "Partners"), answers, strict=True)), "form": form}

    def hand_out(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Enter the use in the ledger and lead to the file."""
        photo = self._of_theirs(request, key)
        page = reverse("admin:media_photo_change", args=[key])
        form = HandoutForm(request.POST, may_clear=request.user.has_perm("media.clear_photo"))
        try:
            if not form.is_valid():
                raise ValidationError([sentence for each in form.errors.values() for sentence in each])
            with transaction.atomic():
                usage = photo.hand_out(by=request.user, **form.cleaned_data)
                self.note_handout(request, photo, usage)
        except (ValidationError, PermissionDenied, UnusableImage) as error:
            return refused(request, page, error)
        token = signing.dumps([usage.pk, form.cleaned_data["territories"]], salt=SALT)
        return HttpResponseRedirect(reverse("admin:media_photo_copy", args=[key, token]))

    def note_handout(self, request: HttpRequest, photo: Photo, usage: Usage) -> None:
        """Note who took which file away; overridden by the app that has a log."""

    @from_store
    def copy(self, request: HttpRequest, key: UUID, token: str) -> HttpResponse:
        """Return the file of an entry of the ledger to whoever made it, if it may still be given."""
        photo, page = self._of_theirs(request, key), reverse("admin:media_photo_change", args=[key])
        try:
            number, territories = signing.loads(token, salt=SALT, max_age=SECONDS)
        except signing.BadSignature:
            messages.error(request, GONE)
            return HttpResponseRedirect(page)
        usage = Usage.objects.filter(pk=number, photo=photo.pk, entered_by=request.user).first()
        if usage is None:
            raise Http404
        decision = photo.may_be_handed_out(usage.channel, at=timezone.now(), territories=territories, new=False)
        if not decision:
            messages.error(request, decision.reason)
            return HttpResponseRedirect(page)
        name = slugify(photo.supplier_image_id) or photo.pk
        data = photo.copy(max_width=decision.max_width)
        return HttpResponse(
            data, content_type="image/jpeg",
            headers={"Content-Disposition": f'attachment; filename="{name}.jpg"', "Cache-Control": "private, no-store"},
        )  # fmt: skip

    def _of_theirs(self, request: HttpRequest, key: UUID) -> Photo:
        photo = self.get_object(request, str(key))
        if photo is None or not photo.file:
            raise Http404
        if not (self.has_view_permission(request, photo) and request.user.has_perm("media.download_photo")):
            raise PermissionDenied
        return photo
