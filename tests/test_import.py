"""A finished story as plain text becomes a draft, and nothing of it is lost."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.imports import plain_text
from articles.imports import story as importing
from articles.imports.story import understand
from articles.models import Article, Person
from articles.text import body
from media.models import Photo

from . import newsroom

pytestmark = pytest.mark.django_db

TEXT = """ date 2025-03-17 Reading Time: 2 minutes
By June Castellane and Arno Vex

Mara Okonjo Brings “The Glass Orchard” Home

Nobody expected Mara Okonjo to come by boat. She did, and she was on time.

“I get seasick in taxis,” Okonjo said. “On the water I can breathe.”

Mara Okonjo attends the premiere of “The Glass Orchard” on March 12, 2025 in Lisbon, Portugal. (Photo by Petra Lindqvist/Getty Images for StreamCo)

The Long Way Round

The Glass Orchard took six years, two directors and one flood. It opens on Friday & nobody <really> knows what to expect of it any more.

Director Tobias Renn at work on the set of the film in Porto. (Photo by Ines Abreu/WireImage)

Share this story

The End of It

Okonjo sails home on Sunday.
"""

KEYS = {"title", "date", "reading_time_minutes", "byline", "blocks", "photos", "people", "works", "unrecognised"}
PHOTO_KEYS = {
    "caption", "credit_line", "photographers", "agencies", "on_behalf_of", "courtesy_of", "handle",
}  # fmt: skip


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(TEXT)
    return path


def run(*arguments, **options):
    out = StringIO()
    call_command("import_articles", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def words_of(article):
    """Every word of a draft in reading order: headline first, captions and credits where their photos stand."""
    found = []
    for block in article.blocks():
        if isinstance(block, body.PhotoBlock):
            photo = Photo.objects.get(pk=block.photo)
            found += [photo.caption("supplied").text, photo.credit.supplied_line]
        else:
            found.append(body.prose([block]))
    return " ".join([article.headline, *found]).split()


def test_draft_holds_the_words_of_the_text_in_order():
    article = understand(TEXT).draft()
    text = TEXT.split("\n", 3)[3].replace("(", "").replace(")", "").split()
    written = [word.strip("()") for word in words_of(article)]
    assert [word for word in written if word not in ("Photo", "by")] == [
        word for word in text if word not in ("Photo", "by")
    ]


def test_draft_has_the_shape_of_the_story():
    newsroom.author("June Castellane")
    article = understand(TEXT).draft()
    assert article.headline == "Mara Okonjo Brings “The Glass Orchard” Home"
    assert [type(block).__name__ for block in article.blocks()] == [
        "Paragraph", "Paragraph", "PhotoBlock", "Heading", "Paragraph", "PhotoBlock", "Paragraph", "Heading", "Paragraph",
    ]  # fmt: skip
    assert "&lt;really&gt;" in article.body
    assert article.original_published_at.date().isoformat() == "2025-03-17"
    assert article.versions.count() == 1


def test_caption_lines_become_slots_with_caption_and_credit():
    article = understand(TEXT).draft()
    first, second = [Photo.objects.get(pk=key) for key in article.photo_ids()]
    assert (first.is_slot, first.credit.on_behalf_of) == (True, "StreamCo")
    assert first.credit.line() == "Photo by Petra Lindqvist/Getty Images for StreamCo"
    assert second.caption("house").text == "Director Tobias Renn at work on the set of the film in Porto."
    assert "slot" in str([problem.sentence for problem in article.problems()])


def test_chosen_photo_takes_the_place_of_a_slot():
    photo = newsroom.photo()
    article = understand(TEXT).draft(photos={1: photo})
    assert article.photo_ids()[1] == photo.pk
    assert Photo.objects.slots().count() == 1


def test_known_people_and_works_are_linked_by_name_and_alias():
    mara = newsroom.person("Maria Okonjo-Reis")
    mara.aliases.create(name="Mara Okonjo")
    film = newsroom.work("The Glass Orchard")
    article = understand(TEXT).draft()
    assert [(link.person, link.role) for link in article.articleperson_set.all()] == [(mara, "main")]
    assert list(article.works.all()) == [film]


def test_person_and_work_of_one_number_are_kept_apart():
    person, work = newsroom.person("Arno Vex"), newsroom.work("The Glass Orchard")
    found = understand(TEXT)
    assert [each.row for each in found.works] == [work]
    assert person not in [each.row for each in found.people if each.main]


def test_new_people_in_captions_are_proposed_and_not_created():
    found = understand(TEXT)
    assert {"Mara Okonjo", "Tobias Renn"} <= set(found.proposed)
    found.draft()
    assert not Person.objects.exists()


def test_byline_names_known_authors_and_keeps_the_words_where_one_is_unknown():
    june = newsroom.author("June Castellane")
    article = understand(TEXT).draft()
    assert list(article.authors.all()) == [june]
    assert article.byline == "By June Castellane and Arno Vex"
    newsroom.author("Arno Vex")
    article.discard(by=None)
    again = understand(TEXT).draft()
    assert [str(row.author) for row in again.articleauthor_set.all()] == ["June Castellane", "Arno Vex"]
    assert again.byline == ""


def test_same_text_twice_is_one_article_whatever_its_line_endings():
    article = understand(TEXT).draft()
    again = understand(TEXT.replace("\n", "\r\n"))
    assert again.already == article
    assert again.draft() == article
    assert Article.objects.count() == 1
    assert Photo.objects.slots().count() == 2


def test_date_to_come_is_no_date_of_publication():
    assert understand(TEXT.replace("2025", "2999")).draft().original_published_at is None


def test_title_no_headline_can_hold_stays_in_the_text():
    story = plain_text.Story(
        "Long " * 80, False, None, None, None, (plain_text.TextBlock("paragraph", "Words.", (3, 3)),), (), (), (), "x"
    )
    assert importing.to_html(story, []).startswith("<p>Long Long")


def test_draft_fails_whole_or_not_at_all():
    with pytest.raises(TypeError):
        understand(TEXT).draft(no_such_field=1)
    assert not Photo.objects.exists()


def test_command_makes_a_draft_and_says_so(file):
    assert "draft “mara-okonjo-brings-the-glass-orchard-home” made" in run(file)
    assert "imported before" in run(file)
    assert Article.objects.count() == 1


def test_dry_run_writes_nothing(file):
    assert "understood, nothing written" in run(file, dry_run=True)
    assert not Article.objects.exists()
    assert not Photo.objects.exists()


@pytest.mark.parametrize("dry", [True, False])
def test_json_has_one_object_per_file_with_the_agreed_keys(file, tmp_path, dry):
    other = tmp_path / "other.txt"
    other.write_text("A few words without any head at all. They are still a story.\n")
    lines = run(file, other, json=True, dry_run=dry).splitlines()
    first, second = map(json.loads, lines)
    assert not KEYS - set(first) and not KEYS - set(second)
    assert not any(PHOTO_KEYS - set(photo) for photo in first["photos"])
    assert (first["title_proposed"], second["title_proposed"]) == (False, True)
    assert first["date"] == "2025-03-17"
    assert [photo["agencies"] for photo in first["photos"]] == [["Getty Images"], ["WireImage"]]
    assert {"name": "Tobias Renn", "known": False} in first["people"]
    assert first["unrecognised"] == ["Share this story"]
    assert (first["article"] is None) is dry


def test_command_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.txt cannot be read: No such file or directory\."):
        run(tmp_path / "nowhere.txt")


def test_text_in_another_encoding_is_read(tmp_path):
    path = tmp_path / "old.txt"
    path.write_bytes("A Café Opens\n\nThe “Café” opened. Everybody came.\n".encode("cp1252"))
    assert json.loads(run(path, json=True, dry_run=True))["title"] == "A Café Opens"
