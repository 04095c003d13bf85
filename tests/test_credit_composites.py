"""Several credits in one line are several chains; where that is in doubt, a person looks."""

import pytest

from media.credits.line import Vocabulary, chains, parse, split

SEED = Vocabulary.seed()
PIA = (("Pia Lund",), ("Getty Images",))
TOM = (("Tom Reiss",), ("WireImage",))


def said(line):
    found = chains(line, SEED)
    return [(chain.place, chain.parts and (chain.parts.photographers, chain.parts.agencies)) for chain in found]


@pytest.mark.parametrize(
    "line",
    [
        "Pia Lund/Getty Images; Tom Reiss/WireImage",
        "Pia Lund/Getty Images and Tom Reiss/WireImage",
        "Pia Lund/Getty Images, Tom Reiss/WireImage",
        "Pia Lund/Getty Images | Tom Reiss/WireImage",
        "Composite: Pia Lund/Getty Images, Tom Reiss/WireImage",
        "Photo by Pia Lund/Getty Images. Photo by Tom Reiss/WireImage",
        "From left: Pia Lund/Getty Images, Tom Reiss/WireImage",
    ],
)
def test_two_whole_credits_are_two_chains_and_never_one(line):
    assert said(line) == [(None, PIA), (None, TOM)]
    assert parse(line, SEED) is None


@pytest.mark.parametrize(
    "line",
    [
        "Pia Lund/Getty Images (left); Tom Reiss/WireImage (right)",
        "Pia Lund/Getty Images (L) Tom Reiss/WireImage (R)",
        "Pia Lund/Getty Images [left], Tom Reiss/WireImage [right]",
        "Pia Lund/Getty Images, left, and Tom Reiss/WireImage, right",
        "Left: Pia Lund/Getty Images. Right: Tom Reiss/WireImage",
        "(Left) Pia Lund/Getty Images (Right) Tom Reiss/WireImage",
    ],
)
def test_each_chain_says_where_in_the_picture_it_holds(line):
    assert said(line) == [("left", PIA), ("right", TOM)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Photo by Pia Lund. Photo courtesy of Netflix", [(None, (("Pia Lund",), ())), (None, ((), ()))]),
        ("Getty; AP", [(None, ((), ("Getty",))), (None, ((), ("AP",)))]),
        ("Pia Lund/Getty Images; Zorble", [(None, PIA), (None, None)]),
        ("Top left: Pia Lund/Getty Images; bottom: AP", [("top left", PIA), ("bottom", ((), ("AP",)))]),
    ],
)
def test_a_part_nobody_can_read_leaves_the_others_as_they_are(line, expected):
    assert said(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Pia Lund; Getty Images",
        "AFP and IANS",
        "Getty, Rex",
        "Pia Lund/Getty Images and Tom Reiss",
        "Pia Lund/Getty Images/Tom Reiss/WireImage",
        "AP/Pia Lund and Tom Reiss/WireImage",
    ],
)
def test_what_may_be_one_credit_or_two_is_to_check(line):
    assert said(line) == [(None, None)]
    assert chains(line, SEED)[0].line == line


@pytest.mark.parametrize(
    "line",
    [
        "Pia Lund/Getty Images for Netflix",
        "Pia Lund, left, and Tom Reiss/Invision/AP",
        "Pia Lund and Tom Reiss/Getty Images for Sunset Foundation and Hope House",
        "REUTERS/Pia Lund and Tom Reiss",
        "AP Photo/Paramount Pictures, Pia Lund",
        "Robert Downing, Jr./Getty Images",
        "Pia Lund/CBS ©2019 CBS Broadcasting, Inc. All Rights Reserved",
        "Pia Lund/Getty Images, File",
        "",
    ],
)
def test_an_ordinary_credit_is_one_chain_with_its_parts(line):
    found = chains(line, SEED)
    assert (len(found), found[0].place, found[0].line) == (1, None, line)
    assert found[0].parts == parse(line, SEED) is not None


def test_a_caption_s_credits_keep_the_word_that_says_composite():
    found = split("Marla Quist and her sister. (Composite: Getty Images, AP)", SEED)
    assert [chain.parts.agencies for chain in found.chains(SEED)] == [("Getty Images",), ("AP",)]
