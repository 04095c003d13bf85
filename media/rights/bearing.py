"""Which rights bear on a photo: its own, what any agency of its credit denies, and all its distributor says."""

from typing import Any

from django.db.models import Q, QuerySet, Subquery

from ..credits.credit import CreditAgency
from ..listed import rows_of


def rights_on(photo: Any) -> list:
    """Return the rights that bear on a photo, its own first, without those the desk dismissed; reads loaded rows."""
    rows = list(rows_of(photo, "rights"))
    if photo.credit:
        distributor = photo.credit.distributor
        for link in rows_of(photo.credit, "creditagency_set"):
            theirs = rows_of(link.agency, "rights")
            rows += [right for right in theirs if right.effect == "deny" or link.agency == distributor]
    return [right for right in rows if right.standing != "dismissed"]


def bears_on(photo: Any) -> Q:
    """Return the SQL twin of `rights_on`, but for the dismissed: the condition on rights, asked in one statement."""
    named = Q(agency__in=chain(photo.credit_id).values("agency"))
    return Q(photo=photo.pk) | named & (Q(effect="deny") | Q(agency=distributor(photo.credit_id)))


def chain(credit: Any) -> QuerySet[CreditAgency]:
    """Return the places of agencies in a credit; `credit` is its key, or a reference to an outer query."""
    return CreditAgency.objects.filter(credit=credit)


def distributor(credit: Any) -> Subquery:
    """Return the agency whose license counts: the last as written, as PhotoCredit.distributor says of loaded rows."""
    return Subquery(chain(credit).order_by("-position", "-id").values("agency")[:1])
