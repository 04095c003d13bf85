"""The names that credits are read with are loaded once, and every change of one is seen by the next reader, whoever made it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from media.credits.agency import _loaded
from media.credits.vocabulary import Vocabulary
from media.models import Agency, AgencyAlias, Photographer, PhotographerAlias

pytestmark = pytest.mark.django_db


def vocabulary():
    return Agency.objects.vocabulary()


def fresh() -> Vocabulary:
    """Return what a process would load that has just started."""
    return _loaded(Photographer.objects.all())


def same(one, other):
    return (one._organisations, one._photographers) == (other._organisations, other._photographers)


def test_one_statement_tells_that_nothing_changed():
    kept = vocabulary()
    with CaptureQueriesContext(connection) as asked:
        assert vocabulary() is kept
    assert len(asked) == 1


def test_newcomer_is_put_beside_the_others_without_loading_them():
    Photographer.objects.bulk_create(Photographer(name=f"Ida Q{number}") for number in range(50))
    kept = vocabulary()
    Photographer.objects.create(name="Zora Newcomer")
    with CaptureQueriesContext(connection) as asked:
        assert vocabulary().photographer("zora newcomer") == "Zora Newcomer"
    assert len(asked) == 2
    assert vocabulary()._organisations is kept._organisations
    assert kept.photographer("Zora Newcomer") is None, "what somebody reads with does not change under them"


def rename(row, **how):
    row.name = "Ida Renamed"
    row.save(**how)


def rename_in_bulk(row):
    row.name = "Ida Renamed"
    Photographer.objects.bulk_update([row], ["name"])


def replace(row):
    row.delete()
    Photographer.objects.create(name="Ada Q")


def merge(row):
    Agency.objects.get(name="WireImage").absorb(Agency.objects.get(name="Splash"))


CHANGES = {
    "renamed": rename,
    "saved in part": lambda row: rename(row, update_fields=["name"]),
    "updated": lambda row: Photographer.objects.filter(pk=row.pk).update(name="Ida Renamed"),
    "updated in bulk": rename_in_bulk,
    "deleted": lambda row: row.delete(),
    "deleted with others": lambda row: Photographer.objects.all().delete(),
    "spelled": lambda row: PhotographerAlias.objects.create(photographer=row, name="I. Brandt"),
    "replaced": replace,
    "known in other capitals": lambda row: Photographer.objects.create(name="ida brandt"),
    "a house": lambda row: Agency.objects.create(name="Halcyon Pictures"),
    "houses": lambda row: Agency.objects.bulk_create([Agency(name="Halcyon Pictures")]),
    "a house renamed": lambda row: Agency.objects.filter(name="Getty Images").update(name="Getty Pictures"),
    "a house spelled": lambda row: AgencyAlias.objects.create(agency=Agency.objects.all()[0], name="Halcyon"),
    "a house merged": merge,
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_a_name_is_seen(change):
    Agency.objects.get_or_create(name="Splash")
    row = Photographer.objects.create(name="Ida Brandt")
    before = vocabulary()
    CHANGES[change](row)
    assert not same(before, fresh())
    assert same(vocabulary(), fresh())


class Sequences(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(st.sampled_from(["add", "rename", "delete", "alias", "none"]), st.integers(0, 5)), max_size=12
        )
    )
    def test_kept_names_are_those_of_a_process_that_has_just_started(self, steps):
        for number, (step, which) in enumerate(steps):
            rows = list(Photographer.objects.order_by("pk"))
            row = rows[which % len(rows)] if rows else None
            if step == "add":
                Photographer.objects.create(name=f"Ada Q{number}")
            elif row and step == "rename":
                Photographer.objects.filter(pk=row.pk).update(name=f"Ben Q{number}")
            elif row and step == "delete":
                row.delete()
            elif row and step == "alias":
                PhotographerAlias.objects.create(photographer=row, name=f"C. Q{number}")
            assert same(vocabulary(), fresh())
