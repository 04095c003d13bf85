"""A story that begins as another one: duplicates and templates."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, AuditEntry, Template
from articles.text import body

from . import newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    user = get_user_model().objects.create_user("writer", is_staff=True)
    user.groups.add(Group.objects.get(name="writer"))
    return user


def a_rich_story(**fields) -> Article:
    photo = newsroom.photo()
    story = newsroom.article(
        "The Glass Orchard reviewed", kind="review", lead=photo, photos=[photo], people=[newsroom.person()],
        works=[newsroom.work()], tags=[newsroom.tag()], review_work=newsroom.work(), review_rating=4, label="Review", **fields,
    )  # fmt: skip
    story.publish()
    return story


def test_a_duplicate_has_the_words_and_photos_but_nothing_that_is_public(client, editor):
    client.force_login(editor)
    story = a_rich_story()
    Article.objects.filter(pk=story.pk).update(
        embargo_until=timezone.now() + timedelta(days=1), embargo_reason="The studio", import_fingerprint="abc"
    )
    answer = client.post(reverse("admin:articles_article_duplicate", args=[story.pk]))
    made = Article.objects.exclude(pk=story.pk).get()
    assert answer.url == made.get_absolute_url()
    assert client.get(answer.url).status_code == 200
    assert (made.headline, made.kind, made.lead_photo, made.review_work, made.owner) == (
        story.headline,
        "review",
        story.lead_photo,
        newsroom.work(),
        editor,
    )
    assert (list(made.people.all()), list(made.works.all()), list(made.tags.all())) == (
        [newsroom.person()],
        [newsroom.work()],
        [newsroom.tag()],
    )
    assert (made.slug, made.stage, made.embargo_until, made.import_fingerprint) == (
        f"{story.slug}-2",
        "draft",
        None,
        "",
    )
    assert not made.editions.exists() and not made.is_address_public()
    old, new = ({block.id for block in body.split(each.body)} for each in (story, made))
    assert len(new) == len(old) and not old & new
    assert body.prose(body.split(made.body)) == body.prose(body.split(story.body))
    assert made.versions.get().by == editor
    assert AuditEntry.objects.get(article=made.pk).note == f"duplicate of “{story}”"
    made.publish(by=editor)
    assert [row["slug"] for row in client.get("/api/v1/articles/").json()["results"]] == [made.slug, story.slug]


def test_a_duplicate_of_a_restricted_story_is_restricted_and_only_for_those_who_know(client, editor, writer):
    story = newsroom.article(owner=editor)
    story.restricted_to.add(editor)
    client.force_login(writer)
    assert client.post(reverse("admin:articles_article_duplicate", args=[story.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        story.duplicate(by=writer)
    assert list(story.duplicate(by=editor).restricted_to.all()) == [editor]
    with pytest.raises(ValidationError, match="restricted"):
        story.keep_as_template("Secret", by=editor)


def test_a_template_keeps_the_shape_and_a_story_starts_from_it(client, editor, writer):
    client.force_login(editor)
    story = a_rich_story()
    client.post(reverse("admin:articles_article_keep_template", args=[story.pk]), {"name": "Film review"})
    template = Template.objects.get()
    page = client.get(reverse("admin:articles_article_templates")).content.decode()
    assert "Film review" in page and "Start a story" in page
    client.force_login(writer)
    answer = client.post(reverse("admin:articles_article_start_template", args=[template.pk]))
    made = Article.objects.exclude(pk=story.pk).get()
    assert answer.url == made.get_absolute_url()
    assert (made.kind, made.label, made.section, made.owner) == ("review", "Review", story.section, writer)
    assert [type(block).__name__ for block in made.blocks()] == ["Paragraph", "Heading", "Paragraph"]
    assert (made.lead_photo, made.review_work, made.review_rating, made.people.count()) == (None, None, None, 0)
    assert made.is_editable_by(writer)


def test_a_template_outlives_what_it_named(editor):
    story = newsroom.article(tags=[newsroom.tag()], section=newsroom.section("Music"))
    template = story.keep_as_template("Concert", by=editor)
    Article.objects.filter(pk=story.pk).update(section=None)
    story.tags.clear()
    newsroom.section("Music").delete()
    newsroom.tag().delete()
    made = Article.start(template, by=editor)
    assert (made.section, made.tags.count()) == (None, 0)


def test_only_editors_make_and_remove_templates_and_names_stand_once(client, editor, writer):
    story = newsroom.article(owner=writer)
    with pytest.raises(PermissionDenied):
        story.keep_as_template("Mine", by=writer)
    template = story.keep_as_template("Ours", by=editor)
    client.force_login(writer)
    client.post(reverse("admin:articles_article_drop_template", args=[template.pk]))
    assert Template.objects.exists()
    client.force_login(editor)
    answer = client.post(
        reverse("admin:articles_article_keep_template", args=[story.pk]), {"name": "Ours"}, follow=True
    )
    assert "There is already a template with this name" in answer.content.decode()
    answer = client.post(reverse("admin:articles_article_keep_template", args=[story.pk]), {"name": " "}, follow=True)
    assert answer.status_code == 422 and Template.objects.count() == 1
    client.post(reverse("admin:articles_article_drop_template", args=[template.pk]))
    assert not Template.objects.exists()
    assert AuditEntry.objects.filter(verb="template.dropped", by=editor).exists()
