"""A pasted story becomes a structured one, the way an editor would mark it up. The stories and people are invented."""

import datetime

import pytest

from articles.imports.plain_text import Story, fingerprint, read, to_json, words_in
from articles.text.reading_time import reading_time
from media.credits.line import Vocabulary

VOCABULARY = Vocabulary.seed()

SEED_SHAPE = """ date 2025-03-17 Reading Time: 3 minutes

We have news from the very active boat yard of Mr. Tomas Bell.

When we last looked, Bell was (reportedly) building a raft.

Nora Quist attends the 9th Annual Harbor Awards on March 12, 2023 in Hollywood, California. (Photo by Paul Rivers/Getty Images)

Tomas Bell & Nora Quist: Is This Really a Boat?

You might know Nora from such films as Paper Moon Rising and “your dreams.”

Tomas Bell attends the premiere of “Harbor: Lost – Part One” on July 03, 2023 in Sydney, Australia. (Photo by Ada Marsh Lind/Getty Images)

“Tomas looked happy as fans came near,” a source close to the yard tells us.

Nora Is a Raft Fan

She’ll have plenty of time to practice, as the yard is open all the winter.

Nora Quist attends the Los Angeles Premiere Of Netflix’s “Tide” on September 13, 2022 in Hollywood, California. (Photo by Charley Lowe/Getty Images for Netflix)

So will we see these two at sea this summer? Probably not — but it’s fun to dream!
"""

HOUSE_WEEKEND = """ date 2014-12-19
By Alma Roe

Inside Our Trip To Bern With A Little Song And Carla Moon

Carla Moon and Dina Argent at Winter Weekend [Rex]

'Tis the season to wrap up, get warm and sing with everybody who came to the lake this year.

Eating & Drinking... Lots

Our Alma Roe with the little song guest at the cocktail dinner

The hotel was the heart of the weekend, and it gave us four meals a day and then some more.

Bern'd From The Bottom...

The view from the top of Wasserhorn

While some of us went down to the river, the rest took the lift and had a very good look at it.

Take It To The Basement...

Our Alma Roe with Dina Argent

The club in the basement was open until six, and nobody thought of leaving before half past five.
"""

INTERVIEW = """ date 2014-12-29

'Marsh': Ada Vale and Opal Winter turn '60s quarrels into a stirring, relevant film

Anna Lee Cole, a maid of 54 years, simply wanted to sing, and nobody in the town would let her do so.

This image released by Paper Pictures shows, standing from left, Tess Holm, Omar Dors and Colin Sund in a scene from "Marsh." (AP Photo/Paper Pictures, Atsu Nishi)

Ada, how did Opal do when she had to sing?

AV She was all in. She had no problem working with the choir at all.

OW I did it every time.

Will you be screening this for your close friend Barney Lund?

OW For sure. Our desire is to go to his house and show it to him.

It probably also helped that as a girl you wanted to be Dr. Reed!

OW What made me think I was gonna do that? I was 12 or 13 at the time.

So you're Team Fitz, then - not Team Jack?

AV Sorry, Scott Fole!

The Real-Life Singers

Dors says he gained insight from a friend of the choir, who revealed "the joker of the town."
"""


def story(text: str) -> Story:
    return read(text, VOCABULARY)


def paragraphs(found: Story) -> list[str]:
    return [block.text for block in found.blocks if block.type == "paragraph"]


def notes_about(found: Story, text: str) -> list[str]:
    return [note.sentence for note in found.notes if note.text == text]


LONG = "This is a paragraph of the story, and it goes on for a while until it comes to its full stop."


def test_the_first_line_gives_date_and_reading_time():
    found = story(SEED_SHAPE)
    assert (found.date, found.reading_time_minutes, found.byline) == (datetime.date(2025, 3, 17), 3, None)


def test_a_text_without_title_gets_one_proposed_from_its_first_heading_and_says_so():
    found = story(SEED_SHAPE)
    assert found.title_proposed
    assert found.title == "Tomas Bell & Nora Quist: Is This Really a Boat?"
    assert found.headings == (found.title, "Nora Is a Raft Fan")
    assert "no title" in found.notes[0].sentence


