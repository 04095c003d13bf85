"""May this photo be shown here, now? The pure answer, and the answer of a photo with its agencies' rights."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media.models import Agency, Photo, Right, Usage
from media.rights.bearing import rights_on
from media.rights.decision import CHANNELS, DEFAULTS, PLACEMENTS, Rule, Use, decide, limits, next_edge
from media.rights.quotas import count_uses

from . import newsroom

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
STORY = uuid.UUID(int=7)


def use(**scope):
    return Use(**{"at": NOW} | scope)


def allow(**rule):
    return Rule("allow", "Agency A", **rule)


def deny(**rule):
    return Rule("deny", "Agency B", **rule)


def only(*words):
    return frozenset(words)


# The pure answer


@pytest.mark.parametrize(
    ("kind", "channel", "usable"),
    [
        ("staff", "print", True),
        ("agency", "web", True),
        ("agency", "print", False),
        ("agency", "syndication", False),
        ("rights_managed", "web", False),
        ("social", "web", False),
        ("screengrab", "newsletter", False),
        ("public_domain", "syndication", True),
    ],
)
def test_default_of_the_kind_decides_where_no_right_speaks(kind, channel, usable):
    assert bool(decide([], use(channel=channel), kind)) is usable


def test_every_kind_of_photo_has_a_default():
    assert set(DEFAULTS) == set(Photo.Kind.values)


def test_licence_opens_what_the_default_forbids():
    assert decide([allow()], use(), "rights_managed")


def test_allow_for_another_kind_of_use_does_not_count():
    """A licence for print says nothing about the web: the default of the kind decides there, as it did before."""
    print_only = [allow(channels=only("print"))]
    assert decide(print_only, use(channel="web"), "agency")
    assert not decide(print_only, use(channel="web"), "rights_managed")
    assert decide(print_only, use(channel="print"), "agency")


LICENSED, OURS = ("agency", "rights_managed", "social", "screengrab"), ("staff", "creative_commons", "public_domain")


@pytest.mark.parametrize("kind", LICENSED)
def test_what_a_license_for_readers_does_not_name_it_does_not_give(kind):
    until_friday = [allow(channels=only("web"), until=NOW + DAY)]
    assert decide(until_friday, use(channel="web"), kind)
    for channel in ("app", "newsletter", "feed", "social"):
        refused = decide(until_friday, use(channel=channel), kind)
        assert not refused
        assert refused.reason == "The right from Agency A is for web only."
        # Not open before it begins or after it has ended, either.
        assert not decide([allow(channels=only("web"), until=NOW)], use(channel=channel), kind)
        assert not decide([allow(channels=only("web"), starts=NOW + DAY)], use(channel=channel), kind)


@pytest.mark.parametrize("kind", LICENSED)
def test_a_license_for_a_place_leaves_the_other_places_out_and_licenses_add_up(kind):
    lead = allow(channels=only("web"), placements=only("lead"))
    assert decide([lead], use(placement="lead"), kind)
    assert decide([lead], use(placement="body"), kind).reason == "The right from Agency A is for web, lead only."
    assert not decide([lead], use(channel="app", placement="lead"), kind)
    both = [lead, allow(placements=only("body"))]
    assert decide(both, use(channel="app", placement="body"), kind)
    assert not decide(both, use(channel="app", placement="lead"), kind)


@pytest.mark.parametrize("kind", sorted(DEFAULTS))
@pytest.mark.parametrize("channel", ["print", "syndication"])
def test_a_license_for_print_or_partners_alone_changes_nothing_for_readers(kind, channel):
    rules = [allow(channels=only(channel), placements=only("lead"))]
    for asked in (use(), use(channel="app", placement="lead")):
        assert bool(decide(rules, asked, kind)) == bool(decide([], asked, kind))


@pytest.mark.parametrize("kind", [*OURS, "handout", "ai_generated"])
def test_of_our_own_and_free_photos_the_default_goes_on_deciding(kind):
    assert decide([allow(channels=only("web"), until=NOW)], use(channel="app"), kind)
    assert decide([allow(placements=only("lead"))], use(placement="body"), kind)


def test_a_license_for_one_story_confines_no_other():
    rules = [allow(channels=only("web"), article=STORY)]
    assert not decide(rules, use(channel="app", article=STORY), "agency")
    assert decide(rules, use(channel="app", article=uuid.UUID(int=8)), "agency")


def test_ended_licence_forbids_even_where_the_default_would_allow():
    decision = decide([allow(until=NOW)], use(), "agency")
    assert not decision
    assert decision.reason == "The right from Agency A ended on May 4, 2026, 12:00 PM UTC."


def test_licence_holds_from_its_first_instant_and_no_longer_at_its_last():
    rule = [allow(starts=NOW, until=NOW + DAY)]
    assert not decide(rule, use(at=NOW - timedelta(seconds=1)), "rights_managed")
    assert decide(rule, use(at=NOW), "rights_managed")
    assert decide(rule, use(at=NOW + DAY - timedelta(microseconds=1)), "rights_managed")
    assert not decide(rule, use(at=NOW + DAY), "rights_managed")


def test_second_licence_takes_over_where_the_first_has_ended():
    assert decide([allow(until=NOW), allow(until=NOW + DAY)], use(), "rights_managed")


def test_deny_beats_allow():
    decision = decide([allow(), deny(note="family’s wish")], use(), "staff")
    assert not decision
    assert decision.reason == "Agency B denies this use (family’s wish)."


def test_deny_that_has_ended_denies_nothing():
    assert decide([deny(until=NOW)], use(), "staff")


@pytest.mark.parametrize(
    ("denied", "served", "usable"),
    [("DE", ("US",), True), ("DE", ("DE", "US"), False), ("DE", (), False), ((), ("US",), False)],
)
def test_deny_of_a_territory_bites_wherever_the_site_serves_it(denied, served, usable):
    rule = deny(territories=only(denied) if denied else only())
    assert bool(decide([rule], use(territories=only(*served)), "staff")) is usable


@pytest.mark.parametrize(
    ("allowed", "served", "usable"),
    [(("US", "CA"), ("US",), True), (("US",), ("US", "CA"), False), (("US",), (), False), ((), (), True)],
)
def test_allow_must_cover_every_territory_the_site_serves(allowed, served, usable):
    rule = allow(territories=only(*allowed))
    assert bool(decide([rule], use(territories=only(*served)), "rights_managed")) is usable


def test_right_for_one_story_is_no_right_for_another():
    rule = [allow(article=STORY)]
    assert decide(rule, use(article=STORY), "rights_managed")
    assert not decide(rule, use(article=uuid.UUID(int=8)), "rights_managed")


def test_quota_and_price_stop_new_uses_only():
    for rule in (allow(quota_left=0), allow(needs_clearance=True)):
        assert decide([rule], use(), "agency")
        assert not decide([rule], use(new=True), "agency")


def test_conditions_and_widths_of_all_active_rights_add_up():
    rules = [
        allow(conditions=only("no_crop"), max_width=1200),
        Rule("condition", "Agency C", conditions=only("no_social"), max_width=800),
        allow(conditions=only("long over"), until=NOW),
    ]
    assert limits(rules, use()) == (only("no_crop", "no_social"), 800)
    assert decide(rules, use(), "agency").max_width == 800


def test_next_edge_is_the_first_instant_after_now_at_which_a_right_begins_or_ends():
    rules = [allow(starts=NOW - DAY, until=NOW + 3 * DAY), deny(starts=NOW + 2 * DAY), allow(until=NOW)]
    assert next_edge(rules, NOW) == NOW + 2 * DAY
    assert next_edge(rules, NOW + 3 * DAY) is None


@st.composite
def rules(draw):
    start = draw(st.none() | st.integers(-3, 3))
    end = draw(st.none() | st.integers(-3, 3).filter(lambda day: start is None or day > start))
    return Rule(
        draw(st.sampled_from(["allow", "deny", "condition"])), "A", NOW + start * DAY if start is not None else None,
        NOW + end * DAY if end is not None else None, draw(st.frozensets(st.sampled_from(["US", "CA", "DE"]))),
        draw(st.frozensets(st.sampled_from(CHANNELS), max_size=2)), draw(st.frozensets(st.sampled_from(PLACEMENTS), max_size=2)),
    )  # fmt: skip


uses = st.builds(
    Use, st.integers(-4, 4).map(lambda day: NOW + day * DAY), st.frozensets(st.sampled_from(["US", "CA", "DE"])),
    st.sampled_from(CHANNELS), st.sampled_from(PLACEMENTS),
)  # fmt: skip


@given(st.lists(rules(), max_size=5), uses, st.sampled_from(sorted(DEFAULTS)))
def test_every_decision_has_a_reason_and_one_more_deny_never_opens_a_use(given_rules, asked, kind):
    before = decide(given_rules, asked, kind)
    assert before.reason.endswith(".")
    assert not decide([*given_rules, deny()], asked, kind)
    assert before.usable or not decide([*given_rules, deny(until=NOW - 9 * DAY)], asked, kind)


@given(st.lists(rules(), max_size=5), uses, st.sampled_from(sorted(DEFAULTS)))
def test_answer_changes_only_at_an_edge(given_rules, asked, kind):
    edge = next_edge(given_rules, asked.at) or asked.at + 10 * DAY
    last = Use(edge - timedelta(microseconds=1), asked.territories, asked.channel, asked.placement)
    assert decide(given_rules, asked, kind).usable == decide(given_rules, last, kind).usable


# A photo with its agencies


@pytest.fixture
def photo(db):
    """An agency photo without a file to read: what may be done with it does not depend on its pixels."""
    photo = newsroom.photo(line="Photo by Joel Tennant/Invision/AP", slot=True)
    photo.state, photo.width, photo.height = Photo.State.READY, 10, 10
    photo.save()
    return photo


def chain(photo):
    return [row.agency for row in photo.credit.creditagency_set.all()]


def test_every_agency_in_the_chain_may_deny(photo):
    first, distributor = chain(photo)
    right = Right.objects.create(agency=first, effect="deny", note="dispute")
    assert "denies this use" in photo.usable(use()).reason
    right.delete()
    Right.objects.create(agency=distributor, effect="deny")
    assert not photo.usable(use())


def test_allow_comes_from_the_distributor_not_from_agencies_before_it(photo):
    photo.kind = "rights_managed"
    first, distributor = chain(photo)
    Right.objects.create(agency=first, effect="allow")
    assert not photo.usable(use())
    Right.objects.create(agency=distributor, effect="allow")
    assert photo.usable(use()).reason == f"Allowed by {distributor}."


def test_dismissed_right_does_not_count_and_a_provisional_one_does(photo):
    right = Right.objects.create(photo=photo, effect="deny", standing="provisional")
    assert not photo.usable(use())
    right.standing = "dismissed"
    right.save()
    assert photo.usable(use())


@pytest.mark.parametrize(("state", "words"), [("awaiting", "slot"), ("withheld", "withholding"), ("killed", "killed")])
def test_photo_that_is_not_ready_is_usable_nowhere(photo, state, words):
    Right.objects.create(photo=photo, effect="allow")
    photo.state = state
    decision = photo.usable(use())
    assert not decision
    assert words in decision.reason


def test_days_counted_from_the_grant_end_the_right(photo):
    right = Right.objects.create(photo=photo, effect="allow", starts=NOW, days=7, days_from="grant")
    assert right.end() == NOW + 7 * DAY
    assert photo.changes_after(NOW) == NOW + 7 * DAY
    assert photo.usable(use(at=NOW + 6 * DAY))
    assert not photo.usable(use(at=NOW + 7 * DAY))


def test_named_yes_of_the_photo_desk_clears_a_paid_use(photo, editor):
    Right.objects.create(photo=photo, effect="allow", cost="paid")
    asked = use(article=STORY, new=True)
    assert "must clear" in photo.usable(asked).reason
    photo.clear(by=editor, article=STORY)
    assert Photo.objects.get().usable(asked)
    assert not Photo.objects.get().usable(use(article=uuid.UUID(int=8), new=True))


# The same rules asked of loaded rows and of the database

held = st.fixed_dictionaries({
    "effect": st.sampled_from(["allow", "deny", "condition"]),
    "standing": st.sampled_from(["confirmed", "provisional", "dismissed"]),
    "starts": st.sampled_from([None, NOW - DAY, NOW, NOW + DAY]),
    "until": st.sampled_from([None, NOW + 2 * DAY]),
    "territories": st.sampled_from([[], ["US"], ["DE", "FR"], ["DE", "FR", "US"]]),
    "channels": st.sampled_from([[], ["web"], ["print", "web"], ["print"], ["app", "feed"], ["syndication"]]),
    "placements": st.sampled_from([[], ["lead"], ["body", "card"]]),
    "article": st.sampled_from([None, STORY, uuid.UUID(int=8)]),
})  # fmt: skip
owned = st.lists(st.tuples(st.sampled_from(["photo", "first", "last", "stranger"]), held), max_size=5)
asked_for = st.builds(
    use,
    territories=st.sampled_from([only(), only("US"), only("DE", "FR"), only("US", "DE", "FR")]),
    channel=st.sampled_from(["web", "app", "social", "syndication", "print"]),
    placement=st.sampled_from(["lead", "body", "card"]),
    article=st.sampled_from([None, STORY]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(owned, asked_for, st.sampled_from(sorted(DEFAULTS)), st.booleans())
def test_database_answers_as_the_loaded_rows_do(photo, rows, asked, kind, has_credit):
    first, last = chain(photo)
    stranger = Agency.objects.exclude(pk__in=[first.pk, last.pk]).first()
    owners = {
        "photo": {"photo": photo},
        "first": {"agency": first},
        "last": {"agency": last},
        "stranger": {"agency": stranger},
    }
    with transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(kind=kind, **({} if has_credit else {"credit": None}))
        for owner, row in rows:
            Right.objects.create(**owners[owner], **row)
        loaded = Photo.objects.with_facts().get(pk=photo.pk)
        bearing = Right.objects.bearing_on(loaded)
        assert sorted(right.pk for right in rights_on(loaded)) == sorted(bearing.values_list("pk", flat=True))
        assert Photo.objects.usable(asked).filter(pk=photo.pk).exists() == loaded.usable(asked).usable
        transaction.set_rollback(True)


@pytest.mark.parametrize("story", [None, STORY])
@pytest.mark.parametrize(("period", "left"), [("day", 8), ("month", 7), ("year", 6), ("ever", 4), ("", 4)])
def test_page_of_photos_and_one_right_count_a_quota_alike(photo, period, left, story):
    right = Right.objects.create(photo=photo, effect="allow", quota=10, quota_period=period)
    for number, days in enumerate((0, 0, 7, 100, 400)):
        used = {"photo": photo.pk, "article": uuid.UUID(int=20 + number), "live_from": NOW - days * DAY}
        Usage.objects.create(**used)
        Usage.objects.create(**used, role="lead")
    Usage.objects.create(photo=photo.pk, article=STORY, live_from=NOW - 500 * DAY)
    Usage.objects.create(photo=photo.pk, channel="social", live_from=NOW - 500 * DAY)
    loaded = Photo.objects.with_facts().get(pk=photo.pk)
    count_uses([loaded], NOW, story)
    page = [each.quota_left() for each in rights_on(loaded)]
    assert page == [right.quota_left(NOW, story)] == [left]


def test_agencies_are_seeded_with_their_aliases(db):
    assert Agency.objects.named("getty") == Agency.objects.named("Getty Images")
