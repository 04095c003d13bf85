"""The demo's stories have the shape of real pasted ones, its pictures can be drawn, and its plan refers to what exists."""

import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from articles.demo import loading, picture, story_text, world
from articles.demo.pictures import SCENES, SIZES, draw
from articles.directory.person import Work
from articles.imports import plain_text
from articles.stories.article import Article
from media.credits import line as credit_line
from media.credits.agency import Agency
from media.credits.composites import chains
from media.files import metadata
from media.photos.photo import Photo
from media.rights.right import Right

STORIES = sorted(world()["stories"])
PICTURES = world()["pictures"]
FIRST_LINE = re.compile(r" date 2026-\d\d-\d\d Reading Time: (\d) minutes")
ONE_OF_EACH = sorted({entry["spec"]["scene"]: name for name, entry in PICTURES.items()}.values())


def is_heading(block):
    words = block.split()
    return len(words) <= 14 and block[-1] not in ".?!,:”)" and not re.search(r"[/@©]|Courtesy|Photo|—|AI-", block)


def caption_lines(name):
    """Return the pictures of a story, a translation's with the captions it has in its language."""
    story = world()["stories"][name]
    return [PICTURES[photo] | story.get("captions", {}).get(photo, {}) for photo in story["photos"]]


@pytest.mark.parametrize("name", STORIES)
def test_demo_story_begins_like_a_pasted_one(name):
    first, byline, blank, title, *_ = story_text(name).splitlines()
    minutes = int(FIRST_LINE.fullmatch(first)[1])
    assert minutes == -(-len(story_text(name).split()) // 238)
    assert byline.startswith("By ")
    assert blank == ""
    assert len(title) > 20 and not title.endswith(".")


@pytest.mark.parametrize("name", STORIES)
def test_demo_story_has_headings_quotes_and_at_least_two_credited_photos(name):
    blocks = [block for block in story_text(name).split("\n\n")[2:] if block.strip()]
    assert sum(map(is_heading, blocks)) >= 2
    assert sum("“" in block for block in blocks) >= 2
    assert 2 <= len(caption_lines(name)) <= 6
    assert 260 <= len(story_text(name).split()) <= 700
    for entry in caption_lines(name):
        assert f"{entry['caption']} {entry['credit']}" in story_text(name).splitlines()


@pytest.mark.parametrize("name", STORIES)
def test_byline_of_a_demo_story_names_its_authors(name):
    authors = [world()["authors"][slug]["name"] for slug in world()["stories"][name]["authors"]]
    assert story_text(name).splitlines()[1] == "By " + " and ".join(authors)


@pytest.mark.parametrize("name", STORIES)
def test_people_and_works_of_a_demo_story_occur_in_its_text(name):
    story = world()["stories"][name]
    people = [world()["people"][slug] for slug in story["people"]]
    works = [{**world()["works"][slug], "name": world()["works"][slug]["title"]} for slug in story["works"]]
    for named in people + works:
        assert any(form in story_text(name) for form in [named["name"], *named["aliases"]]), named["name"]


def test_demo_plan_refers_only_to_what_exists():
    stories = world()["stories"]
    for story in stories.values():
        assert story["section"] in world()["sections"]
        assert story["kind"] in Article.Kind.values
        assert story["lead"] in PICTURES
        for field, known in [("tags", "tags"), ("authors", "authors"), ("people", "people"), ("works", "works")]:
            assert set(story[field]) <= set(world()[known]), field
        assert set(story.get("related", [])) <= set(stories)
        assert set(story.get("gallery", {}).get("photos", [])) | set(story["photos"]) <= set(PICTURES)
        assert story.get("review", {}).get("work", "the-salt-meridian") in world()["works"]
    for work in world()["works"].values():
        assert work["kind"] in Work.Kind.values
    for agency in world()["agencies"].values():
        assert agency["kind"] in Agency.Kind.values
    parents = {section["parent"] for section in world()["sections"].values() if "parent" in section}
    assert parents <= set(world()["sections"])


def test_every_demo_picture_is_used_and_fits_the_photo_model():
    used = set()
    for story in world()["stories"].values():
        used |= {story["lead"], *story["photos"], *story.get("gallery", {}).get("photos", [])}
    for kind, model, field in loading.PICTURED:
        assert model._meta.get_field(field).related_model is Photo
        used |= {entry[field] for entry in world()[kind].values() if field in entry}
    assert used == set(PICTURES)
    for entry in PICTURES.values():
        assert entry["kind"] in Photo.Kind.values
        assert entry["spec"]["scene"] in SCENES
        assert entry["spec"].get("shape", "landscape") in SIZES
        assert set(entry["people"]) <= set(world()["people"])
        assert entry["alt"] and entry["caption"] and entry["credit"]
        assert {right["effect"] for right in entry["rights"]} <= set(Right.Effect.values)


def test_demo_plan_holds_every_situation_the_desk_must_see():
    states = [story["state"] for story in world()["stories"].values()]
    assert sum(state["now"] == "live" for state in states) >= 11
    assert sum(state["now"] == "draft" and not state.get("restricted") for state in states) == 3
    assert sum(bool(state.get("restricted")) for state in states) == 1
    assert [state["hours_ahead"] for state in states if state["now"] == "scheduled"] == [48]
    assert sum("corrected" in state for state in states) == 1
    assert sum("updated" in state for state in states) == 1
    ends = [right.get("until_days") for entry in PICTURES.values() for right in entry["rights"]]
    assert 5 in ends
    assert {"staff", "agency", "rights_managed", "handout", "social", "ai_generated"} <= {
        e["kind"] for e in PICTURES.values()
    }


@pytest.mark.parametrize("name", STORIES)
def test_words_that_changed_after_publication_stand_in_the_story(name):
    state = world()["stories"][name]["state"]
    for change in (state.get("corrected"), state.get("updated")):
        if change:
            now, then = change["was"]
            assert story_text(name).count(now) == 1
            assert now != then


@pytest.mark.parametrize("name", ONE_OF_EACH[::3])
def test_same_spec_draws_the_same_picture(name):
    spec = PICTURES[name]["spec"]
    first = draw(spec)
    assert first.size == SIZES[spec.get("shape", "landscape")]
    assert first.tobytes() == draw(spec).tobytes()
    assert first.tobytes() != draw({**spec, "seed": "another"}).tobytes()


@pytest.mark.parametrize("name", ["vantongeren-premiere", "grellmann-press", "lullaby-poster"])
def test_demo_picture_says_who_must_be_named(name):
    entry = PICTURES[name]
    data = picture(name)
    found = metadata.read(data)
    assert found.warnings == []
    assert found.credit_line == entry["metadata"]["credit_line"]
    assert found.creators == entry["metadata"].get("creators", [])
    assert found.caption == entry["metadata"]["caption"]
    assert found.people == entry["metadata"].get("people", [])
    assert found.instructions == entry["metadata"].get("instructions")
    assert found.supplier_image_id == entry["metadata"].get("supplier_image_id")
    assert found.date_created.startswith(entry["metadata"]["date_created"][:10])
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert image.format == "JPEG"
        assert bool(image.getexif().get_ifd(0x8825)) == ("gps" in entry["metadata"])
    assert 200_000 < len(data) < 1_000_000


@pytest.fixture(scope="module")
def vocabulary():
    """What a desk knows once it has the demo: the seeded organisations and the demo's own studios."""
    seeded = json.loads((Path(credit_line.__file__).parent / "vocabulary.json").read_text())["organisations"]
    rows = [*seeded, *world()["agencies"].values()]
    return credit_line.Vocabulary.build([(row["name"], row["kind"], row["aliases"]) for row in rows])


@pytest.mark.parametrize("name", STORIES)
def test_importer_understands_every_line_of_a_demo_story(name, vocabulary):
    story = plain_text.read(story_text(name), vocabulary)
    wanted = caption_lines(name)
    assert [photo.caption for photo in story.photos] == [entry["caption"] for entry in wanted]
    assert [list(photo.credit.parts.photographers) for photo in story.photos] == [
        entry["metadata"].get("creators", []) for entry in wanted
    ]
    assert not story.notes and not story.unrecognised and not story.title_proposed
    assert len(story.headings) >= 2


def test_the_demo_has_a_picture_of_two_houses(vocabulary):
    """The desk sees how several credits of one picture are kept apart."""
    several = {name: chains(entry["metadata"].get("credit_line") or "", vocabulary) for name, entry in PICTURES.items()}
    assert [name for name, read in several.items() if len(read) == 2 and all(chain.parts for chain in read)]