def test_captions_lose_their_credit_and_keep_its_parts():
    photos = story(SEED_SHAPE).photos
    assert [photo.credit.parts.photographers for photo in photos] == [
        ("Paul Rivers",),
        ("Ada Marsh Lind",),
        ("Charley Lowe",),
    ]
    assert [photo.credit.parts.agencies for photo in photos] == [("Getty Images",)] * 3
    assert [photo.credit.parts.on_behalf_of for photo in photos] == [None, None, "Netflix"]
    assert (
        photos[0].caption
        == "Nora Quist attends the 9th Annual Harbor Awards on March 12, 2023 in Hollywood, California."
    )
    assert all(photo.certain for photo in photos)


@pytest.mark.parametrize("text", [SEED_SHAPE, HOUSE_WEEKEND, INTERVIEW])
def test_no_word_is_lost_and_their_order_stays(text):
    assert story(text).words() == words_in(text) == tuple(text.split())


def test_byline_and_title_stand_above_the_body():
    found = story(HOUSE_WEEKEND)
    assert (found.title, found.title_proposed) == ("Inside Our Trip To Bern With A Little Song And Carla Moon", False)
    assert (found.byline, found.authors) == ("Alma Roe", ("Alma Roe",))


def test_a_line_without_credit_between_heading_and_prose_is_offered_as_a_caption():
    found = story(HOUSE_WEEKEND)
    assert [(photo.raw, photo.certain) for photo in found.photos] == [
        ("Carla Moon and Dina Argent at Winter Weekend [Rex]", True),
        ("Our Alma Roe with the little song guest at the cocktail dinner", False),
        ("The view from the top of Wasserhorn", False),
        ("Our Alma Roe with Dina Argent", False),
    ]
    assert "caption" in notes_about(found, "The view from the top of Wasserhorn")[0]


def test_headings_may_end_in_dots():
    assert story(HOUSE_WEEKEND).headings == (
        "Eating & Drinking... Lots",
        "Bern'd From The Bottom...",
        "Take It To The Basement...",
    )


def test_questions_and_short_answers_of_an_interview_are_no_headings():
    found = story(INTERVIEW)
    assert found.headings == ("The Real-Life Singers",)
    assert "AV Sorry, Scott Fole!" in paragraphs(found)
    assert len(found.photos) == 1


@pytest.mark.parametrize("line", ["Courtesy of Zillow", "Via Facebook", "Getty Images", "Photo: Paul Rivers/WireImage"])
def test_a_credit_alone_is_a_photo_without_caption(line):
    (photo,) = story(f"A Tour Of The House On The Hill\n\n{line}\n\n{LONG}\n").photos
    assert (photo.caption, photo.raw, photo.certain) == ("", line, True)


def test_speech_that_ends_in_its_source_stays_a_paragraph():
    speech = (
        "‘Yes, we are a small choir nobody has ever heard of, and we sing the same phrase each time.’ (Via Chortle)"
    )
    found = story(f"A Choir Sings At Last In The Town\n\n{LONG}\n\n{speech}\n\n{LONG}")
    assert found.photos == ()
    assert speech in paragraphs(found)


def test_a_long_caption_that_reads_like_news_is_a_caption_when_it_names_photographers():
    line = (
        "Bell’s Paper Holdings bought the North Choir, home to the first six albums of Quist, among them the winners of "
        "the year, 2008’s “Raft” and 2014’s “1989.” (Photos by Paul Rivers, left, and Mark Holt/Invision/AP)"
    )
    (photo,) = story(f"Bell Buys the Choir\n\n{LONG}\n\n{line}\n\n{LONG}").photos
    assert photo.raw == line
    assert photo.caption.endswith("“1989.”")


