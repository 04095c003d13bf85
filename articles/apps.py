"""The app of stories: what is connected once every app is loaded."""

from django.apps import AppConfig

from media import audience


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Stories"

    def ready(self) -> None:
        # Both name tables, which there are only once every app is loaded.
        from .access import audit_login
        from .history.audit import AuditEntry
        from .live import staleness
        from .outbox import delivery
        from .stories import exposure, finding

        audit_login.connect()
        staleness.connect()
        finding.connect()
        exposure.connect()
        audience.answered_by(exposure)
        delivery.logged_by(AuditEntry.record)
