"""Instructions are read to the last word: what is not understood is said, and nothing is opened that they do not open."""

import json
import re
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from media.rights.decision import CHANNELS
from media.rights.lexemes import clauses
from media.rights.listing import GLUE, WEIGHTY
from media.rights.meaning import meaning
from media.rights.restriction import MARKERS
from media.rights.restrictions import read
from media.rights.territories import all_codes, codes, folded, in_words, only_in_words

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALL = all_codes()
ONLINE = ("web", "feed", "newsletter", "social", "app")
EXAMPLES = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "instructions.jsonl").read_text().splitlines()
]


def denied(text, channel="web"):
    """Return the countries in which a channel is denied, whenever."""
    found = set()
    for each in read(text, AT).restrictions:
        if each.effect == "deny" and (not each.channels or channel in each.channels):
            found |= set(each.territories or ALL)
    return found


def opened(text):
    return sorted(ALL - denied(text))


# Eighty instructions in five languages, labeled before they were read


def label(said):
    """Return a denial of the examples as countries, channels, from and until."""
    base, but, channels, sign, moment, name = re.match(
        r"(\*|[A-Z,]+)(?:-([A-Z,]+))?(?:@([-\w]+))?(?:([<>])([\dT:Z-]+))?(?:!(.*))?$", said
    ).groups()
    countries = (set(ALL) if base == "*" else set(base.split(","))) - set((but or "").split(","))
    named = set(ONLINE if channels == "online" else (channels or "").strip("-").split(","))
    of = named if channels and channels[0] != "-" else set(CHANNELS) - (named if channels else set())
    moment = datetime.fromisoformat(moment) if moment else None
    return countries, of, moment if sign == ">" else None, moment if sign == "<" else None, name or ""


def cells(denials):
    found = {}
    for countries, of, starts, ends, _ in denials:
        for country in countries:
            for channel in of:
                found.setdefault((country, channel), set()).add((starts, ends))
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["raw"][:40])
def test_instructions_of_five_languages_are_read_as_people_read_them(example):
    at = datetime.fromisoformat(example["at"]) if "at" in example else None
    reading = read(example["raw"], at)
    wanted = [label(said) for said in example.get("deny", ())]
    found = [
        (set(each.territories or ALL), set(each.channels or CHANNELS), each.starts, each.ends, each.exclusive_to)
        for each in reading.restrictions
        if each.effect == "deny"
    ]
    assert cells(found) == cells(wanted)
    assert {name for *_, name in found if name} == {name for *_, name in wanted if name}
    conditions = sorted({each.condition for each in reading.restrictions} - MARKERS - {None})
    assert conditions == sorted(example.get("conditions", []))
    assert (bool(reading.unread), reading.hold) == (example.get("unread", False), example.get("hold", False))


