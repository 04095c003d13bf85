"""The media app, and what it connects once all apps are loaded."""

from django.apps import AppConfig

from . import errands


class MediaConfig(AppConfig):
    name = "media"
    verbose_name = "Photo desk"

    def ready(self) -> None:
        # Tasks name tables, which there are only once every app is loaded.
        from . import tasks
        from .photos import finding
        from .photos.photo import Photo

        errands.taken_by(tasks)
        finding.connect(Photo.objects)
