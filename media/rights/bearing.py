"""Which rights bear on a photo: its own, what any agency of its credit denies, and all its distributors say.

A composite has a chain of agencies for each of its pictures, and a distributor for each chain: what a distributor allows
speaks for its chains only, all else for the whole photo.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from ..credits.credit import CreditAgency
from ..listed import rows_of

FIRST = frozenset({0})


def rights_on(photo: Any) -> list:
    """Return the rights that bear on a photo, its own first, without those the desk dismissed; reads loaded rows."""
    return [right for right, _ in rights_by_chain(photo)]


def rights_by_chain(photo: Any) -> list[tuple[Any, frozenset[int] | None]]:
    """Return the rights that bear on a photo, each with the chains of its credit that it speaks for; None is all."""
    rows: list[tuple[Any, frozenset[int] | None]] = [(right, None) for right in rows_of(photo, "rights")]
    if photo.credit:
        distributors = photo.credit.distributors
        for agency in dict.fromkeys(link.agency for link in rows_of(photo.credit, "creditagency_set")):
            theirs = frozenset(number for number, each in distributors.items() if each == agency)
            for right in rows_of(agency, "rights"):
                if right.effect == "deny" or theirs:
                    rows.append((right, None if right.effect == "deny" else theirs))
    return [(right, numbers) for right, numbers in rows if right.standing != "dismissed"]


def chains_of(photo: Any) -> frozenset[int]:
    """Return the numbers of the chains that must all say yes."""
    return frozenset(photo.credit.distributors) if photo.credit else FIRST


def bears_on(photo: Any) -> Q:
    """Return the SQL twin of `rights_on`, but for the dismissed: the condition on rights, asked in one statement."""
    links = chain(photo.credit_id)
    distributors = links.filter(~Exists(links.filter(chain=OuterRef("chain")).filter(_behind(OuterRef))))
    named = Q(agency__in=links.values("agency"))
    return Q(photo=photo.pk) | named & (Q(effect="deny") | Q(agency__in=distributors.values("agency")))


def _behind(outer: Any) -> Q:
    return Q(position__gt=outer("position")) | Q(position=outer("position"), pk__gt=outer("pk"))


def chain(credit: Any) -> QuerySet[CreditAgency]:
    """Return the places of agencies in a credit; `credit` is its key, or a reference to an outer query."""
    return CreditAgency.objects.filter(credit=credit)


def distributor(credit: Any, number: Any = 0) -> Subquery:
    """Return the agency whose license counts for a chain: its last as written, as PhotoCredit.distributors says."""
    return Subquery(chain(credit).filter(chain=number).order_by("-position", "-id").values("agency")[:1])
