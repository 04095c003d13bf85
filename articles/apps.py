from django.apps import AppConfig

from media import audience


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Stories"

    def ready(self):
        from . import exposure, facts

        facts.connect()
        audience.answered_by(exposure)
