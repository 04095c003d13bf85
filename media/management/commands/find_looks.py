"""manage.py find_looks: find out how the photos look that came before that was kept."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from media.models import Photo

from ...counted import counted

EVERY = 1000


class Command(BaseCommand):
    help = "Finds out how the photos look that came before that was kept, so that copies of killed ones are held and similar ones found. Interrupted, it goes on where it stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        done = unread = 0
        for photo in Photo.objects.unseen().order_by("pk").iterator(chunk_size=500):
            if photo.find_looks():
                done += 1
            else:
                unread += 1
                self.stderr.write(f"{photo.pk}: {photo} has no file that can be read.")
            if (done + unread) % EVERY == 0:
                self.stdout.write(f"{counted(done, 'photo')} …")
        self.stdout.write(f"{counted(done, 'photo')} done.")
        if unread:
            raise CommandError(
                f"{counted(unread, 'photo')} could not be read. Run this again once their files are back."
            )