# Exceptions


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("ALL COUNTRIES EXCEPT USA OUT", "US"),
        ("ALL COUNTRIES (EXCLUDING UK AND IRELAND) OUT", "GB IE"),
        ("WORLD OUT EXCEPT UK", "GB"),
        ("WORLD OUT - EXCEPT UK", "GB"),
        ("WORLD (EX. UK) OUT", "GB"),
        ("EVERYWHERE OUT BUT GERMANY", "DE"),
        ("OUT: ALL COUNTRIES EXCEPT UK", "GB"),
        ("NO USE OUTSIDE UK", "GB"),
        ("NOT FOR USE OUTSIDE UK", "GB"),
        ("NO SALES EXCEPT UK", "GB"),
        ("NON-UK OUT", "GB"),
        ("NO NON-UK USE", "GB"),
        ("UK AND IRELAND ONLY", "GB IE"),
        ("UK ONLY. REST OF WORLD OUT.", "GB"),
        ("NORTH AMERICA ONLY", "CA US"),
        ("SCOTLAND ONLY", ""),
        ("WORLD OUT EXCEPT BENELUX EXCEPT BELGIUM", "LU NL"),
        ("ALL OUT EXCEPT UK SUNDAY PAPERS", ""),
        ("EUROPE ZYX FRANCE ONLY", ""),
        ("THE LANTERN UK ONLY", ""),
        ("EUROPE EXCEPT FRANCE", ""),
        ("NO ARCHIVE WORLD RIGHTS EXCEPT UK", ""),
        ("Verwendung außerhalb Deutschlands nicht gestattet", "DE"),
        ("Toute utilisation interdite sauf en France", "FR"),
        ("Prohibido su uso en todo el mundo excepto España", "ES"),
        ("Vietato in tutto il mondo tranne che in Italia", "IT"),
    ],
)
def test_a_complement_opens_the_countries_it_names_and_no_other(text, countries):
    assert opened(text) == countries.split()


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("WORLDWIDE RIGHTS EXCLUDING JAPAN", "JP"),
        ("NO ARCHIVE, WORLD RIGHTS EXCEPT UK", "GB"),
        ("WORLD RIGHTS EXCEPT GERMANY, EXCEPT AUSTRIA", "AT DE"),
        ("FRANCE OUT EXCEPT CANNES", "FR"),
        ("USA OUT EXCEPT CALIFORNIA", "US"),
        ("UK OUT EXCEPT IRELAND", "GB"),
        ("NO UK", "GB"),
        ("NOT CLEARED FOR GERMANY", "DE"),
        ("Vente interdite en Belgique et en Suisse", "BE CH"),
        ("NO SALES IN UK OR IN IRELAND, NO ARCHIVE", "GB IE"),
        ("NO INTERNET, GERMANY", " ".join(sorted(ALL))),
    ],
)
def test_an_exclusion_denies_the_countries_it_names(text, countries):
    assert sorted(denied(text)) == countries.split()


def test_europe_without_france_is_denied_and_france_is_not():
    found = denied("EUROPE (EXCEPT FRANCE) OUT")
    assert {"DE", "ES", "GB", "RU"} <= found and "FR" not in found and "US" not in found


PLACES = ("UK", "IRELAND", "FRANCE", "GERMANY", "EUROPE", "WORLD", "ALL COUNTRIES", "BENELUX", "CALIFORNIA")
WORDS = (
    *PLACES, "EXCEPT", "EXCLUDING", "OUTSIDE", "OUT", "OUT", "NO", "NOT FOR", "ONLY", "PROHIBITED", "USE", "SALES", "IN", "AND",
    ",", "(", ")", ":", "ZYX", "THE LANTERN", "UNTIL MARCH 9, 2026", "PRINT", "WEB", "ARCHIVE", "BUT", "EXCLUDED",
    "EXCLUSIVE TO", "REST OF WORLD", "EDITORIAL", "RIGHTS", "FOR", "- ", ". ",
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join))
def test_a_rule_that_opens_a_country_the_text_does_not_name_fails(text):
    for each in read(text, AT).restrictions:
        if each.effect == "deny" and len(each.territories) > len(ALL) / 2:
            assert ALL - set(each.territories) <= set(codes(text)), (text, opened(text))


SETS = st.lists(
    st.sampled_from(["UK", "Ireland", "FRANCE", "Deutschland", "España", "Italy", "U.S.", "Japón"]),
    min_size=1,
    max_size=4,
    unique=True,
)
CLOSED = (
    "ALL COUNTRIES EXCEPT {} OUT",
    "WORLD OUT EXCEPT {}",
    "NO USE OUTSIDE {}",
    "{} ONLY",
    "WORLD (EXCEPT {}) OUT",
    "NOT AVAILABLE OUTSIDE {}",
    "FOR USE IN {} ONLY",
)
DENIED = (
    "{} OUT",
    "NO USE IN {}",
    "NOT FOR SALE IN {}",
    "WORLDWIDE RIGHTS EXCEPT {}",
    "NO {} SALES",
    "OUT: {}",
    "{} EXCLUDED",
)
AROUND = st.sampled_from(["", "NO ARCHIVE, ", "EDITORIAL USE ONLY. ", "Mandatory credit: Ana Lund/Nordlys; "])


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(CLOSED), SETS, st.sampled_from([", ", " AND ", "/"]), AROUND)
def test_every_form_of_complement_opens_just_its_countries(form, places, joint, before):
    text = before + form.format(joint.join(places))
    assert opened(text) == list(codes(" , ".join(places))), text
    assert not read(text, AT).unread


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(DENIED), SETS, st.sampled_from([", ", " AND ", "/"]), AROUND)
def test_every_form_of_denial_denies_just_its_countries(form, places, joint, before):
    text = before + form.format(joint.join(places))
    assert sorted(denied(text)) == list(codes(" , ".join(places))), text


