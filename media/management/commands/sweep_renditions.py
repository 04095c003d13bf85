"""manage.py sweep_renditions: delete the files of earlier versions."""

from typing import Any

from django.core.management.base import BaseCommand

from media.models import Rendition

from ...counted import counted


class Command(BaseCommand):
    help = "Deletes the files of earlier focal points and replaced pictures, whose addresses lead to the present ones."

    def handle(self, *args: Any, **options: Any) -> None:
        number = Rendition.objects.replaced().sweep()
        self.stdout.write(f"{counted(number, 'file')} deleted.")
