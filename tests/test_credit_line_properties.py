"""What holds for every credit: what the house says can be read back, and no text makes the reader fail."""

import string

from hypothesis import given
from hypothesis import strategies as st

from media.credits.house_caption import house_caption
from media.credits.line import CreditParts, HouseStyle, Vocabulary, name_case, parse, render, split
from media.credits.vocabulary import words_of

SEED = Vocabulary.seed()
ORGANISATIONS = sorted({organisation.name: organisation for organisation in SEED._organisations.values()}.items())
AGENCIES = [name for name, organisation in ORGANISATIONS if organisation.kind in {"agency", "wire", "collection"}]
STUDIOS = [name for name, organisation in ORGANISATIONS if organisation.kind in {"studio", "broadcaster", "streamer"}]
PLATFORMS = [name for name, organisation in ORGANISATIONS if organisation.kind == "platform"]
NAMED = [*AGENCIES, *STUDIOS, *PLATFORMS]
GIVEN = sorted(name for name in words_of("given_names") if name.isascii() and len(name) > 2)
SURNAMES = [
    "Brandt",
    "de Ruyter",
    "Fenn",
    "Holm-Larsen",
    "Le Sage",
    "McTavish",
    "O’Connery",
    "Okafor",
    "Tanabe",
    "van der Berg",
]

given_name = st.sampled_from(GIVEN).map(str.capitalize)
initial = st.sampled_from(["", "J. ", "A.", "T. R. "]).map(
    lambda text: text if text.endswith(" ") or not text else text + " "
)
suffix = st.sampled_from(["", "", "", " Jr.", " III"])
person = st.builds("{} {}{}{}".format, given_name, initial, st.sampled_from(SURNAMES), suffix)
account = st.builds(
    "{}{}".format, st.text(string.ascii_lowercase, min_size=3, max_size=8), st.sampled_from(["_9", ".x", "77"])
)


def some(values, most=3):
    return st.lists(values, unique=True, max_size=most).map(tuple)


parts_of_a_credit = st.builds(
    CreditParts,
    photographers=some(person),
    agencies=some(st.sampled_from(NAMED)),
    on_behalf_of=st.none() | st.sampled_from([*STUDIOS, "Harbour Film Week", "Hope & Light Foundation"]),
    courtesy_of=st.none() | person | st.sampled_from([*STUDIOS, "the artist"]),
    handle=st.none() | account,
    copyright_year=st.none() | st.integers(1930, 2035),
    copyright_holder=st.none() | st.sampled_from(STUDIOS),
    status=some(st.sampled_from(["File", "Handout", "Pool", "Stringer", "Contributor", "Composite"]), most=2),
)


@given(parts_of_a_credit)
def test_what_the_house_says_is_read_back_as_the_same_parts(parts):
    assert parse(render(parts), SEED) == parts


@given(
    parts_of_a_credit,
    st.sampled_from(["/", " / ", " | "]),
    st.booleans(),
    st.sampled_from(["Photo by ", "Photo: ", ""]),
)
def test_every_house_style_that_drops_nothing_is_read_back(parts, separator, agency_first, prefix):
    style = HouseStyle(prefix=prefix, separator=separator, agency_first=agency_first)
    assert parse(render(parts, style), SEED) == parts


@given(person, st.sampled_from(AGENCIES))
def test_a_rendered_credit_behind_a_sentence_is_split_off(name, agency):
    line = render(CreditParts(photographers=(name,), agencies=(agency,)))
    found = split(f"The harbour opened its gates on Friday. ({line})", SEED)
    assert (found.caption, found.parts.photographers, found.parts.agencies) == (
        "The harbour opened its gates on Friday.",
        (name,),
        (agency,),
    )


@given(st.text(max_size=300))
def test_no_text_makes_the_reader_fail_or_change_what_was_received(text):
    found = split(text, SEED)
    assert found.raw == text
    assert (found.parts is None) == (found.credit_line is None or not found.recognised)
    parse(text, SEED)
    house_caption(text, SEED)


WORDS = (
    "Photo by|Getty Images|/|via|(|)|for|©|2014|Courtesy of|@marla|,|Marla Quist|said|.|and|Instagram|File|\n|-|Credit:"
)


@given(st.lists(st.sampled_from(WORDS.split("|")), max_size=14).map(" ".join))
def test_no_arrangement_of_credit_words_makes_the_reader_fail(text):
    assert split(text, SEED).raw == text


@given(person)
def test_name_case_leaves_a_name_in_ordinary_case_alone_and_is_stable(name):
    assert name_case(name) == name
    assert name_case(name_case(name.upper())) == name_case(name.upper())