def test_a_credit_on_the_line_below_belongs_to_the_caption_above():
    text = f"Bell Buys the Choir\n\n{LONG}\n\nNora Quist sings at the lake\nPaul Rivers/WireImage\n\n{LONG}"
    (photo,) = story(text).photos
    assert (photo.caption, photo.credit.parts.photographers) == ("Nora Quist sings at the lake", ("Paul Rivers",))
    assert [block.source_lines for block in story(text).blocks if block.photo] == [(5, 6)]


@pytest.mark.parametrize(
    ("above", "below"), [("Nora Quist sings at the lake", "Courtesy of Zillow"), ("- One", "- Two")]
)
def test_a_date_between_two_lines_that_belong_together_keeps_its_place(above, below):
    text = f"{above}\n2025-03-17\n{below}\n\n{LONG}"
    assert story(text).words() == words_in(text)


@pytest.mark.parametrize(
    "line",
    [
        "(L-R) Nora Quist and Tomas Bell at the lake",
        "Nora Quist (L) and Tomas Bell wave to the choir.",
        "Nora Quist attends the Harbor Awards on March 12, 2023 in Bern.",
        "BERN, CH - MARCH 12: Nora Quist speaks onstage",
        "Tomas Bell in 2018",
    ],
)
def test_lines_that_only_captions_look_like_become_uncertain_photos(line):
    (photo,) = story(f"Bell Buys the Choir\n\n{LONG}\n\n{line}\n\n{LONG}").photos
    assert (photo.caption, photo.certain, photo.credit.credit_line) == (line, False, None)


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("March 17, 2025", 17),
        ("Mar. 17, 2025", 17),
        ("17 March 2025", 17),
        ("Monday, 17th March 2025", 17),
        ("Published: March 17, 2025 at 10:30 AM EDT", 17),
        ("Posted on 2025-03-17T10:30:00Z", 17),
        ("03/17/2025", 17),
        ("17.03.2025", 17),
        ("Updated: March 18, 2025 | Published: March 17, 2025", 17),
        ("Last updated March 18, 2025", 18),
    ],
)
def test_dates_are_read_in_the_forms_of_many_houses(head, day):
    assert story(f"Bell Buys the Choir\n{head}\n\n{LONG}").date == datetime.date(2025, 3, day)


def test_a_date_that_can_be_read_two_ways_is_left_open_and_named():
    found = story(f"Bell Buys the Choir\n03/04/2025\n\n{LONG}")
    assert found.date is None
    assert "day first or month first" in notes_about(found, "03/04/2025")[0]


def test_a_day_that_does_not_exist_stays_text():
    found = story(f"Bell Buys the Choir\nFebruary 30, 2025\n\n{LONG}")
    assert found.date is None
    assert "February 30, 2025" in found.words() or "February" in found.words()


@pytest.mark.parametrize(
    "head", ["Reading Time: 5 minutes", "5 min read", "5-minute read", "Read time: 5 mins", "5 MIN READ"]
)
def test_reading_times_are_read_in_many_forms(head):
    assert story(f"Bell Buys the Choir\n{head}\n\n{LONG}").reading_time_minutes == 5


@pytest.mark.parametrize(
    ("head", "byline", "authors"),
    [
        ("By Alma Roe", "Alma Roe", ("Alma Roe",)),
        ("By Alma Roe and Tom Vale", "Alma Roe and Tom Vale", ("Alma Roe", "Tom Vale")),
        ("Written by Alma Roe, Staff Writer", "Alma Roe, Staff Writer", ("Alma Roe",)),
        (
            "By Alma Roe, Tom Vale & Zoë O’Dell",
            "Alma Roe, Tom Vale & Zoë O’Dell",
            ("Alma Roe", "Tom Vale", "Zoë O’Dell"),
        ),
        ("Words: Alma Roe", "Alma Roe", ("Alma Roe",)),
        ("By Alma Roe | March 17, 2025 | 5 min read", "Alma Roe", ("Alma Roe",)),
        ("Alma Roe · March 17, 2025", "Alma Roe", ("Alma Roe",)),
        ("BY ALMA ROE", "ALMA ROE", ("ALMA ROE",)),
    ],
)
def test_bylines_are_read_in_many_forms(head, byline, authors):
    found = story(f"Bell Buys the Choir\n{head}\n\n{LONG}")
    assert (found.byline, found.authors) == (byline, authors)


