"""The list of stories finds them by every word of their working copies, and nobody finds what they may not open."""

import re
from datetime import timedelta
from itertools import product

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from articles.imports import archive
from articles.imports.archive import Finished
from articles.management import housekeeping
from articles.models import Article, PersonAlias, SectionScope, StoryEntry
from articles.stories import finding
from articles.stories.erasing import Named
from articles.stories.photo_swap import swap

from . import newsroom

pytestmark = pytest.mark.django_db

LIST = "admin:articles_article_changelist"


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def saved(headline="Mara Okonjo returns to the red carpet", **fields):
    story = newsroom.article(headline, **fields)
    story.record()
    return story


def page_of(desk, words, **filters):
    return desk.get(reverse(LIST), {"q": words, **filters})


def found(desk, words, **filters):
    """Return the headlines that the list shows for these words."""
    page = page_of(desk, words, **filters)
    return {story.headline for story in page.context["cl"].result_list}


def everything():
    """Return a story that says one word in each place the list looks at."""
    photo = newsroom.photo()
    person = newsroom.person("Ilse Quandt")
    PersonAlias.objects.create(person=person, name="Ilse Vandermeer")
    story = newsroom.article(
        "Headlineword", standfirst="Standfirstword.", byline="By Bylineword", people=[person], works=[newsroom.work("Titleword")],
        headline_short="Shortword", lead=photo, lead_caption="Leadcaptionword", slug="addressword-of-2026",
        body=(
            "<p>Bodyword and b<strong>old</strong>word, a Beyoncé’s.</p><ul><li><p>Listword</p></li></ul>"
            f'<figure data-photo="{photo.pk}" data-layout="wide" data-alt="Altword > all"><figcaption>Captionword</figcaption></figure>'
            '<blockquote data-cite="Citedword"><p>Quoteword</p></blockquote>'
        ),
    )  # fmt: skip
    story.record()
    return story


def test_every_place_of_a_story_is_searched(desk):
    everything()
    for words in (
        "headlineword", "shortword", "standfirstword", "bodyword", "boldword", "beyonces", "Beyoncé", "listword", "captionword",
        "leadcaptionword", "altword", "citedword", "quoteword", "bylineword", "castellane", "quandt", "vandermeer",
        "titleword", "addressword", "addressword-of-2026", "https://www.example.com/film/addressword-of-2026/", "bodyw",
        "headlineword quandt captionword", '"bodyword and"', "bodyword -elsewhere",
    ):  # fmt: skip
        assert found(desk, words) == {"Headlineword"}, words
    for words in ("elsewhere", "headlineword elsewhere", '"and bodyword"', "bodyword -quandt", "…", "old"):
        assert found(desk, words) == set(), words


def test_what_was_found_is_marked_and_said_where(desk):
    everything()
    page = page_of(desk, "captionword headlineword").content.decode()
    assert "<mark>Headlineword</mark></a>" in page
    assert re.search(r'<span class="found-in">[^\n]*<mark>Captionword</mark>', page)
    page = page_of(desk, "quandt").content.decode()
    assert re.search(r'<span class="found-in">[^\n]*Ilse <mark>Quandt</mark>', page)


def test_what_somebody_wrote_is_no_markup_where_it_is_found(desk):
    saved("A <b>bold</b> & risky word", body="<p>Nothing &lt;script&gt;alert(1)&lt;/script&gt; risky</p>")
    page = page_of(desk, "risky").content.decode()
    assert "A &lt;b&gt;bold&lt;/b&gt; &amp; <mark>risky</mark> word" in page
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)&lt;/script&gt; <mark>risky</mark>" in page


def test_a_draft_is_found_by_what_it_says_now_and_a_live_story_too(desk):
    story = saved(body="<p>Formerword</p>")
    story.publish()
    assert found(desk, "formerword okonjo") == {story.headline}
    story.body = "<p>Presentword</p>"
    story.headline = "Another thing altogether"
    story.save()
    story.record()
    assert found(desk, "altogether presentword") == {"Another thing altogether"}
    assert found(desk, "formerword") == set()


