"""How far a change reaches, said before it is saved."""

from django.utils import timezone

MOST = 10_000


def affected(photos) -> str:
    """Return “3 photos, 2 live articles change at once”, counted up to 10,000."""
    number = photos.order_by().values("pk").distinct()[: MOST + 1].count()
    stories = photos.live_articles(timezone.now(), MOST)
    return f"{counted(number, 'photo')}, {counted(stories, 'live article')} change at once when this is saved."


def counted(number: int, noun: str) -> str:
    if number > MOST:
        return f"{MOST:,}+ {noun}s"
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


class Affecting:
    """A ModelAdmin whose form says how many photos and live articles it changes."""

    change_form_template = "admin/media/affecting_change_form.html"

    def photos_of(self, row):
        return row.photos()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        row = self.get_object(request, object_id) if object_id else None
        context = {"affected": affected(self.photos_of(row))} if row else {}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))
