"""“Where does this appear live?”, and the same correction in every story that was chosen."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article, AuditEntry, Correction, Presence, Task, Version
from articles.stories import find_everywhere, replace
from articles.stories.content import snapshot
from articles.text import body

from . import newsroom

db = pytest.mark.django_db
PAGE = "/admin/articles/article/everywhere/"
PHOTO = "01a20639-1478-7533-9c78-c84f01e4b78c"


def content(html="", **fields) -> dict:
    return {"body": html, "headline": "A day", "lead_caption": None} | fields


# Words in a text


@pytest.mark.parametrize(
    ("html", "words", "instead", "expected"),
    [
        ("<p>Jon Smith met Jon Smithson.</p>", "Jon Smith", "John Smith", "<p>John Smith met Jon Smithson.</p>"),
        ("<p>jon smith, JON SMITH</p>", "Jon Smith", "X", "<p>jon smith, JON SMITH</p>"),
        ("<p>Jon <strong>Smith</strong>’s day</p>", "Jon Smith", "John Smith", "<p>John Smith’s day</p>"),
        ("<p><em>Jon</em> Smith sang</p>", "Jon Smith", "John Smith", "<p><em>John Smith</em> sang</p>"),
        ("<p>O’Dell &amp; Sons</p>", "O'Dell & Sons", "O’Dell <& Co>", "<p>O’Dell &lt;&amp; Co&gt;</p>"),
        ("<p>Jon&nbsp;Smith</p>", "Jon Smith", "Ann", "<p>Ann</p>"),
        ("<p>Jon<br>Smith</p>", "Jon Smith", "Ann", "<p>Jon<br>Smith</p>"),
        ('<p><a href="https://a.example/Jon">Jon</a></p>', "Jon", "Ann", '<p><a href="https://a.example/Jon">Ann</a></p>'),
        ("<ul><li><p>Jon</p><ul><li><p>Jon</p></li></ul></li></ul>", "Jon", "Ann", "<ul><li><p>Ann</p><ul><li><p>Ann</p></li></ul></li></ul>"),
        ('<blockquote data-cite="Jon"><p>I, Jon</p></blockquote>', "Jon", "Ann", '<blockquote data-cite="Ann"><p>I, Ann</p></blockquote>'),
        (
            f'<figure data-photo="{PHOTO}" data-layout="wide" data-alt="Jon"><figcaption>Jon left</figcaption></figure>', "Jon", "Ann",
            f'<figure data-photo="{PHOTO}" data-layout="wide" data-alt="Ann"><figcaption>Ann left</figcaption></figure>',
        ),
        (f'<figure data-photo="{PHOTO}" data-layout="wide"></figure>', "wide", "full", f'<figure data-photo="{PHOTO}" data-layout="wide"></figure>'),
        (r"<p>a\1 (b)</p>", "(b)", r"\1", r"<p>a\1 \1</p>"),
    ],
)  # fmt: skip
def test_words_are_replaced_where_a_reader_sees_them(html, words, instead, expected):
    assert replace.corrected(content(html), words, instead)["body"] == expected


def test_what_stands_around_is_cut_between_words():
    around = "word " * 30
    (place,) = replace.places(content(f"<p>{around}Jon {around}</p>"), "Jon")
    assert place.before.startswith("… word ") and place.before.endswith("word ")
    assert place.after.startswith(" word") and place.after.endswith("word …")
    assert len(place.before) <= replace.CONTEXT + 2


def test_every_field_is_searched_and_named_with_what_stands_around():
    found = replace.places(content("<p>It rained. Jon sang.</p>", standfirst="Jon", seo_title="Jon!"), "Jon")
    assert [(place.name, place.before, place.after) for place in found] == [
        ("Standfirst", "", ""), ("Search title", "", "!"), ("Text", "It rained. ", " sang."),
    ]  # fmt: skip


@given(st.lists(st.sampled_from(["Jon", " ", "Smith", "<strong>", "</strong>", "<em>", "</em>", "&amp;", "<br>", "x"])))
def test_nothing_is_left_of_the_words_and_nothing_else_is_lost(pieces):
    html = body.sanitize(f"<p>{''.join(pieces)}</p>")
    new = replace.corrected(content(html), "Jon Smith", "Ann")
    assert replace.places(new, "Jon Smith") == []
    wanted = replace.pattern("Jon Smith")
    lines = [
        wanted.sub("Ann", line)
        for block in body.split(html)
        for line in body.plain(block.html.replace("<br>", "\n")).split("\n")
    ]
    shown = [
        line for block in body.split(new["body"]) for line in body.plain(block.html.replace("<br>", "\n")).split("\n")
    ]
    assert " ".join(" ".join(lines).split()) == " ".join(" ".join(shown).split())


# Finding and correcting


def found(client, words, **more):
    answer = client.get(PAGE, {"words": words, **more})
    assert answer.status_code == 200
    return answer.context["found"]


def correct(client, stories, **fields):
    chosen = [f"{story.pk}:{story.live_edition().number}" for story in stories]
    data = {"words": "Jon Smith", "instead": "John Smith", "kind": "minor", "story": chosen} | fields
    answer = client.post(PAGE, data)
    assert answer.status_code == 200
    return answer


def live(client, story) -> dict:
    return client.get(f"/api/v1/articles/{story.slug}/").json()


@db
def test_words_are_found_in_live_stories_and_captions_only_as_written(client, editor):
    client.force_login(editor)
    photo = newsroom.photo(caption="Jon Smith on Friday.")
    one = newsroom.article("One", body="<p>Then Jon <em>Smith</em> sang.</p>")
    two = newsroom.article("Jon Smith is back", lead=photo, lead_caption="Here is Jon Smith")
    for story in (one, two, newsroom.article("Three", body="<p>Jon Smithson and jon smith</p>")):
        story.publish()
    newsroom.article("A draft about Jon Smith")
    gone = newsroom.article("Jon Smith leaves")
    gone.publish()
    gone.withdraw(reason="wrong")
    page = found(client, "Jon Smith")
    assert [(story.article, [place.name for place in story.places]) for story in page.stories] == [
        (two, ["Headline", "Lead caption"]), (one, ["Text"]),
    ]  # fmt: skip
    assert [each.photo for each in page.photos] == [photo]
    assert client.get(PAGE, {"words": "—"}).context["asked"].errors["words"] == ["Enter at least one word."]


@db
def test_a_correction_is_one_edition_and_one_note_for_each_story(client, editor):
    client.force_login(editor)
    stories = [newsroom.article(f"Jon Smith {number}", body="<p>Jon Smith sang.</p>") for number in range(2)]
    for story in stories:
        story.publish()
    left = newsroom.article("Jon Smith stays")
    left.publish()
    before = live(client, stories[0])
    answer = correct(
        client, stories, kind="correction", public_note="An earlier version misspelt a name.", note="He called"
    )
    assert [outcome.story for outcome in answer.context["done"]] == stories
    for number, story in enumerate(stories):
        document = live(client, story)
        assert (document["headline"], document["body"][0]["html"]) == (f"John Smith {number}", "John Smith sang.")
        assert [row["text"] for row in document["corrections"]] == ["An earlier version misspelt a name."]
        edition = story.live_edition()
        assert (edition.number, edition.kind, edition.by, edition.note) == (
            2,
            "correction",
            editor,
            "“Jon Smith” → “John Smith”. He called",
        )
        assert AuditEntry.objects.get(article=story.pk, verb="article.corrected").note == edition.note
    after = live(client, stories[0])
    assert (after["published_at"], after["body"][0]["id"]) == (before["published_at"], before["body"][0]["id"])
    assert live(client, left)["headline"] == "Jon Smith stays"
    assert Correction.objects.count() == 2


@db
def test_what_is_unfinished_stays_unpublished_and_what_is_scheduled_is_corrected(client, editor):
    client.force_login(editor)
    story = newsroom.article("Jon Smith", body="<p>Jon Smith sang.</p>")
    story.publish()
    story.standfirst = "Jon Smith again."
    story.save()
    soon = timezone.now() + timedelta(hours=1)
    story.publish(at=soon, kind="update")
    story.label = "Unfinished"
    story.save()
    revision = Article.objects.get(pk=story.pk).revision
    assert correct(client, [story]).context["done"]
    story.refresh_from_db()
    assert (live(client, story)["headline"], live(client, story)["standfirst"], live(client, story)["label"]) == (
        "John Smith",
        "A night of long dresses.",
        None,
    )
    coming = story.coming_editions().get()
    assert (coming.live_from, coming.kind, coming.version.content["standfirst"]) == (
        soon,
        "update",
        "John Smith again.",
    )
    assert (story.headline, story.standfirst, story.label) == ("John Smith", "John Smith again.", "Unfinished")
    assert story.revision > revision, "Whoever has it open meets a conflict, and overwrites nothing."
    assert story.latest_version.content == snapshot(story)


@db
def test_an_open_page_cannot_bring_the_old_words_back_unseen(client, editor):
    client.force_login(editor)
    story = newsroom.article("Jon Smith")
    story.publish()
    revision = Article.objects.get(pk=story.pk).revision
    correct(client, [story])
    assert Article.objects.get(pk=story.pk).revision == revision + 1


@db
def test_stories_that_cannot_be_corrected_are_listed_and_left_whole(client, editor):
    client.force_login(editor)
    names = ("Fine", "Written", "Embargo", "Blocked", "Moved on", "Too long")
    fine, written, embargo, blocked, moved, long = stories = [newsroom.article(f"Jon Smith {name}") for name in names]
    for story in stories:
        story.publish()
    colleague = get_user_model().objects.create_superuser("colleague")
    Presence.beat(written, colleague, "tab", timezone.now())
    Article.objects.filter(pk=embargo.pk).update(
        embargo_until=timezone.now() + timedelta(days=1), embargo_reason="The studio"
    )
    Article.objects.filter(pk=blocked.pk).update(section=None)
    blocked.refresh_from_db()
    blocked.publish(override="It is late")
    Article.objects.filter(pk=long.pk).update(label="Jon Smith " + "x" * 50)
    long.refresh_from_db()
    long.publish()
    chosen = [f"{story.pk}:{story.live_edition().number}" for story in stories]
    moved.standfirst = "New."
    moved.save()
    moved.publish()
    before = {story.pk: (story.editions.count(), story.versions.count()) for story in stories}
    answer = correct(client, [], story=chosen)
    assert [outcome.story for outcome in answer.context["done"]] == [fine]
    said = {outcome.story: " ".join(outcome.refusals) for outcome in answer.context["refused"]}
    assert set(said) == {written, embargo, blocked, moved, long}
    for story, sentence in (
        (written, "colleague is writing"),
        (embargo, "The studio"),
        (blocked, "Choose a section"),
        (moved, "published again"),
        (long, "longer than 60"),
    ):
        assert sentence in said[story]
        assert (story.editions.count(), story.versions.count()) == before[story.pk]
        assert "Jon Smith" in Article.objects.get(pk=story.pk).headline
        assert sentence in answer.content.decode()


@db
def test_a_photo_that_fails_by_now_may_be_left_out(client, editor):
    client.force_login(editor)
    photo = newsroom.photo()
    story = newsroom.article("Jon Smith", lead=photo)
    story.publish()
    photo.kill(by=editor, reason="The agency called")
    assert "may not be used" in " ".join(correct(client, [story]).context["refused"][0].refusals)
    assert correct(client, [story], without_failing_photos="on").context["done"]
    assert story.live_edition().without_photos == [str(photo.pk)]
    assert Task.objects.get(photo=photo, desk="photo").article == story


@db
def test_a_correction_that_readers_are_told_of_needs_its_words_and_a_choice(client, editor):
    client.force_login(editor)
    story = newsroom.article("Jon Smith")
    story.publish()
    answer = correct(client, [story], kind="correction")
    assert "Enter the text of the correction" in answer.content.decode()
    assert "at least one story" in correct(client, []).content.decode()
    assert "words are the same" in correct(client, [story], instead="Jon Smith").content.decode()
    with pytest.raises(ValidationError):
        story.replace_words("Jon Smith", "X", by=editor, kind="correction")
    assert story.editions.count() == 1


@db
def test_only_those_who_publish_correct_and_only_what_they_may_see(client, editor):
    writer = get_user_model().objects.create_user("writer", is_staff=True)
    writer.groups.add(Group.objects.get(name="editor"))
    secret, plain = newsroom.article("Jon Smith’s secret"), newsroom.article("Jon Smith")
    secret.publish()
    plain.publish()
    secret.restricted_to.add(editor)
    client.force_login(writer)
    assert client.get(PAGE, {"words": "Jon Smith"}).status_code == 403
    publisher = get_user_model().objects.create_user("publisher", is_staff=True)
    publisher.groups.add(Group.objects.get(name="publisher"))
    client.force_login(publisher)
    assert [story.article for story in found(client, "Jon Smith").stories] == [plain]
    answer = correct(client, [secret, plain])
    assert [outcome.story for outcome in answer.context["done"]] == [plain]
    assert secret.editions.count() == 1


@db
def test_many_stories_come_in_pages_at_the_same_cost(client, editor, django_assert_max_num_queries):
    client.force_login(editor)
    for number in range(find_everywhere.PAGE + 2):
        newsroom.article(f"Jon Smith {number}").publish()
    with django_assert_max_num_queries(12):
        first = found(client, "Jon Smith")
    second = found(client, "Jon Smith", after=first.after)
    listed = [story.article.headline for story in [*first.stories, *second.stories]]
    assert listed == [f"Jon Smith {number}" for number in reversed(range(find_everywhere.PAGE + 2))]
    assert second.after == ""
    assert found(client, "Jon Smith", after="nonsense").stories


@db
def test_the_pages_of_names_and_stories_lead_there(client, editor):
    client.force_login(editor)
    person = newsroom.person("Jon Smith")
    assert (
        f"{PAGE}?words=Jon%20Smith"
        in client.get(reverse("admin:articles_person_change", args=[person.pk])).content.decode()
    )
    assert PAGE in client.get(reverse("admin:articles_article_changelist")).content.decode()
    assert Version.objects.count() == 0
