"""How many photos and stories a change reaches, said before it is saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ..counted import counted
from ..models import Photo
from ..permissions import Actor
from ..photos.photo import PhotoQuerySet

MOST = 10_000


def affected(photos: PhotoQuerySet) -> str:
    """Return “Saving changes 3 photos and 2 live stories immediately.”, counted up to 10,000; of no live story, that."""
    number = photos.order_by().values("pk").distinct()[: MOST + 1].count()
    if not number:
        return "No photo here has it yet, so saving changes no story."
    changes = f"Saving changes {about(number, 'photo', 'photos')}"
    if stories := photos.live_articles(timezone.now(), MOST):
        return f"{changes} and {live_stories(stories)} immediately."
    return f"{changes}. No live story shows {'it' if number == 1 else 'them'}."


def leaves(photos: PhotoQuerySet) -> str:
    """Return a sentence saying what a take-down does."""
    stories = photos.live_articles(timezone.now(), MOST)
    return (
        f"This removes it from {live_stories(stories)} immediately, with every feed and file."
        if stories
        else "No live story shows it. It can no longer be used anywhere."
    )


def live_stories(number: int) -> str:
    return about(number, "live story", "live stories")


def about(number: int, one: str, many: str) -> str:
    return f"{MOST:,}+ {many}" if number > MOST else counted(number, one, many)


class Affecting:
    """A ModelAdmin whose form says how many photos and live stories it changes, and may tell their readers so."""

    change_form_template = "admin/media/affecting_change_form.html"

    def photos_of(self, row: Any) -> PhotoQuerySet:
        return Photo.objects.filter(**row.scope)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id) if object_id else None
        context = self.reach(request, self.photos_of(row)) if row else {}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def reach(self, request: HttpRequest, photos: PhotoQuerySet) -> dict:
        may_tell = request.user.has_perm("media.change_photo") and photos.live_articles(timezone.now(), 1) > 0
        return {"affected": affected(photos), "may_tell": may_tell, "told": request.POST.get("tell_readers", "")}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if text := request.POST.get("tell_readers", "").strip():
            self.tell_readers(form, text, by=request.user)
            messages.success(request, "Correction added to every live story that shows it.")

    def tell_readers(self, form: Any, text: str, *, by: Actor) -> None:
        row = form.instance
        held = type(row).objects.filter(pk=row.pk)
        self.photos_of(row).tell_readers(text, by=by, through=held)