@settings(max_examples=120, deadline=None)
@given(st.sampled_from((*CLOSED, *DENIED)), SETS, st.integers(0, 12))
def test_a_word_nobody_knows_never_opens_what_the_rest_denies_without_being_told(form, places, where):
    words = form.format(" AND ".join(places)).split()
    text = " ".join([*words[:where], "ZYXWV", *words[where:]])
    reading = read(text, AT)
    assert "ZYXWV" in " ".join([*reading.unread, *(each.exclusive_to for each in reading.restrictions)])
    if form in CLOSED:
        assert set(opened(text)) <= set(codes(text)) or not denied(text)


# Every word


@settings(max_examples=200, deadline=None)
@example("UK:ONLY:SALE")
@given(st.one_of(st.text(max_size=120), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)))
def test_every_word_is_understood_glue_or_unread(text):
    reading = read(text, AT)
    said = [span for each in reading.restrictions for span in each.spans] + list(reading.unread_spans)
    plain = folded(text)
    for _, lexemes in clauses(text):
        for lexeme in lexemes:
            inside = any(start <= lexeme.start and lexeme.end <= end for start, end in said)
            if lexeme.kind == "unknown":
                assert inside or not reading.restrictions or "credit" in plain.lower() or _is_swallowed(lexeme, reading)
            elif lexeme.kind in WEIGHTY - GLUE:
                assert inside, (text, plain[lexeme.start : lexeme.end])


def _is_swallowed(lexeme, reading):
    return any(each.condition in {"related_only", "clients_only"} for each in reading.restrictions)


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("FRANCE OUT EXCEPT CANNES", ["EXCEPT CANNES"]),
        ("GERMANY OUT. BEWARE OF THE DOG", ["BEWARE OF THE DOG"]),
        ("NO ARCHIVE AFTER 30 DAYS", ["AFTER 30 DAYS"]),
        ("UK OUT UNTIL 3/4/2026", ["UNTIL 3/4/2026"]),
        ("EXCLUSIVE", ["EXCLUSIVE"]),
        ("NO HELICOPTER SHOTS", ["NO HELICOPTER SHOTS"]),
        ("NO ARCHIVE EXCEPT UK", ["EXCEPT UK"]),
        ("EDITORIAL USE ONLY. NO SALES. GERMANY OUT", []),
    ],
)
def test_what_is_not_understood_is_said(text, unread):
    assert list(read(text, AT).unread) == unread


# Holds, other publishers, ends