def test_every_way_a_story_is_written_is_found(desk, editor, client):
    section = newsroom.section()
    client.post(
        reverse("admin:articles_article_import"),
        {"text": "Pasted headline\n\nImportedword came.\n\nTwo.", "create": "1", "headline": "Pasted headline"},
    )
    assert found(desk, "importedword") == {"Pasted headline"}

    article = Article(
        headline="From the archive",
        site=newsroom.site(),
        section=section,
        body="<p>Archivedword</p>",
        slug="from-the-archive",
    )
    assert archive.take([Finished(article, timezone.now(), [(newsroom.author().pk, "")])], timezone.now()) == []
    assert found(desk, "archivedword castellane") == {"From the archive"}

    story = saved("First try", body="<p>Earlierword</p>")
    story.body = "<p>Laterword</p>"
    story.save()
    story.record()
    assert (found(desk, "earlierword"), found(desk, "laterword")) == (set(), {"First try"})
    story.restore(story.versions.get(number=1), by=editor)
    assert (found(desk, "earlierword"), found(desk, "laterword")) == ({"First try"}, set())

    copy = story.duplicate(by=editor)
    assert Article.objects.get(pk=copy.pk).headline in found(desk, "earlierword")

    live = saved("Misspelled", body="<p>Teh premiere.</p>")
    live.publish()
    live.replace_words("Teh", "Replacedword", by=editor)
    assert found(desk, "replacedword") == {"Misspelled"}

    old, new = newsroom.photo(), newsroom.photo(seed=9)
    shown = saved("Pictured", lead=old, body="<p>Swappedword</p>")
    swap(old, new, by=editor)
    assert found(desk, "swappedword") == {"Pictured"} and Article.objects.get(pk=shown.pk).lead_photo == new


def test_a_new_name_is_found_once_the_worker_has_read_the_stories_anew(desk):
    person = newsroom.person("Ana Before")
    saved("About Ana", people=[person])
    person.name = "Ana Renamed"
    person.save()
    housekeeping.read_stories(timezone.now())
    assert (found(desk, "renamed"), found(desk, "before")) == ({"About Ana"}, set())
    author = newsroom.author()
    author.name = "June Newname"
    author.save()
    housekeeping.read_stories(timezone.now())
    assert found(desk, "newname") == {"About Ana"}


def test_an_erased_name_is_gone_from_the_index_at_once(desk):
    person = newsroom.person("Ana Vanish")
    saved("About her", people=[person], body="<p>Stays</p>")
    Named.of(person).erase(by=None, reason="Request 12")
    assert found(desk, "vanish") == set() and words_left("vanish") == 0
    housekeeping.read_stories(timezone.now())
    assert (found(desk, "vanish"), found(desk, "stays")) == (set(), {"About her"})


def words_left(word):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM articles_storyentry WHERE vector @@ to_tsquery('marquee', %s)", [word])
        else:
            cursor.execute("SELECT count(*) FROM articles_storywords WHERE articles_storywords MATCH %s", [word])
        return cursor.fetchone()[0]


def test_a_sealed_story_leaves_no_word_in_the_index(desk):
    story = saved(body="<p>Secretword</p>")
    assert words_left("secretword") == 1
    story.seal(reason="Court order 7")
    assert words_left("secretword") == 0 and not StoryEntry.objects.filter(article=story.pk)
    housekeeping.read_stories(timezone.now() + timedelta(days=1))
    assert words_left("sealed") == 0


def test_stories_from_before_are_read_by_the_worker_and_the_list_says_so_meanwhile(desk):
    """What a release before wrote has no entry, or one of an earlier revision."""
    old, other = saved("From before", body="<p>Olderword</p>"), saved("Saved since", body="<p>Sinceword</p>")
    StoryEntry.objects.filter(article=old).delete()
    Article.objects.filter(pk=other.pk).update(body="<p>Changedword</p>", revision=9)
    call_command("worker", once=True, no_tasks=True)
    assert (found(desk, "olderword"), found(desk, "changedword")) == ({"From before"}, {"Saved since"})
    assert "still reading" not in page_of(desk, "olderword").content.decode()
    StoryEntry.objects.update(revision=None)
    assert "still reading" in page_of(desk, "olderword").content.decode()


def test_a_slip_is_answered_with_the_word_that_was_meant(desk):
    story = saved(body="<p>The premiere was late.</p>")
    assert "Did you mean" not in page_of(desk, "premeire").content.decode()
    story.publish()
    page = page_of(desk, "premeire").content.decode()
    assert 'Did you mean <a href="?q=premiere">premiere</a>?' in page


def test_the_list_narrows_what_was_found_and_the_order_stays(desk):
    first, second = saved("Alpha sharedword"), saved("Beta sharedword", section=newsroom.section("Music"))
    page = page_of(desk, "sharedword").context["cl"].result_list
    assert [story.pk for story in page] == [second.pk, first.pk]
    assert found(desk, "sharedword", section=first.section_id) == {"Alpha sharedword"}
    assert found(desk, "sharedword", saved="today", stage__exact="draft") == {"Alpha sharedword", "Beta sharedword"}
    assert found(desk, "sharedword", live="today") == set()
    first.publish()
    assert found(desk, "sharedword", live="today") == {"Alpha sharedword"}


