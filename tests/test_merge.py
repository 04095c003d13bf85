"""Two texts that began as one: what only one changed is taken, what both changed is asked, and no word goes missing."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.body import join, plain, split
from articles.text.merge import merge, rising

IDS = [f"block{n}" for n in "abcdefgh"]
WORDS = st.sampled_from(["", "Rain", "Sun", "Wind", "Snow", "Hail"])


def text(*blocks):
    """Return a body of paragraphs, given as "a:words"; their ids are block + letter."""
    return "".join(
        f'<p data-id="block{letter}">{words}</p>' for letter, _, words in (each.partition(":") for each in blocks)
    )


BASE = text("a:One", "b:Two", "c:Three")


@st.composite
def bodies(draw, ids=IDS):
    chosen = draw(st.lists(st.sampled_from(ids), unique=True, max_size=len(ids)))
    return "".join(f'<p data-id="{id}">{draw(WORDS)}</p>' for id in chosen)


def words_of(merged):
    return re.findall(r"\w+", plain(merged.html().replace("</p>", " ")))


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        (("a:Mine", "b:Two", "c:Three"), ("a:One", "b:Two", "c:Theirs"), ("a:Mine", "b:Two", "c:Theirs")),
        (("a:One", "m:Mine", "b:Two", "c:Three"), ("a:One", "c:Three"), ("a:One", "m:Mine", "c:Three")),
        (("c:Three", "a:One", "b:Two"), ("a:One", "b:New", "c:Three"), ("c:Three", "a:One", "b:New")),
        (("a:One", "b:Two", "c:Three", "m:M"), ("a:One", "b:Two", "c:Three", "t:T"), ("a:One", "b:Two", "c:Three", "t:T", "m:M")),
        (("m:M", "a:One", "b:Two", "c:Three"), ("a:One", "b:Two", "t:T", "c:Three"), ("m:M", "a:One", "b:Two", "t:T", "c:Three")),
        (("a:One", "b:Two"), ("b:Two", "c:Three", "a:One"), ("b:Two", "a:One")),
        ((), ("a:One", "b:Two", "c:Three"), ()),
    ],
    ids=["edits", "insert and delete", "move and edit", "both at the end", "both insert", "delete and move", "emptied"],
)  # fmt: skip
def test_what_only_one_of_two_did_is_taken(mine, theirs, both):
    merged = merge(BASE, text(*mine), text(*theirs))
    assert merged.clashes == ()
    assert merged.html() == text(*both)


def test_a_block_both_changed_is_asked_about_and_nothing_else():
    merged = merge(BASE, text("a:One", "b:Mine", "c:New"), text("a:One", "b:Theirs", "c:Three"))
    assert [clash.id for clash in merged.clashes] == ["blockb"]
    assert merged.html({"blockb": "mine"}) == text("a:One", "b:Mine", "c:New")
    assert merged.html({"blockb": "theirs"}) == text("a:One", "b:Theirs", "c:New")
    kept = [block.html for block in split(merged.html())]
    assert kept == ["One", "Theirs", "Mine", "New"], "Undecided, both stay."


@pytest.mark.parametrize("undecided", [{}, {"blockb": "nonsense"}])
def test_a_block_one_changed_and_the_other_deleted_stays_until_somebody_decides(undecided):
    deleted, changed = text("a:One", "c:Three"), text("a:One", "b:Changed", "c:Three")
    for mine, theirs in ((deleted, changed), (changed, deleted)):
        merged = merge(BASE, mine, theirs)
        assert merged.html(undecided) == changed
        assert {merged.html({"blockb": choice}) for choice in ("mine", "theirs")} == {deleted, changed}


def test_a_block_both_moved_to_different_places_is_asked_about():
    base = text("a:One", "b:Two", "c:Three", "d:Four")
    merged = merge(base, text("b:Two", "c:Three", "d:Four", "a:One"), text("b:Two", "c:Three", "a:One", "d:Four"))
    assert [clash.id for clash in merged.clashes] == ["blocka"]
    assert merged.html({"blocka": "theirs"}) == text("b:Two", "c:Three", "a:One", "d:Four")
    assert merged.html({"blocka": "mine"}) == text("b:Two", "c:Three", "d:Four", "a:One")


def test_photos_are_never_doubled():
    photo = '<figure data-id="blockp" data-photo="019e8315-6d00-73b9-a9ca-acf50cd430c0" data-layout="{}"></figure>'
    merged = merge(photo.format("wide"), photo.format("inset"), photo.format("full"))
    assert merged.clashes[0].choices == ("mine", "theirs")
    assert merged.html() == photo.format("inset")


@given(bodies(), bodies())
def test_one_side_alone_is_taken_as_it_is(base, changed):
    as_stored = join(split(changed))
    for merged in (merge(base, changed, base), merge(base, base, changed), merge(base, changed, changed)):
        assert merged.clashes == ()
        assert merged.html() == as_stored


@given(bodies(), bodies(), bodies())
def test_no_word_of_either_is_lost(base, mine, theirs):
    was = {block.id: block.html for block in split(base)}
    kept = merge(base, mine, theirs)
    left = words_of(kept)
    for side in (mine, theirs):
        for block in split(side):
            if block.html and was.get(block.id) != block.html:
                assert block.html in left
    for clash in kept.clashes:
        for choice in clash.choices:
            assert len(split(kept.html({clash.id: choice}))) >= len(kept.blocks) - len(kept.clashes)


@given(bodies(), bodies(), bodies())
def test_both_sides_are_asked_about_the_same_blocks(base, mine, theirs):
    there, back = merge(base, mine, theirs), merge(base, theirs, mine)
    mirrored = {(clash.id, clash.theirs, clash.mine) for clash in back.clashes}
    assert {(clash.id, clash.mine, clash.theirs) for clash in there.clashes} == mirrored


@given(st.sets(st.sampled_from(IDS)), st.sets(st.sampled_from(IDS)), st.sets(st.sampled_from(IDS)))
def test_blocks_keep_the_order_they_have_in_both(base, mine, theirs):
    merged = merge(*("".join(f'<p data-id="{id}">{id}</p>' for id in sorted(side)) for side in (base, mine, theirs)))
    ids = [block.id for block in merged.blocks]
    for side in (mine, theirs):
        assert [id for id in ids if id in side] == sorted(id for id in ids if id in side)


@given(bodies(), bodies(), bodies())
def test_a_settled_text_is_as_it_is_stored(base, mine, theirs):
    html = merge(base, mine, theirs).html()
    assert join(split(html)) == html
    ids = [block.id for block in split(html)]
    assert "" not in ids
    assert len(set(ids)) == len(ids)


@given(st.lists(st.integers(0, 20), max_size=12))
def test_the_longest_rising_row_rises(places):
    row = [places[at] for at in rising(places)]
    assert all(first < second for first, second in pairwise(row))


def test_a_long_story_is_merged_at_once():
    base = "".join(f'<p data-id="long{n:04}">Paragraph {n}</p>' for n in range(3000))
    mine = base.replace("Paragraph 17<", "Mine<")
    theirs = base.replace("Paragraph 2900<", "Theirs<")
    merged = merge(base, mine, theirs)
    assert merged.clashes == ()
    assert "Mine<" in merged.html() and "Theirs<" in merged.html()
