"""The channel a reader asks for: which ones the titles have, and how its bytes are found beside those of the web.

Most documents read the same everywhere: only where a channel's rights show other photos are its bytes stored apart,
and joined in. Reads of the web never join them.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, F, FilteredRelation, Q, QuerySet, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from media.models import Site
from media.rights.decision import PAGE_CHANNELS

from .query_string import Query, Selection, selection, with_lead


@dataclass(frozen=True)
class Channel:
    """A channel by name, empty for the web; `sites` are the titles that have it, empty where all do."""

    name: str = ""
    sites: tuple[int, ...] = ()


WEB = Channel()
NOT_HAD = "This title has no such channel."


def asked(query: Query) -> Channel:
    """Read `?channel=`; one that no title has is refused, with those there are."""
    name = query.one("channel", str, "web")
    if name == "web":
        return WEB
    channels = titles()
    found = of_titles(name, channels)
    if found is None:
        known = [word for word in PAGE_CHANNELS if of_titles(word, channels)]
        query.refuse("channel", name, NOT_HAD, ["web", *known])
    return found or WEB


def titles() -> dict[int, list[str]]:
    """Return the channels of every title by its key."""
    return dict(Site.objects.order_by("pk").values_list("pk", "channels"))


def chosen(query: Query, found: Selection) -> Selection:
    """Return a selection in the channel that is asked for."""
    channel = asked(query)
    return replace(found, channel=channel.name, sites=channel.sites) if channel.name else found


def selected(query: Query) -> Selection:
    """Read the filters of a list and the channel it is for."""
    return with_lead(query, chosen(query, selection(query)))


def syndication(query: Query) -> Channel:
    """Return the channel that ninjs is delivered in; asking for another one with it is a contradiction."""
    if query.one("channel", str, "syndication") != "syndication":
        query.refuse(
            "channel",
            ", ".join(query.given.getlist("channel")),
            "ninjs is for syndication: leave the channel out.",
            ["syndication"],
        )
        return WEB
    found = of_titles("syndication", titles())
    if found is None:
        query.refuse("format", "ninjs", "This title does not syndicate.", ["json"])
    return found or WEB


def check(query: Query, channel: Channel, row: dict) -> None:
    """Refuse a story of a title that has not the channel others have."""
    if channel.sites and row["site_id"] not in channel.sites:
        allowed = ["web", *(word for word in PAGE_CHANNELS if word in titles().get(row["site_id"], ()))]
        query.refuse("channel", channel.name, NOT_HAD, allowed)
    query.check()


def of_titles(name: str, channels: dict[int, list[str]]) -> Channel | None:
    """Return the channel as far as these titles have it, or None."""
    having = tuple(key for key, words in channels.items() if name in words)
    if name not in PAGE_CHANNELS or not having:
        return None
    return Channel(name, having if len(having) < len(channels) else ())


def joined(rows: QuerySet, channel: str, of: str = "") -> QuerySet:
    """Join what is stored apart for a channel; `of` is how a live document is reached from these rows."""
    apart = f"{of}channel_bytes"
    if not channel:
        return rows
    return rows.annotate(apart=FilteredRelation(apart, condition=Q(**{f"{apart}__channel": channel})))


def column(channel: str, name: str, usual: str) -> Combinable:
    """Return a column of the channel's bytes, or the usual one where nothing is stored apart."""
    return Coalesce(F(f"apart__{name}"), F(usual)) if channel else F(usual)


def due(channel: str, now: Any, of: str = "") -> Q:
    """Return the condition on what must be rendered first: past its instant, or never asked about this channel."""
    late = Q(**{f"{of}best_before__refresh_at__lte": now})
    return late | rendered_before(of) if channel else late


def best_before(channel: str, now: datetime, of: str = "") -> Combinable:
    """Return until when the bytes are good: until now if the channel was never asked about."""
    usual = F(f"{of}best_before__refresh_at")
    if not channel:
        return usual
    return Case(When(rendered_before(of), then=now), default=usual, output_field=DateTimeField())


def rendered_before(of: str) -> Q:
    """Return the condition on what the release before rendered: it noted the photos that a channel was to drop."""
    return ~Q(**{f"{of}bytes__drops": {}})