@pytest.mark.parametrize(
    "text",
    [
        "HOLD UNTIL NOTIFIED", "HOLD", "DO NOT USE", "NOT FOR PUBLICATION", "NO USE UNTIL FURTHER NOTICE", "KILL", "PICTURE KILL", "RETRACTED",
        "NOT CLEARED", "INTERNAL USE ONLY", "EXCLUSIVE TO THE EVENING LANTERN", "EVENING LANTERN ONLY", "FOR USE BY THE LANTERN ONLY",
        "FOR NORDLYS USE ONLY", "EXCLUSIVE UK RIGHTS: EVENING LANTERN", "EMBARGOED UNTIL 3 MARCH 2026 22:00 GMT OR UNTIL THE SHOW ENDS",
        "LICENSE EXPIRES SOON", "Nicht veröffentlichen", "Ne pas publier", "No publicar", "Non pubblicare", "NOT VALID UNTIL SIGNED",
    ],
)  # fmt: skip
def test_a_hold_a_kill_another_publisher_or_an_unreadable_end_denies_until_a_person_looks(text):
    reading = read(text, AT)
    assert reading.hold and denied(text) == ALL
    assert all("person" in meaning(each) for each in reading.restrictions if each.is_hold)


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("USE BY 12/05/2026", "2026-05-13T00:00"),
        ("48 HOURS ONLY", "2026-03-03T12:00"),
        ("MUST BE USED BY MARCH 9, 2026", "2026-03-10T00:00"),
        ("UNTIL 9 MARCH 2026 ONLY", "2026-03-10T00:00"),
        ("NOT TO BE USED AFTER 5 JUNE 2026", "2026-06-06T00:00"),
        ("FOR ONE MONTH ONLY", "2026-03-30T00:00"),
    ],
)
def test_a_last_day_denies_after_it(text, starts):
    (expiry,) = read(text, AT).restrictions
    assert (expiry.effect, expiry.starts, expiry.ends) == ("deny", datetime.fromisoformat(f"{starts}+00:00"), None)


def test_of_two_dates_the_stricter_holds_and_is_to_be_checked():
    assert read("USE BY 12/05/2026", AT).unread == ("12/05/2026",)
    assert read("USE BY 13/05/2026", AT).unread == ()


def test_no_use_until_is_never_read_as_use_until():
    (embargo,) = read("NO USE UNTIL MIDNIGHT GMT 4 MARCH 2026", AT).restrictions
    assert (embargo.starts, embargo.ends) == (None, datetime(2026, 3, 4, tzinfo=UTC))


# How people say where


def test_where_is_said_in_names_and_by_the_shorter_side():
    assert only_in_words(ALL - {"US", "CA"}) == "only in Canada and the US"
    assert only_in_words({"FR"}) == "not in France"
    assert in_words({"GB", "IE", "FR"}) == "France, Ireland and the UK"
    assert in_words(ALL - {"FR"}) == "every country except France"
    assert in_words(codes("Africa")).count(",") < 12
    assert only_in_words(ALL) == "nowhere"


# The command


def answer(*lines, monkeypatch):
    out, err = StringIO(), StringIO()
    monkeypatch.setattr("sys.stdin", StringIO("\n".join(lines) + "\n"))
    refused = None
    try:
        call_command("read_instructions", stdout=out, stderr=err)
    except CommandError as error:
        refused = str(error)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), refused


@pytest.mark.django_db
def test_the_command_reads_json_lines_and_writes_them(monkeypatch):
    raw = "UK OUT UNTIL MARCH 9, 2026; NO CROPPING; MIND THE STEP"
    (found,), _, refused = answer(json.dumps({"raw": raw, "at": "2026-03-01T12:00:00Z"}), monkeypatch=monkeypatch)
    assert refused is None
    assert found == {
        "raw": raw,
        "rights": [
            {
                "effect": "deny", "territories": ["GB"], "channels": [], "placements": [], "from": None,
                "until": "2026-03-09T00:00:00Z", "exclusive_to": None,
            }
        ],
        "conditions": ["no_crop"],
        "unread": ["MIND THE STEP"],
        "hold": False,
    }  # fmt: skip


@pytest.mark.django_db
def test_the_command_refuses_bad_lines_in_a_sentence_and_reads_the_others(monkeypatch):
    lines = [
        "{",
        "[]",
        '{"raw": 3}',
        '{"raw": "x", "at": "soon"}',
        '{"raw": "x", "at": 7}',
        "[" * 5000,
        "",
        '{"raw": "NO UK"}',
    ]
    found, said, refused = answer(*lines, monkeypatch=monkeypatch)
    assert [each["raw"] for each in found] == ["NO UK"]
    assert len(said.splitlines()) == 6 and "Traceback" not in said and refused == "Not read: 6 lines."


def test_a_day_is_enough_to_count_from():
    assert read("48 HOURS ONLY", date(2026, 3, 1)).restrictions[0].starts == datetime(2026, 3, 3, tzinfo=UTC)
