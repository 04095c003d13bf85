"""Renders the document that publishing a story now would produce."""

from datetime import datetime
from typing import Any, Protocol

from ..history.timeline import FOREVER, Window
from .jobs import Story
from .load_facts import load
from .render import Job, render


class Previewed(Story, Protocol):
    """What a preview needs of a story in addition: its editions and corrections."""

    editions: Any
    corrections: Any

    def published_at(self) -> datetime | None: ...


def preview(article: Previewed, content: dict, now: datetime, channel: str = "") -> str:
    """Return exactly the document that publishing this content now would produce in this channel. Nothing is stored."""
    last = article.editions.order_by("-number").first()
    job = Job(
        article=article.pk, slug=article.slug, content=content, number=(last.number if last else 0) + 1,
        window=Window(now, FOREVER, 0, False), published_at=article.published_at() or now, updated_at=None, ends_at=None,
        corrections=tuple(article.corrections.filter(edition__cancellation__isnull=True, at__lte=now)),
    )  # fmt: skip
    rendered = render(job, load([content], now, stories=[article.pk]), now)
    return rendered.channels.get(channel, rendered).document
