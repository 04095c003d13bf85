"""manage.py photo_desk_digest: mail the desk what it has to do."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from media.admin.boards import MENU, board
from media.local_time import say
from media.models import Photo, Site

from ...counted import counted

MOST = 30


class Command(BaseCommand):
    help = "Mails the desk what it has to do: what expires within a week, what was killed, look-alikes to compare, restrictions to confirm, credits to check, slots to fill."

    def handle(self, *args: Any, **options: Any) -> None:
        with timezone.override(Site.objects.zone()):
            self.tell(timezone.now())

    def tell(self, now: datetime) -> None:
        parts = [part for name, title in MENU if (part := section(name, title, now))]
        if not parts:
            self.stdout.write("Nothing to do: no mail.")
            return
        text = "\n\n".join(parts) + "\n"
        self.stdout.write(text)
        if settings.PHOTO_DESK_EMAIL:
            try:
                send_mail(f"Photo desk, {timezone.localtime(now):%B %-d}", text, None, settings.PHOTO_DESK_EMAIL)
            except OSError as error:
                raise CommandError(f"The digest was not mailed: the mail server answered “{error}”.") from error


def section(name: str, title: str, now: datetime) -> str:
    """Return one board as text; of the killed only those of the last day."""
    found = board(name, now, days=7)
    if name == "killed":
        found = found.filter(notices__received_at__gt=now - timedelta(days=1)).distinct()
    rows = list(found[:MOST])
    return "\n".join([f"{title} ({found.count()})", *(f"- {line(photo, now)}" for photo in rows)]) if rows else ""


def line(photo: Photo, now: datetime) -> str:
    live = Photo.objects.filter(pk=photo.pk).live_articles(now)
    edge = photo.changes_after(now)
    until = f", changes {say(edge, timezone.get_current_timezone())}" if edge else ""
    return f"{photo} ({photo.credit or 'no credit'}; {counted(live, 'live story', 'live stories')}{until})"
