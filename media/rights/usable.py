"""The question `photo.usable(use)` asked of a whole table at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import CharField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from ..credits.credit import CreditChain
from .bearing import chain, of_distributor, of_houses
from .decision import DEFAULTS, LICENSED_KINDS, READER_CHANNELS, Use
from .right import Right, RightQuerySet


def usable(photos: QuerySet, use: Use) -> QuerySet:
    """Return those photos that may be used so. Quotas, clearances and ends counted in days are not asked here."""
    credit = OuterRef(OuterRef("credit"))
    rights = _speaking(Right.objects.in_force(), use)
    own, agencies = Q(photo=OuterRef("pk")), of_houses(chain(credit))
    deny = rights.filter(own | agencies, _active(use.at), _touching(use.territories), effect="deny")
    first = _allowed(own | of_distributor(credit), use)
    return photos.ready().filter(~Exists(deny), first, ~Exists(_refusing_chains(use)))


def _refusing_chains(use: Use) -> QuerySet[CreditChain]:
    """Return the further chains of an outer photo's credit that do not allow this use."""
    kind = ExpressionWrapper(OuterRef("kind"), output_field=CharField())
    theirs = of_distributor(OuterRef(OuterRef("credit")), OuterRef(OuterRef("number")))
    allowed = _allowed(Q(photo=OuterRef(OuterRef("pk"))) | theirs, use)
    return CreditChain.objects.filter(credit=OuterRef("credit")).annotate(kind=kind).exclude(allowed)


def _allowed(whose: Q, use: Use) -> Q:
    """Return the condition that a right of these allows the use, or that none speaks of it and the kind is open."""
    allows = _speaking(Right.objects.in_force(), use).filter(whose, effect="allow")
    granted = Exists(allows.filter(_active(use.at), _covering(use.territories)))
    silent = Q(
        ~Exists(allows), kind__in=[kind for kind, default in DEFAULTS.items() if use.channel in default.channels]
    )
    if use.channel in READER_CHANNELS:
        silent &= ~Q(Exists(_confining(use).filter(whose)), kind__in=LICENSED_KINDS)
    return granted | silent


def _active(at: datetime) -> Q:
    return (Q(starts=None) | Q(starts__lte=at)) & (Q(until=None) | Q(until__gt=at))


def _confining(use: Use) -> RightQuerySet:
    """Return the allows that say for which channels or places of our readers a photo is, as Rule.confines does."""
    for_readers = Q(channels=[])
    for channel in READER_CHANNELS:
        for_readers |= Q(channels_text__contains=f'"{channel}"')
    return _with_texts(Right.objects.in_force()).filter(
        for_readers, ~Q(channels=[], placements=[]), Q(article=None) | Q(article=use.article), effect="allow"
    )


def _with_texts(rights: RightQuerySet) -> RightQuerySet:
    """Add the lists as the text they are stored as: both databases compare that alike."""
    return rights.annotate(
        channels_text=Cast("channels", TextField()),
        placements_text=Cast("placements", TextField()),
        territories_text=Cast("territories", TextField()),
    )


def _speaking(rights: RightQuerySet, use: Use) -> RightQuerySet:
    """Keep the rights about this channel, placement and story."""
    return _with_texts(rights).filter(
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
