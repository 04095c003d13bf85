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
        agencies = [link.agency for link in rows_of(photo.credit, "creditagency_set")]
        for house in dict.fromkeys(house for agency in agencies for house in with_parent(agency)):
            theirs = frozenset(number for number, each in distributors.items() if house in with_parent(each))
            for right in rows_of(house, "rights"):
                if right.effect == "deny" or theirs:
                    rows.append((right, None if right.effect == "deny" else theirs))
    return [(right, numbers) for right, numbers in rows if right.standing != "dismissed"]


def with_parent(agency: Any) -> list:
    """Return an agency and the house it is a part of, whose rights hold for its photos too."""
    return [house for house in (agency, agency and agency.parent) if house]


def chains_of(photo: Any) -> frozenset[int]:
    """Return the numbers of the chains that must all say yes."""
    return frozenset(photo.credit.distributors) if photo.credit else FIRST


def bears_on(photo: Any) -> Q:
    """Return the SQL twin of `rights_on`, but for the dismissed: the condition on rights, asked in one statement."""
    links = chain(photo.credit_id)
    distributors = links.filter(~Exists(links.filter(chain=OuterRef("chain")).filter(_behind(OuterRef))))
    return Q(photo=photo.pk) | of_houses(links) & (Q(effect="deny") | of_houses(distributors))


def of_houses(links: QuerySet[CreditAgency]) -> Q:
    """Return the rights of the agencies in these places, and of the houses they are a part of."""
    return Q(agency__in=links.values("agency")) | Q(agency__in=links.values("agency__parent"))


def _behind(outer: Any) -> Q:
    return Q(position__gt=outer("position")) | Q(position=outer("position"), pk__gt=outer("pk"))


def chain(credit: Any) -> QuerySet[CreditAgency]:
    """Return the places of agencies in a credit; `credit` is its key, or a reference to an outer query."""
    return CreditAgency.objects.filter(credit=credit)


def of_distributor(credit: Any, number: Any = 0) -> Q:
    """Return the rights of who distributes a chain: its last agency as written, as PhotoCredit.distributors says."""
    last = chain(credit).filter(chain=number).order_by("-position", "-id")
    return Q(agency=Subquery(last.values("agency")[:1])) | Q(agency=Subquery(last.values("agency__parent")[:1]))
