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
    """Return “3 photos, 2 live articles change at once”, counted up to 10,000."""
    number = photos.order_by().values("pk").distinct()[: MOST + 1].count()
    stories = photos.live_articles(timezone.now(), MOST)
    return f"{about(number, 'photo')}, {about(stories, 'live article')} change at once when this is saved."


def reach(photos: PhotoQuerySet) -> tuple[int, str]:
    """Return how many live stories change with these photos, and “1 photo, 2 live stories change.”"""
    stories = photos.live_articles(timezone.now(), MOST)
    number = photos.order_by().values("pk").distinct().count()
    return stories, f"{about(number, 'photo')}, {about(stories, 'live story', 'live stories')} change."


def leaves(photos: PhotoQuerySet) -> str:
    """Return a sentence saying what a take-down does."""
    stories = photos.live_articles(timezone.now(), MOST)
    return (
        f"It leaves {counted(stories, 'live article')} at once, with every feed and file."
        if stories
        else ("No live article shows it; it can be used nowhere from then on.")
    )


def about(number: int, noun: str, many: str = "") -> str:
    return f"{MOST:,}+ {many or f'{noun}s'}" if number > MOST else counted(number, noun, many)


class Affecting:
    """A ModelAdmin whose form says how many photos and live articles it changes, and may tell their readers so."""

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
            messages.success(request, "The correction stands in every live article that shows it.")

    def tell_readers(self, form: Any, text: str, *, by: Actor) -> None:
        row = form.instance
        held = type(row).objects.filter(pk=row.pk)
        self.photos_of(row).tell_readers(text, by=by, through=held)
