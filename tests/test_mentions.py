"""Known names are found in text as an editor would find them, and new ones are proposed from captions."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.mentions import Index, Name, find, propose, tally

CAST = [
    Name("vane", "Iris Vane"),
    Name("luz", "Ana de Luz", ("Anita de Luz",)),
    Name("ana", "Ana"),
    Name("quill", "Quill", ("DJ Quill",)),
    Name("roe", "J.J. Roe"),
    Name("holm-jr", "Peter Holm Jr."),
    Name("holm-iii", "Peter Holm III"),
    Name("celie", "Célie O'Hara"),
    Name("bell", "Tomas Bell", ("T-Bell",)),
    Name("bell-ada", "Ada Bell"),
    Name("harbor", "Harbor Lights", person=False),
    Name("tide", "Tide", person=False),
    Name("it", "It", person=False),
    Name("1999", "1999", person=False),
    Name("quiet", "A Quiet Shore", person=False),
]
INDEX = Index(CAST)


def keys(text: str) -> list[str]:
    return [mention.key for mention in find(text, INDEX)]


def words(text: str) -> list[str]:
    return [mention.words for mention in find(text, INDEX)]


def test_a_mention_points_at_its_words_in_the_text():
    text = "We met Iris Vane at noon."
    (mention,) = find(text, INDEX)
    assert (mention.key, text[mention.start : mention.end], mention.ambiguous) == ("vane", "Iris Vane", False)


@pytest.mark.parametrize(
    "text", ["Iris Vane’s coat", "Iris Vane's coat", "the Iris Vane-led crew", "(Iris Vane)", "Iris\nVane"]
)
def test_possessives_brackets_and_line_breaks_do_not_hide_a_name(text):
    assert keys(text) == ["vane"]


def test_the_longest_name_wins():
    assert words("Ana de Luz sang.") == ["Ana de Luz"]


@pytest.mark.parametrize(
    "text",
    [
        "Ana de Armas sang.",
        "Ana Rivers sang.",
        "They saw Maria Ana.",
        "Ana-Maria sang.",
        "Bananas and banana.",
        "We follow @Ana and #Ana there.",
        "ana is a word",
    ],
)
def test_a_one_word_name_is_not_found_inside_another_name_or_word(text):
    assert keys(text) == []


def test_a_one_word_name_is_case_sensitive():
    assert keys("The quill was new. Then Quill laughed.") == ["quill"]


@pytest.mark.parametrize(
    "text", ["Then Quill laughed.", "Rapper Quill laughed.", "QUILL laughed.", "On Monday Quill laughed."]
)
def test_a_one_word_name_is_found_beside_words_that_are_no_names(text):
    assert keys(text) == ["quill"]


def test_a_headline_names_somebody_only_when_the_running_text_does_too():
    assert keys("Quill Drops Four New Songs\n\nLast night Quill was here.") == ["quill", "quill"]
    assert keys("Quill Rivers Drops Four New Songs\n\nLast night Quill Rivers was here.") == []


def test_a_surname_counts_only_after_the_full_name():
    assert words("Vane left. Then Iris Vane came back, and Vane’s dog too.") == ["Iris Vane", "Vane"]


def test_a_surname_keeps_its_particle_and_is_not_found_in_another_family():
    assert words("Ana de Luz left. “No,” de Luz said. Maria de Luz and Paul Luz stayed.") == ["Ana de Luz", "de Luz"]


def test_a_sentence_end_is_not_bridged():
    assert keys("We love Iris. Vane is a word.") == []


def test_accents_quotes_and_initials_may_be_written_otherwise():
    assert keys("Celie O’Hara met J. J. Roe.") == ["celie", "roe"]


def test_father_and_son_are_told_apart():
    assert keys("Peter Holm, Jr. and Peter Holm III spoke.") == ["holm-jr", "holm-iii"]


def test_an_alias_is_found():
    assert keys("T-Bell arrived with Anita de Luz.") == ["bell", "luz"]


def test_an_alias_of_two_people_is_flagged_with_the_others():
    index = Index([Name("a", "Ada Moon", ("Moonie",)), Name("b", "Bo Moon", ("Moonie",))])
    (mention,) = find("Here is Moonie again.", index)
    assert mention.ambiguous
    assert {mention.key, *mention.others} == {"a", "b"}


def test_an_ambiguous_alias_means_the_one_who_is_named_in_full():
    index = Index([Name("a", "Ada Moon", ("Moonie",)), Name("b", "Bo Moon", ("Moonie",))])
    assert [(m.key, m.ambiguous) for m in find("Bo Moon came. Then Moonie left.", index)] == [
        ("b", False),
        ("b", False),
    ]


def test_a_surname_two_people_share_is_flagged_once_both_were_named():
    found = find("Tomas Bell sang. Bell smiled. Ada Bell came. Now Bell left.", INDEX)
    assert [(m.key, m.others) for m in found] == [("bell", ()), ("bell", ()), ("bell-ada", ()), ("bell-ada", ("bell",))]


def test_works_are_found_as_written_and_never_shortened():
    assert words("Harbor Lights opened. The harbor lights went out; Lights did too.") == ["Harbor Lights"]


def test_a_work_of_one_word_needs_a_capital_inside_a_sentence_or_quotes():
    assert words("Tide rose. We saw Tide twice, and “Tide.”") == ["Tide", "Tide"]


def test_short_and_numeric_titles_need_quotes():
    assert words("It was in 1999 that It’s done. We saw “It” and “1999.”") == ["It", "1999"]


def test_ordinary_words_that_open_a_sentence_are_no_title():
    assert keys("A quiet shore lay there. She starred in A Quiet Shore.") == ["quiet"]


def test_main_subjects_stand_at_the_top_or_come_often():
    paragraphs = ["Nothing yet.", "Still nothing.", "Tomas Bell came. Bell sang. Bell left.", "J.J. Roe watched."]
    rows = tally("Iris Vane Returns to the Harbor", paragraphs, INDEX)
    assert [(row.key, row.count, row.main) for row in rows] == [("vane", 1, True), ("bell", 3, True), ("roe", 1, False)]


def test_somebody_only_ambiguous_is_no_main_subject():
    index = Index([Name("a", "Ada Moon", ("Moonie",)), Name("b", "Bo Moon", ("Moonie",))])
    (row,) = tally("Here Is Moonie at last, we said", [], index)
    assert row.ambiguous
    assert not row.main


@pytest.mark.parametrize(
    ("caption", "names"),
    [
        ("Nora Quist attends the 9th Annual Harbor Awards in Hollywood, California.", ["Nora Quist"]),
        ("Nora Quist and Leo van der Berg arrive at the Grand Hall in New York.", ["Nora Quist", "Leo van der Berg"]),
        ("(L-R) Nora Quist, Leo O'Shea and Mia So-Lin pose for a photo", ["Nora Quist", "Leo O'Shea", "Mia So-Lin"]),
        ("Nora Quist (L) and Leo Marsh (R) on the set of “Paper Moon Rising”", ["Nora Quist", "Leo Marsh"]),
        ("HOLLYWOOD, CA - MARCH 28: Host Nora Quist speaks onstage", ["Nora Quist"]),
        ("Our Nora Quist with Leo B. Marsh at Winter Weekend", ["Nora Quist", "Leo B. Marsh"]),
        (
            "Actor Leo Marsh as Captain Grey, Nora Quist as Anna Stone, Jr. and Mia Lind",
            ["Leo Marsh", "Nora Quist", "Mia Lind"],
        ),
        (
            "This image released by Paper Pictures shows, from left, Nora Quist and Leo Marsh in a scene",
            ["Nora Quist", "Leo Marsh"],
        ),
        ("Quist’s Paper Holdings bought North Pier Records", []),
        ("The view from the top of Mount Hood", []),
        ("", []),
    ],
)
def test_new_people_in_captions_are_proposed(caption, names):
    assert list(propose([caption], Index([]))) == names


def test_known_people_and_repeats_are_not_proposed():
    captions = ["Iris Vane and Nora Quist arrive", "Nora Quist waves", "Anita de Luz and NORA QUIST"]
    assert propose(captions, INDEX) == ("Nora Quist",)


def test_twenty_thousand_names_are_one_look_up_each():
    index = Index([*CAST, *(Name(str(n), f"Iris {chr(65 + n % 26)}name{n}") for n in range(20_000))])
    assert [m.key for m in find("Iris Vane met Iris Bname1 and Iris Unknown. " * 50, index)] == ["vane", "1"] * 50


ALPHABET = st.sampled_from(
    ["Ana", " ", "de", "Luz", "’s", ".", "Iris", "Vane", "\n", "-", "Ünï", "Bell", "“", "”", "@", "It"]
)


@given(st.one_of(st.text(), st.lists(ALPHABET).map("".join)))
def test_mentions_of_any_text_are_in_order_apart_and_say_what_they_point_at(text):
    found = find(text, INDEX)
    assert all(text[m.start : m.end] == m.words for m in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.lists(st.one_of(st.text(), st.lists(ALPHABET).map("".join))))
def test_any_names_and_captions_are_survived(texts):
    index = Index([Name(text, text, (text.upper(),)) for text in texts])
    assert set(propose(texts, index)).isdisjoint(text for text in texts if index.knows(text))
    for text in texts:
        find(text, index)
