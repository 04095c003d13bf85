"""The question `photo.usable(use)` asked of a whole table at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import CharField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from ..credits.credit import CreditChain
from .bearing import chain, distributor
from .decision import DEFAULTS, Use
from .right import Right, RightQuerySet


def usable(photos: QuerySet, use: Use) -> QuerySet:
    """Return those photos that may be used so. Quotas, clearances and ends counted in days are not asked here."""
    credit = OuterRef(OuterRef("credit"))
    rights = _speaking(Right.objects.in_force(), use)
    own, agencies = Q(photo=OuterRef("pk")), Q(agency__in=chain(credit).values("agency"))
    deny = rights.filter(own | agencies, _active(use.at), _touching(use.territories), effect="deny")
    allows = rights.filter(effect="allow")
    first = _allowed(allows.filter(own | Q(agency=distributor(credit))), use)
    return photos.ready().filter(~Exists(deny), first, ~Exists(_refusing_chains(allows, use)))


def _refusing_chains(allows: RightQuerySet, use: Use) -> QuerySet[CreditChain]:
    """Return the further chains of an outer photo's credit that do not allow this use."""
    kind = ExpressionWrapper(OuterRef("kind"), output_field=CharField())
    theirs = Q(agency=distributor(OuterRef(OuterRef("credit")), OuterRef(OuterRef("number"))))
    allowed = _allowed(allows.filter(Q(photo=OuterRef(OuterRef("pk"))) | theirs), use)
    return CreditChain.objects.filter(credit=OuterRef("credit")).annotate(kind=kind).exclude(allowed)


def _allowed(allows: RightQuerySet, use: Use) -> Q:
    """Return the condition that one of these allows the use, or that none speaks of it and the photo's kind is open."""
    open_kinds = [kind for kind, default in DEFAULTS.items() if use.channel in default.channels]
    granted = Exists(allows.filter(_active(use.at), _covering(use.territories)))
    return granted | Q(~Exists(allows), kind__in=open_kinds)


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
