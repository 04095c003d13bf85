"""Reading, splitting and saying photo credits. The table in data/credit_lines.jsonl holds one captioned line of every form."""

import json
from pathlib import Path

import pytest

from media.credits.house_caption import house_caption
from media.credits.line import CreditParts, HouseStyle, Organisation, Vocabulary, name_case, parse, render, split

SEED = Vocabulary.seed()
LINES = [
    json.loads(line) for line in Path(__file__).with_name("data").joinpath("credit_lines.jsonl").open(encoding="utf-8")
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['form']}: {line['raw'][-60:]}")
def test_every_form_is_read_as_labelled(line):
    found = split(line["raw"], SEED)
    parts = found.parts or CreditParts()
    assert {
        "credit_line": found.credit_line,
        "photographers": list(parts.photographers),
        "agencies": list(parts.organisations),
        "on_behalf_of": parts.on_behalf_of,
        "courtesy_of": parts.courtesy_of,
        "handle": parts.handle,
    } == {key: line[key] for key in line if key not in {"form", "raw"}}


def captions(*rows):
    return pytest.mark.parametrize(("text", "caption"), rows)


@captions(
    ("Marla Quist in Rome.Photo: AP", "Marla Quist in Rome."),
    ("Credit: Pia Lund/WireImage\n\nMarla Quist takes the stage on Monday.", "Marla Quist takes the stage on Monday."),
    ("Image copyright PA Image caption Marla Quist won the prize", "Marla Quist won the prize"),
    ("Marla Quist (Photo by Pia Lund/WireImage) arrives in Rome.", "Marla Quist arrives in Rome."),
    ("Marla Quist in Rome. ... [+] (Photo by Pia Lund/WireImage)", "Marla Quist in Rome. ... [+]"),
    ("Marla Quist in Rome. Photo by Pia Lund/UPI | License Photo", "Marla Quist in Rome."),
    ("Marla Quist | Pia Lund/WireImage", "Marla Quist"),
    ("FILE - Marla Quist in Rome. (AP Photo/Pia Lund, File)", "FILE - Marla Quist in Rome."),
    (
        "ROME, ITALY - MAY 02: Marla Quist sings. (Photo by Pia Lund/WireImage)",
        "ROME, ITALY - MAY 02: Marla Quist sings.",
    ),
    ("Marla in Rome. / AFP PHOTO / PIA LUND (Photo credit should read PIA LUND/AFP/Getty Images)", "Marla in Rome."),
    ("Courtesy of Netflix", ""),
)
def test_split_leaves_the_caption_as_written_without_the_credit(text, caption):
    assert split(text, SEED).caption == caption


@captions(
    ("ROME, ITALY - MAY 02: Marla Quist sings. (Photo by Pia Lund/WireImage)", "Marla Quist sings."),
    ("NEW YORK, NY – DECEMBER 31, 2019:  Marla Quist sings. (Photo by Pia Lund/WireImage)", "Marla Quist sings."),
    (
        "FILE - In this Jan. 5 photo, Marla Quist sings. (AP Photo/Pia Lund, File)",
        "In this Jan. 5 photo, Marla Quist sings.",
    ),
    ("FILE PHOTO: Marla Quist sings. REUTERS/Pia Lund/File Photo", "Marla Quist sings."),
    ("(FILES) Marla Quist sings. (Photo by PIA LUND / AFP)", "Marla Quist sings."),
    ("Marla Quist sings. ... [+] (Photo by Pia Lund/WireImage)", "Marla Quist sings."),
    ("LONDON (Reuters) - Marla Quist sings.", "Marla Quist sings."),
    (
        "Marla Quist sings at Berlin - May 2 is a holiday there.",
        "Marla Quist sings at Berlin - May 2 is a holiday there.",
    ),
    ("Marla Quist sings.", "Marla Quist sings."),
)
def test_house_caption_drops_credit_dateline_file_prefix_and_page_words(text, caption):
    assert house_caption(text, SEED) == caption


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("AP Photo/Pia Lund, File", CreditParts(("Pia Lund",), ("AP",), status=("File",))),
        ("Erik Schaaf/Pool/Getty Images", CreditParts(("Erik Schaaf",), ("Getty Images",), status=("Pool",))),
        ("Getty - Contributor", CreditParts((), ("Getty",), status=("Contributor",))),
        (
            "Pia Lund/ABC © 2014 Disney",
            CreditParts(("Pia Lund",), ("ABC",), copyright_year=2014, copyright_holder="Disney"),
        ),
        ("© 2014 Pia Lund", CreditParts(("Pia Lund",), copyright_year=2014)),
        ("© 2020 Getty Images", CreditParts((), ("Getty Images",), copyright_year=2020)),
        ("Pool photo by Erik Schaaf", CreditParts(("Erik Schaaf",), status=("Pool",))),
        ("Pia Lund/Pia Lund/Invision/AP", CreditParts(("Pia Lund",), ("Invision", "AP"))),
        ("", CreditParts()),
    ],
)
def test_parse_keeps_every_part(line, parts):
    assert parse(line, SEED) == parts


