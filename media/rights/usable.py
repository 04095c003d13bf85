"""The question `photo.usable(use)` asked of a whole table at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from .bearing import chain, distributor
from .decision import DEFAULTS, Use
from .right import Right, RightQuerySet


def usable(photos: QuerySet, use: Use) -> QuerySet:
    """Return those photos that may be used so. Quotas, clearances and ends counted in days are not asked here."""
    credit = OuterRef(OuterRef("credit"))
    rights = _speaking(Right.objects.in_force(), use)
    own, agencies = Q(photo=OuterRef("pk")), Q(agency__in=chain(credit).values("agency"))
    active = _active(use.at)
    deny = rights.filter(own | agencies, active, _touching(use.territories), effect="deny")
    allows = rights.filter(own | Q(agency=distributor(credit)), effect="allow")
    open_kinds = [kind for kind, default in DEFAULTS.items() if use.channel in default.channels]
    allowed = Exists(allows.filter(active, _covering(use.territories)))
    return photos.ready().filter(~Exists(deny)).filter(allowed | Q(~Exists(allows), kind__in=open_kinds))


def _active(at: datetime) -> Q:
    return (Q(starts=None) | Q(starts__lte=at)) & (Q(until=None) | Q(until__gt=at))


def _speaking(rights: RightQuerySet, use: Use) -> RightQuerySet:
    """Keep the rights about this channel, placement and story; lists are compared as the text they are stored as."""
    return rights.annotate(
        channels_text=Cast("channels", TextField()),
        placements_text=Cast("placements", TextField()),
        territories_text=Cast("territories", TextField()),
    ).filter(
        Q(channels=[]) | Q(channels_text__contains=f'"{use.channel}"'),
        Q(placements=[]) | Q(placements_text__contains=f'"{use.placement}"'),
        Q(article=None) | Q(article=use.article),
    )


def _touching(territories: Iterable[str]) -> Q:
    condition = Q(territories=[])
    for code in territories:
        condition |= Q(territories_text__contains=f'"{code}"')
    return condition if territories else Q()


def _covering(territories: Iterable[str]) -> Q:
    inside = Q(pk__isnull=False) if territories else Q(pk__in=[])
    for code in territories:
        inside &= Q(territories_text__contains=f'"{code}"')
    return Q(territories=[]) | inside