def test_a_sentence_that_begins_with_by_is_no_byline():
    found = story(f"Bell Buys the Choir\n\nBy the time we came to the lake, the choir had left the town.\n\n{LONG}")
    assert found.byline is None


def test_a_line_between_title_and_byline_is_the_standfirst():
    dek = "The singer talks about the raft, the choir and the year that changed it all."
    found = story(f"Bell Buys the Choir\n{dek}\nBy Alma Roe\n\n{LONG}")
    assert (found.title, found.standfirst, found.byline) == ("Bell Buys the Choir", dek, "Alma Roe")
    assert paragraphs(found) == [LONG]


def test_a_section_name_above_the_title_is_kept_and_listed():
    found = story(f"MOVIES\nNora Quist Says She Will Never Return to Sea\nBy Alma Roe\n\n{LONG}")
    assert found.title == "Nora Quist Says She Will Never Return to Sea"
    assert found.unrecognised == ("MOVIES",)
    assert "MOVIES" in paragraphs(found)


def test_a_first_line_that_is_a_sentence_is_no_title():
    found = story(f"The choir is gone.\n\n{LONG}")
    assert (found.title, found.title_proposed) == ("The choir is gone", True)
    assert paragraphs(found)[0] == "The choir is gone."


def test_a_title_may_end_in_an_abbreviation():
    assert story(f"Nora Quist Comes Back to the U.S.\n\n{LONG}").title == "Nora Quist Comes Back to the U.S."


def test_a_long_first_sentence_is_cut_at_a_word():
    title = story("We " + "really " * 40 + "sang.").title
    assert title is not None
    assert len(title) <= 101
    assert title.endswith("really…")


def test_quotes_and_lists_are_taken_where_the_text_marks_them():
    text = f"Bell Buys the Choir\n\n{LONG}\n\n- One raft\n- Two rafts\n• Three rafts\n\n> We sang.\n> We left.\n\n***\n\n{LONG}"
    found = story(text)
    assert [(block.type, block.text) for block in found.blocks[1:4]] == [
        ("list", "One raft\nTwo rafts\nThree rafts"),
        ("quote", "We sang.\nWe left."),
        ("divider", "***"),
    ]
    assert to_json(found)["blocks"][1]["items"] == ["One raft", "Two rafts", "Three rafts"]


def test_marked_headings_keep_their_level():
    found = story(f"# Bell Buys the Choir\n\n{LONG}\n\n### The raft, once more\n\n{LONG}\n\n**A bold one**\n\n{LONG}")
    assert found.title == "Bell Buys the Choir"
    assert [(block.text, block.level) for block in found.blocks if block.type == "heading"] == [
        ("The raft, once more", 3),
        ("A bold one", 2),
    ]


def test_a_sentence_case_heading_is_taken_and_named():
    found = story(f"Bell Buys the Choir\n\n{LONG}\n\nWhat the choir said about it\n\n{LONG}")
    assert found.headings == ("What the choir said about it",)
    assert "heading" in notes_about(found, "What the choir said about it")[0]


@pytest.mark.parametrize("line", ["The Last Song", "What the choir said about it"])
def test_a_heading_needs_prose_below_it(line):
    assert story(f"Bell Buys the Choir\n\n{LONG}\n\n{line}\n").headings == ()


@pytest.mark.parametrize(
    "line",
    [
        "https://example.com/raft",
        "Related: Ten rafts we love",
        "ADVERTISEMENT",
        "Share this",
        "Sign up for our newsletter",
    ],
)
def test_page_furniture_stays_a_paragraph_and_is_listed(line):
    found = story(f"Bell Buys the Choir\n\n{LONG}\n\n{line}\n\n{LONG}")
    assert found.unrecognised == (line,)
    assert paragraphs(found) == [LONG, line, LONG]
    assert notes_about(found, line)