def test_a_box_of_stories_looks_at_headlines_alone(desk):
    saved("Findable headline", body="<p>Bodyonly</p>")
    ask = reverse("admin:autocomplete")
    which = {"app_label": "articles", "model_name": "article", "field_name": "related"}
    for words, count in (("findable", 1), ("bodyonly", 0), ("", 1)):
        assert len(desk.get(ask, {**which, "term": words}).json()["results"]) == count, words


def test_the_list_takes_as_many_statements_for_fifty_stories_as_for_two(desk, editor):
    def statements(words):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert page_of(desk, words).status_code == 200
        return len(captured)

    saved("One sharedword"), saved("Two sharedword")
    statements("sharedword")
    few, plain = statements("sharedword"), statements("")
    for number in range(30):
        saved(f"Number {number} sharedword", people=[newsroom.person()])
    assert (statements("sharedword"), statements("")) == (few, plain)
    assert few <= plain + 3 and plain <= 14, (few, plain)


def test_a_save_takes_few_statements_more(editor):
    story = saved(people=[newsroom.person(str(n)) for n in range(5)])
    with CaptureQueriesContext(connection) as captured:
        finding.read([story])
    assert len(captured) <= (2 if connection.vendor == "postgresql" else 5)


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "-",
        "NEAR(a b)",
        "a* OR b",
        "headline : x",
        "'); DROP",
        "🦊",
        "ß" * 400,
        "a " * 500,
        "'a':A & !b",
        "\\",
        "%_",
    ],
)
def test_nothing_anybody_types_is_an_error(desk, words):
    saved()
    assert page_of(desk, words).status_code == 200
    assert (
        desk.get(
            reverse("admin:autocomplete"),
            {"app_label": "articles", "model_name": "article", "field_name": "related", "term": words},
        ).status_code
        == 200
    )


# Who finds what

PEOPLE = [*product(("writer", "editor", "photo desk", "publisher"), (False, True)), ("admin", False)]


@pytest.fixture
def newsroom_of_everybody():
    """Return a colleague of each role, free and limited to Film, and a story for every owner × restriction × section × stage."""
    film, music = newsroom.section("Film"), newsroom.section("Music")
    people = {}
    for role, is_limited in PEOPLE:
        user = get_user_model().objects.create_user(
            f"{role} {is_limited}".replace(" ", "-"), is_staff=True, is_superuser=role == "admin"
        )
        if role != "admin":
            user.groups.add(Group.objects.get(name=role))
        if is_limited:
            SectionScope.objects.create(user=user).sections.add(film)
        people[role, is_limited] = user
    stories = []
    for owner, listed, section, is_gone in product(
        [None, people["writer", False], people["editor", True]], [None, people["writer", True], people["publisher", False]],
        [film, music], [False, True],
    ):  # fmt: skip
        story = newsroom.article(f"Propertyword {len(stories)}", section=section, owner=owner)
        story.record()
        if listed:
            story.restricted_to.add(listed)
        if is_gone:
            story.discard(by=None)
        stories.append(story)
    return people, stories


def test_nobody_finds_what_they_may_not_open(newsroom_of_everybody, client):
    people, stories = newsroom_of_everybody
    for user in people.values():
        client.force_login(user)
        may_open = {
            story.headline for story in stories
            if client.get(reverse("admin:articles_article_change", args=[story.pk])).status_code == 200
        }  # fmt: skip
        assert found(client, "propertyword") == may_open, user
        page = strip_tags(page_of(client, "propertyword").content.decode())
        assert not [story for story in stories if story.headline not in may_open and f"{story.headline} " in page]
        visible = Article.objects.visible_to(user)
        assert {str(story) for story in finding.best(visible, "propertyword", 99)} == may_open
    assert 0 < len(may_open) < len(stories)


def test_what_may_have_been_meant_tells_nothing_of_restricted_stories(client, newsroom_of_everybody):
    people, _ = newsroom_of_everybody
    secret = saved("Kept quiet", body="<p>Unusualword</p>")
    secret.restricted_to.add(people["publisher", False])
    secret.publish()
    client.force_login(people["writer", False])
    page = page_of(client, "unusualwrod").content.decode()
    assert "unusualword" not in page.lower()
