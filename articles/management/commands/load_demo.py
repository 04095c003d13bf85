"""Build the demo."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles.demo import loading


class Command(BaseCommand):
    help = (
        "Build the demo: invented people, drawn pictures, and stories that are live, scheduled, corrected and in the "
        "making. A second run changes nothing."
    )

    def handle(self, **options: Any) -> None:
        if loading.is_loaded():
            self.stdout.write("The demo was loaded before; nothing was changed.")
            return
        loading.load(timezone.now(), say=self.stdout.write)
        self.stdout.write("The demo is loaded.")
