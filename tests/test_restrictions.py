"""What an agency's instructions and licence fields forbid."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.files.metadata import Metadata
from media.rights.decision import CHANNELS, PLACEMENTS
from media.rights.restrictions import Restriction, read_instructions, read_plus
from media.rights.territories import all_codes, codes

TAKEN = date(2026, 3, 1)


def only(text, **arguments):
    (restriction,) = read_instructions(text, TAKEN, **arguments)
    return restriction


def conditions(text):
    return [restriction.condition for restriction in read_instructions(text, TAKEN)]


# Where


@pytest.mark.parametrize(
    ("text", "territories"),
    [
        ("GERMANY OUT", "DE"),
        ("UK AND IRELAND OUT", "GB IE"),
        ("U.S. OUT", "US"),
        ("USA OUT", "US"),
        ("Germany, Austria & Switzerland out", "AT CH DE"),
        ("AUSTRALIA/NEW ZEALAND OUT", "AU NZ"),
        ("BELGIUM OUT, NETHERLANDS OUT", "BE NL"),
        ("OUT: FRANCE, TÜRKIYE", "FR TR"),
        ("TURKEY OUT ... FILE PHOTO", "TR"),
        ("NO SALES IN THE UNITED KINGDOM", "GB"),
        ("NOT FOR USE IN HONG KONG OR MACAU", "HK MO"),
        ("NO UK SALES", "GB"),
        ("WORLD RIGHTS EXCEPT GERMANY", "DE"),
        ("WORLDWIDE EXCL. SCANDINAVIA", "DK NO SE"),
        ("GERMAN-SPEAKING COUNTRIES: GSA OUT", "AT CH DE"),
    ],
)
def test_out_lists_deny_in_those_countries(text, territories):
    restriction = only(text)
    assert (restriction.effect, restriction.channels, restriction.ends) == ("deny", (), None)
    assert restriction.territories == tuple(territories.split())


@pytest.mark.parametrize("text", ["UK ONLY", "For use in UK only", "NO USE OUTSIDE UK", "UK RIGHTS ONLY"])
def test_only_lists_deny_everywhere_else(text):
    restriction = only(text)
    assert set(restriction.territories) == all_codes() - {"GB"}


def test_an_out_may_end():
    assert only("UK OUT FOR 28 DAYS").ends == datetime(2026, 3, 30, tzinfo=UTC)
    assert only("GERMANY OUT UNTIL MARCH 9, 2026").ends == datetime(2026, 3, 9, tzinfo=UTC)
    assert read_instructions("UK OUT FOR 28 DAYS")[0].ends is None


@pytest.mark.parametrize(
    "text",
    [
        "Let us out of here.",
        "He came out on top in Germany.",
        "The film is out in France now.",
        "Germany out of the World Cup",
        "DISTRIBUTED AS A SERVICE TO CLIENTS",
        "Not Released (NR)",
        "FOR IMMEDIATE RELEASE",
        "NO EMBARGO",
        "",
    ],
)
def test_ordinary_words_restrict_nothing(text):
    assert read_instructions(text, TAKEN) == ()


def test_an_out_of_somebody_we_do_not_know_is_shown_to_the_desk():
    assert only("LOS ANGELES TIMES OUT") == Restriction("condition", "LOS ANGELES TIMES OUT", condition="other")


def test_abbreviations_count_in_capitals_only():
    assert codes("tell us, UK and Uk") == ("GB",)
    assert codes("Guinea-Bissau, Papua New Guinea and guinea") == ("GN", "GW", "PG")


def test_every_country_has_a_code():
    assert len(all_codes()) == 249 and all(len(code) == 2 and code.isupper() for code in all_codes())


# When


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("EMBARGOED UNTIL 2200 GMT MARCH 3, 2026", "2026-03-03T22:00"),
        ("EMBARGO: NOT FOR PUBLICATION BEFORE 00:01 BST ON SUNDAY 5 JULY 2026", "2026-07-04T23:01"),
        ("NOT FOR PUBLICATION UNTIL 22.00 GMT ON 3RD MARCH", "2026-03-03T22:00"),
        ("Embargoed until 10 p.m. ET on Tues. March 3", "2026-03-04T03:00"),
        ("EMBARGOED TO 0001 MONDAY MARCH 2", "2026-03-02T00:01"),
        ("STRICTLY EMBARGOED UNTIL 2026-03-03 22:00+01:00", "2026-03-03T21:00"),
        ("HOLD FOR RELEASE 9AM PT 31/3/2026", "2026-03-31T16:00"),
        ("DO NOT PUBLISH BEFORE JAN. 5", "2027-01-05T00:00"),
        ("NO USE UNTIL MIDNIGHT GMT 4 MARCH 2026", "2026-03-04T00:00"),
        ("Embargoed until 24:00 CET 3 March 2026", "2026-03-03T23:00"),
        ("EMBARGOED UNTIL 0600 FRIDAY", "2026-03-06T06:00"),
    ],
)
def test_embargoes_deny_until_their_instant(text, until):
    restriction = only(text)
    assert (restriction.effect, restriction.territories, restriction.channels) == ("deny", (), ())
    assert restriction.ends == datetime.fromisoformat(until).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "EMBARGOED",
        "EMBARGOED UNTIL TONIGHT",
        "EMBARGO UNTIL 3/4/2026",
        "EMBARGOED UNTIL 2200 GMT",
        "EMBARGO 31 FEBRUARY 2026",
    ],
)
def test_an_embargo_that_cannot_be_read_for_sure_holds_until_somebody_looks(text):
    assert only(text) == Restriction("deny", text, condition="embargo")


def test_a_dateless_embargo_line_gives_way_to_the_dated_one_beside_it():
    assert only("*** EMBARGOED ***\nNot for publication before 2200 GMT March 3, 2026").ends == datetime(
        2026, 3, 3, 22, tzinfo=UTC
    )


def test_times_without_a_zone_are_those_of_the_site():
    restriction = only("EMBARGOED UNTIL 22:00 3 MARCH 2026", zone=ZoneInfo("America/Los_Angeles"))
    assert restriction.ends == datetime(2026, 3, 4, 6, tzinfo=UTC)


def test_use_within_days_denies_afterwards():
    assert only("MUST BE USED WITHIN 14 DAYS FROM TRANSMISSION").starts == datetime(2026, 3, 16, tzinfo=UTC)
    assert only("NO USE AFTER MARCH 9, 2026").starts == datetime(2026, 3, 10, tzinfo=UTC)
    assert read_instructions("MUST BE USED WITHIN 14 DAYS")[0].condition == "limited_time"


# How


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("NO SOCIAL MEDIA", "social"),
        ("NO INTERNET", "web feed newsletter social app"),
        ("NO ONLINE USE", "web feed newsletter social app"),
        ("NO MOBILE OR SOCIAL MEDIA USE", "social app"),
        ("NO APPS", "app"),
        ("NO MAGAZINES", "print"),
        ("MAGS OUT", "print"),
        ("NO RESALE", "syndication"),
        ("NO SALES", "syndication"),
        ("WEB USE ONLY", "syndication print"),
    ],
)
def test_channels_are_denied(text, channels):
    restriction = only(text)
    assert (restriction.effect, restriction.channels) == ("deny", tuple(channels.split()))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("NO ARCHIVE", "no_archive"),
        ("No archives", "no_archive"),
        ("NO ARCHIVING", "no_archive"),
        ("MANDATORY CREDIT: ANA LUND/NORDLYS", "credit_mandatory"),
        ("CREDIT MANDATORY", "credit_mandatory"),
        ("EDITORIAL USE ONLY", "editorial_only"),
        ("RESTRICTED TO EDITORIAL USE", "editorial_only"),
        ("NOT FOR SALE FOR MARKETING OR ADVERTISING CAMPAIGNS", "editorial_only"),
        ("AP CLIENTS ONLY", "clients_only"),
        ("NO CROPPING", "no_crop"),
        ("DO NOT CROP", "no_crop"),
        ("Image must not be cropped", "no_crop"),
        ("NO RETOUCHING", "no_retouch"),
        ("NO FLIPPING", "no_flip"),
        ("NO TABLOIDS", "no_tabloids"),
        ("NO FRONT COVERS", "no_cover"),
        ("ONE TIME USE ONLY", "one_time_use"),
        ("PLEASE PIXELATE FACE PRIOR TO PUBLICATION", "pixelate_children"),
        ("FEE MUST BE AGREED PRIOR TO USE", "ask_first"),
        ("NO HELICOPTER SHOTS", "other"),
    ],
)
def test_conditions_are_recognised_with_their_words(text, condition):
    assert only(text) == Restriction("condition", text, condition=condition)


def test_a_whole_paragraph_of_rules_is_taken_apart():
    text = (
        'RESTRICTED TO EDITORIAL USE - MANDATORY CREDIT "NORDLYS / ANA LUND" - NO MARKETING NO ADVERTISING CAMPAIGNS - '
        "DISTRIBUTED AS A SERVICE TO CLIENTS; NO ARCHIVING; GERMANY OUT. NO CROPPING/NO SALES"
    )
    assert conditions(text) == ["editorial_only", "credit_mandatory", "no_archive", None, "no_crop", "no_resale"]


def test_the_same_rule_said_twice_counts_once():
    assert conditions("NO ARCHIVES. EDITORIAL USE ONLY. NO ARCHIVES.") == ["no_archive", "editorial_only"]


# PLUS


def test_a_licence_period_denies_before_and_after():
    before, after = read_plus(Metadata(license_start="2026-03-01", license_end="2026-03-31"))
    assert (before.ends, after.starts) == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert before.effect == after.effect == "deny"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"alteration_constraints": ["http://ns.useplus.org/ldf/vocab/AL-CRP", "AL-FLP"]}, ["no_crop", "no_flip"]),
        ({"alteration_constraints": ["AL-RET", "AL-MRG", "AL-XXX"]}, ["no_retouch", "no_merge"]),
        ({"credit_line_required": "http://ns.useplus.org/ldf/vocab/CR-CAI"}, ["credit_mandatory", "credit_adjacent"]),
        ({"credit_line_required": "CR-NRQ"}, []),
        ({"minor_model_age": "AG-U14"}, ["minor"]),
        ({"minor_model_age": "AG-A18"}, []),
        ({"data_mining": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-GENAIMLTRAINING"}, ["no_data_mining"]),
        ({"data_mining": "DMI-ALLOWED"}, []),
        ({"region_constraints": "Nordic editions of the magazine"}, ["region_constraint"]),
        ({"media_constraints": "No social media"}, [None]),
        ({"license_end": "soon"}, []),
        ({"license_end": "9999-12-31"}, []),
    ],
)
def test_plus_fields_become_restrictions(fields, expected):
    assert [restriction.condition for restriction in read_plus(Metadata(**fields))] == expected


def test_region_constraints_in_words_deny_those_countries():
    (restriction,) = read_plus(Metadata(region_constraints="Not for use in Germany"))
    assert (restriction.effect, restriction.territories) == ("deny", ("DE",))


# Whatever comes

WORDS = st.sampled_from(
    [
        "NO",
        "NOT",
        "FOR",
        "USE",
        "OUT",
        "SALES",
        "IN",
        "UK",
        "GERMANY",
        "AND",
        "EMBARGOED",
        "UNTIL",
        "BEFORE",
        "2200",
        "GMT",
        "MARCH",
        "31",
        "2026",
        "3/4/26",
        "99:99",
        "ARCHIVE",
        ";",
        ".",
        "/",
        "ONLY",
        "WEB",
        "SOCIAL",
        "CREDIT",
        "MANDATORY",
        "WITHIN",
        "999",
        "MONTHS",
        "DAYS",
        "AFTER",
        "EXPIRES",
        "+99:99",
        "MONDAY",
        "29",
        "FEBRUARY",
        "9999",
        "DEC",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=25).map(" ".join)), st.one_of(st.none(), st.dates()))
def test_any_text_is_read_without_raising_and_in_our_vocabulary(text, taken):
    for restriction in read_instructions(text, taken):
        assert restriction.effect in {"deny", "condition"} and restriction.sentence.strip()
        assert set(restriction.channels) <= set(CHANNELS) and set(restriction.placements) <= set(PLACEMENTS)
        assert set(restriction.territories) <= all_codes()
        assert all(moment is None or moment.tzinfo is UTC for moment in (restriction.starts, restriction.ends))


@settings(max_examples=100, deadline=None)
@given(
    st.fixed_dictionaries(
        {name: st.text(max_size=40) for name in ("license_start", "license_end", "data_mining", "media_constraints")}
    )
)
def test_any_licence_field_is_read_without_raising(fields):
    assert all(restriction.sentence for restriction in read_plus(Metadata(**fields)))