@pytest.mark.parametrize(
    "line",
    [
        "— Nora Quist (@noraquist) November 18, 2019",
        "38 Nora Quist 6 0 0 0 0",
        "Get the Raft for Free (Upgrade to the Choir for $4.99/mo)",
        "The raft of Gov. Nora Quist (R) has come to the lake, and she is proud of it.",
    ],
)
def test_post_signatures_tables_offers_and_parties_are_neither_heading_nor_photo(line):
    found = story(f"Bell Buys the Choir\n\n{LONG}\n\n{line}\n\n{LONG}")
    assert paragraphs(found) == [LONG, line, LONG]


@pytest.mark.parametrize(
    "line", ["Eat every two hours or so", "11. Put the raft into the Lake now", "See it now: the Raft store"]
)
def test_advice_below_a_heading_is_no_caption(line):
    assert story(f"Bell Buys the Choir\n\n{LONG}\n\nThe Last Song\n\n{line}\n\n{LONG}").photos == ()


def test_windows_newlines_byte_order_mark_and_odd_spaces_change_nothing():
    odd = "\ufeff" + SEED_SHAPE.replace("\n", "\r\n").replace(" ", "\u00a0").replace("raft", "ra\u200bft")
    plain, same = story(SEED_SHAPE), story(odd)
    assert (same.title, same.date, same.blocks) == (plain.title, plain.date, plain.blocks)
    assert same.fingerprint == plain.fingerprint


def test_paragraphs_without_blank_lines_between_them_are_told_apart():
    tight = "\n".join(line for line in HOUSE_WEEKEND.splitlines() if line)
    found = story(tight)
    assert (found.title, found.headings, len(found.photos)) == (
        "Inside Our Trip To Bern With A Little Song And Carla Moon",
        story(HOUSE_WEEKEND).headings,
        4,
    )


def test_lines_wrapped_by_an_email_are_joined_again():
    text = """Bell Buys the Choir

This is a release that somebody pasted from an e-mail client which
wraps each line at seventy columns, so that a paragraph is spread
across several lines of the text and each one ends in mid-sentence, as
you can see here.
"""
    assert paragraphs(story(text)) == [" ".join(text.split("\n\n")[1].split())]
    assert story(text).words() == tuple(text.split())


def test_the_same_story_is_recognised_and_another_is_not():
    assert fingerprint(words_in(SEED_SHAPE)) == fingerprint(words_in(SEED_SHAPE.replace("\n\n", "\n")))
    assert fingerprint(words_in(SEED_SHAPE)) != fingerprint(words_in(SEED_SHAPE.replace("raft", "boat")))


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_an_empty_text_is_an_empty_story_that_asks_for_a_title(text):
    found = story(text)
    assert (found.title, found.blocks, found.words()) == (None, (), ())
    assert "title" in found.notes[0].sentence


def test_json_has_everything_the_import_command_prints():
    found = to_json(story(SEED_SHAPE), people=["tomas-bell"], works=["tide"])
    assert found["title_proposed"] is True
    assert (found["date"], found["reading_time_minutes"], found["byline"]) == ("2025-03-17", 3, None)
    assert found["photos"][2] == {
        "caption": "Nora Quist attends the Los Angeles Premiere Of Netflix’s “Tide” on September 13, 2022 in Hollywood, California.",
        "raw": SEED_SHAPE.splitlines()[20],
        "credit_line": story(SEED_SHAPE).photos[2].credit.credit_line,
        "photographers": ["Charley Lowe"],
        "agencies": ["Getty Images"],
        "on_behalf_of": "Netflix",
        "courtesy_of": None,
        "handle": None,
        "certain": True,
    }
    assert (found["people"], found["works"], found["unrecognised"]) == (["tomas-bell"], ["tide"], [])
    assert [block["type"] for block in found["blocks"]].count("photo") == 3
    assert found["notes"][0]["line"] == 1


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (238, 1), (239, 2), (714, 3), (715, 4)])
def test_reading_time_is_rounded_up(words, minutes):
    assert reading_time(words) == minutes
