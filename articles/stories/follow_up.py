"""Creates the tasks and log entries that follow from a decision about a story."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from media.permissions import Actor

from ..history.audit import AuditEntry
from .checklist import Problem

if TYPE_CHECKING:
    from .article import Article

PLACES_OUT_OF_REACH = (
    "Ask search engines to remove the story from their results and caches.",
    "Delete or correct posts on social media, and notifications that can be recalled.",
    "Check newsletters that quote the story and have not gone out; if needed, tell readers of those that have.",
    "Tell partners who syndicate the story, and apps that keep offline copies.",
    "Ask web archives to exclude the address.",
    "Correct print and PDF editions that have not come out yet.",
)


def open_tasks(article: "Article", photos: list[str], by: Actor | None) -> None:
    """Open a task for the photo desk for each photo the story goes live without."""
    for photo in photos:
        article.tasks.get_or_create(
            photo_id=UUID(photo), done_at=None, desk="photo", about="",
            defaults={"text": "The story went live without this photo: clear it, fix it or replace it.", "by": by},
        )  # fmt: skip


def open_places_out_of_reach(article: "Article", by: Actor | None) -> None:
    """Open tasks for the places that Marquee cannot remove a story from after a silent withdrawal."""
    for text in PLACES_OUT_OF_REACH:
        article.tasks.get_or_create(text=text, done_at=None, desk="editors", defaults={"by": by})


def log_override(article: "Article", problems: list[Problem], reason: str, by: Actor | None) -> None:
    listed = " ".join(problem.sentence for problem in problems)
    AuditEntry.record("gate.overridden", at=timezone.now(), by=by, article=article, note=f"{reason} — {listed}")