def test_an_agency_is_never_made_a_person():
    assert parse("Axelle/Bauer-Griffin/FilmMagic", SEED) == CreditParts(("Axelle",), ("Bauer-Griffin", "FilmMagic"))


def test_an_unknown_shape_is_flagged_and_kept_as_written():
    found = split("Marla Quist in Rome. (Photo: zq7 — [n/a] by the 3rd unit)", SEED)
    assert found.credit_line is None or (found.parts is None and not found.recognised)
    flagged = split("Marla Quist in Rome. Photo: Zorble", SEED)
    assert (flagged.credit_line, [chain.parts for chain in flagged.chains(SEED)]) == ("Zorble", [None])
    assert parse("Zorble", SEED) is None


def test_a_name_the_desk_adds_makes_the_next_line_parse():
    line = "Marla Quist in Rome. Photo: Zorble"
    desk = Vocabulary.build([("Zorble", "agency", ["Zorble Pictures of Rome"])])
    assert split(line, desk).parts == CreditParts((), ("Zorble",))
    people = Vocabulary.build([], [("Zorble", ["ZRB"])])
    assert split(line, people).parts == CreditParts(("Zorble",))
    assert people.photographer("zrb") == "Zorble"


@pytest.mark.parametrize("spelling", ["Getty Images", "GETTY  IMAGES", "gettyimages", "Getty", "Getty Imagest"])
def test_spellings_of_one_agency_are_one_organisation(spelling):
    assert SEED.organisation(spelling) == Organisation("Getty Images", "agency")


def test_a_name_beats_the_alias_of_another_row():
    desk = Vocabulary.build([("Old House", "agency", ["Snap"]), ("Snap", "agency", [])])
    assert desk.organisation("snap") == Organisation("Snap", "agency")


def test_an_unknown_organisation_has_no_row():
    assert SEED.organisation("Zorble") is None
    assert SEED.organisation("") is None


FULL = CreditParts(("Pia Lund", "Tom Reiss"), ("Invision", "AP"), on_behalf_of="Netflix", status=("File",))


@pytest.mark.parametrize(
    ("parts", "style", "line"),
    [
        (FULL, HouseStyle(), "Photo by Pia Lund and Tom Reiss/Invision/AP for Netflix, File"),
        (
            FULL,
            HouseStyle(prefix="Photo: ", separator=" / "),
            "Photo: Pia Lund and Tom Reiss / Invision / AP for Netflix, File",
        ),
        (FULL, HouseStyle(agency_first=True), "Photo by Invision/AP for Netflix/Pia Lund and Tom Reiss, File"),
        (FULL, HouseStyle(photographer=False), "Invision/AP for Netflix, File"),
        (FULL, HouseStyle(upper_case=True), "PHOTO BY PIA LUND AND TOM REISS/INVISION/AP FOR NETFLIX, FILE"),
        (CreditParts(("Pia Lund",)), HouseStyle(photographer=False), "Photo by Pia Lund"),
        (CreditParts((), ("Getty Images",)), HouseStyle(), "Getty Images"),
        (CreditParts(courtesy_of="Netflix"), HouseStyle(), "Courtesy of Netflix"),
        (CreditParts((), ("Instagram",), handle="marla"), HouseStyle(), "Instagram/@marla"),
        (CreditParts(copyright_year=2014, copyright_holder="Disney"), HouseStyle(), "© 2014 Disney"),
        (CreditParts(("A. Bo", "C. Do", "E. Fo")), HouseStyle(), "Photo by A. Bo, C. Do and E. Fo"),
        (CreditParts(), HouseStyle(), ""),
    ],
)
def test_render_says_the_credit_in_house_style(parts, style, line):
    assert render(parts, style) == line


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ANGELA WEBER", "Angela Weber"),
        ("SINEAD O'CONNERY", "Sinead O'Connery"),
        ("LUKE MCGARRY", "Luke McGarry"),
        ("ANTON DE MOURA FILHO", "Anton de Moura Filho"),
        ("JEAN-LUC PELTIER JR.", "Jean-Luc Peltier Jr."),
        ("J.B. LARK III", "J.B. Lark III"),
        ("ALBA E. RODERO", "Alba E. Rodero"),
        ("Pia Lund", "Pia Lund"),
        ("dia Dipasuk", "dia Dipasuk"),
    ],
)
def test_name_case_sets_only_capitals_in_ordinary_case(name, shown):
    assert name_case(name) == shown


@pytest.mark.parametrize(
    "unit", ["(", "Photo by ", "/ ", "a ", "Getty Images/", ", ", "©", "\n", "Mr. J. K. ", "courtesy of "]
)
def test_ten_thousand_hostile_characters_stay_one_caption(unit):
    text = unit * (10_000 // len(unit))
    assert split(text, SEED).raw == text
