"""Builds the responses for stories that are gone (410) or redirected (301), and for former addresses."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from ..directory.address import Address
from ..directory.section import Section
from ..history.edition import Edition
from ..history.timeline import FOREVER, Window
from .document import LiveDocument
from .facts import Facts
from .jobs import Story


def tombstones(
    articles: Sequence[Story],
    spans: dict[UUID, list[Window]],
    editions: dict[UUID, list[Edition]],
    facts: Facts,
    now: datetime,
) -> list:
    """Return the rows for stories that are gone (410, or 301 if redirected) and for every former address."""
    facts.sections = facts.sections or Section.objects.in_bulk()
    addresses = defaultdict(list)
    for address in Address.objects.filter(kind="article", target__in=[str(article.pk) for article in articles]):
        addresses[UUID(address.target)].append(address)
    rows = []
    for article in articles:
        numbered = {edition.number: edition for edition in editions[article.pk]}
        gone = [window for window in spans[article.pk] if window.gone]
        rows += [_tombstone(article, window, numbered[window.number], facts, now) for window in gone]
        if spans[article.pk]:
            old = [address for address in addresses[article.pk] if address.slug != article.slug]
            for address in old:
                rows += _signposts(article, address, spans[article.pk][0], numbered, facts, now)
    return rows


def _tombstone(article: Story, window: Window, edition: Edition, facts: Facts, now: datetime) -> LiveDocument:
    status = 301 if edition.redirect_to and not edition.silent else 410
    return LiveDocument(
        article=article, edition=edition, site_id=article.site_id, slug=article.slug, status=status,
        path=facts.path(edition.version.content["section"], article.slug),
        location=edition.redirect_to if status == 301 else "", headline="", live_from=window.live_from,
        live_until=window.live_until, published_at=min(edition.live_from, now), changed_at=max(now, window.live_from),
    )  # fmt: skip


def _signposts(
    article: Story, address: Address, first: Window, numbered: dict[int, Edition], facts: Facts, now: datetime
) -> list[LiveDocument]:
    """Return the rows of a former address: a redirect to the story, then 410 from its silent withdrawal on."""
    path = facts.path(numbered[first.number].version.content["section"], address.slug)
    retired = first.live_from if address.retired else _retired_from(address, numbered.values())
    spans = [(first.live_from, retired, 301, article.slug), (max(first.live_from, retired), FOREVER, 410, "")]
    return [
        LiveDocument(
            article=article, site_id=article.site_id, slug=address.slug, status=status, location=location, path=path,
            live_from=begins, live_until=ends, published_at=min(begins, now), changed_at=max(now, begins),
        )
        for begins, ends, status, location in spans if begins < ends
    ]  # fmt: skip


def _retired_from(address: Address, editions: Iterable[Edition]) -> datetime:
    """Return the instant of the first silent withdrawal while the address is current."""
    return min(
        (each.live_from for each in editions if each.silent and each.live_from >= address.since), default=FOREVER
    )
