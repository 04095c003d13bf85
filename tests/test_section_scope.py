"""Whoever is limited to some sections acts in these alone: where a story is, where it would go, and where readers find it."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from articles.imports import archive
from articles.imports.story import understand
from articles.models import ApiToken, Article, SectionScope
from articles.stories.photo_swap import swap

from . import newsroom
from .test_permissions import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sections():
    return {name: newsroom.section(name) for name in ("Film", "Celebrity")}


@pytest.fixture
def colleague(sections):
    """A publisher who works in Film alone."""
    user = get_user_model().objects.create_user("filmpublisher", is_staff=True)
    user.groups.add(Group.objects.get(name="publisher"))
    SectionScope.objects.create(user=user).sections.add(sections["Film"])
    return user


@pytest.fixture
def desk(client, colleague):
    client.force_login(colleague)
    return client


@pytest.fixture
def api(client, colleague):
    _, words = ApiToken.objects.issue(colleague, name="A script")

    def send(method, path, data, **headers):
        headers = {"Authorization": f"Bearer {words}"} | headers
        return client.generic(method, path, json.dumps(data), "application/json", headers=headers)

    return send


def where(story):
    return Article.objects.get(pk=story.pk).section.name


def test_the_form_moves_no_story_out_of_ones_sections_and_keeps_the_words(desk, sections):
    story = newsroom.article(section=sections["Film"])
    page = desk.post(
        reverse("admin:articles_article_change", args=[story.pk]),
        form_of(story) | {"section": sections["Celebrity"].pk, "headline": "Typed for an hour"},
    )
    assert (page.status_code, where(story)) == (200, "Film")
    assert "You can’t edit stories there" in page.content.decode()
    assert 'name="headline"' in page.content.decode() and "Typed for an hour" in page.content.decode()


def test_becoming_its_owner_opens_no_other_section(desk, sections, colleague):
    story = newsroom.article(section=sections["Film"])
    data = form_of(story) | {"section": sections["Celebrity"].pk, "owner": colleague.pk}
    desk.post(reverse("admin:articles_article_change", args=[story.pk]), data)
    assert where(story) == "Film"


@pytest.mark.parametrize(("name", "made"), [("Film", True), ("Celebrity", False), (None, True)])
def test_a_new_story_begins_in_ones_own_section_or_in_none(desk, sections, colleague, name, made):
    new = newsroom.article("Made up")
    data = form_of(new) | {
        "section": sections[name].pk if name else "",
        "slug": "a-new-one",
        "owner": "",
        "based_on": "",
    }
    desk.post(reverse("admin:articles_article_add"), data)
    assert Article.objects.filter(slug="a-new-one", owner=colleague).exists() == made


def test_scripts_may_not_either(api, sections):
    assert api("POST", "/api/v1/drafts/", {"headline": "New", "section": "celebrity"}).status_code == 403
    assert not Article.objects.filter(headline="New").exists()
    assert api("POST", "/api/v1/drafts/", {"headline": "New", "section": "film"}).status_code == 201
    story = newsroom.article(section=sections["Film"])
    story.record()
    answer = api("PATCH", f"/api/v1/drafts/{story.pk}/", {"section": "celebrity"}, **{"If-Match": "*"})
    assert (answer.status_code, where(story)) == (403, "Film")


@pytest.mark.parametrize(
    "act",
    [
        lambda story, by: story.publish(by=by),
        lambda story, by: story.withdraw(by=by, reason="x"),
        lambda story, by: story.move(slug="found", by=by),
        lambda story, by: story.replace_words("lights", "lamps", by=by),
        lambda story, by: story.cancel(story.coming_editions().get(), by=by),
        lambda story, by: story.reschedule(story.coming_editions().get(), at=timezone.now() + timedelta(days=3), by=by),
        lambda story, by: story.return_(by=by, note="More"),
        lambda story, by: story.clear_photo(newsroom.photo(slot=True), by=by),
    ],
)
def test_what_readers_find_in_another_section_stays_with_that_desk(sections, colleague, act):
    """The working copy has come to Film; what is live and what is scheduled is Celebrity's still."""
    story = newsroom.article(section=sections["Celebrity"])
    story.publish()
    story.headline = "A second thought"
    story.save()
    story.publish(at=timezone.now() + timedelta(days=1))
    story.section = sections["Film"]
    story.save()
    story.record()
    with pytest.raises(PermissionDenied):
        act(Article.objects.get(pk=story.pk), colleague)
    assert Article.objects.get(pk=story.pk).is_editable_by(colleague)


def test_a_verb_asks_of_the_stored_section_too(sections, colleague):
    story = newsroom.article(section=sections["Celebrity"])
    story.section = sections["Film"]
    with pytest.raises(PermissionDenied):
        story.publish(by=colleague)
    assert not story.is_editable_by(colleague)


def test_an_older_version_does_not_lead_out(sections, colleague):
    story = newsroom.article(section=sections["Celebrity"])
    first = story.record()
    story.section = sections["Film"]
    story.save()
    story.record()
    with pytest.raises(PermissionDenied):
        story.restore(first, by=colleague)
    assert where(story) == "Film"


def test_what_begins_as_another_sections_story_begins_in_none(sections, colleague, editor):
    story = newsroom.article(section=sections["Celebrity"])
    assert story.duplicate(by=colleague).section is None
    template = story.keep_as_template("Profile", by=editor)
    assert Article.start(template, by=colleague).section is None
    assert Article.start(template, by=editor).section == sections["Celebrity"]


def test_pasted_stories_stay_in_ones_sections(desk, sections):
    text = "The premiere\n\nEverybody came to see it on Friday evening.\n\nAnd then they left again."
    data = {"text": text, "create": "1", "headline": "The premiere", "section": sections["Celebrity"].pk}
    page = desk.post(reverse("admin:articles_article_import"), data)
    assert "Choose one of your own sections" in page.content.decode()
    desk.post(reverse("admin:articles_article_import"), data | {"section": sections["Film"].pk})
    assert [where(each) for each in Article.objects.filter(headline="The premiere")] == ["Film"]


def test_the_verbs_of_import_ask_whoever_calls_them(sections, colleague):
    found = understand("The premiere\n\nEverybody came.\n\nAnd left.")
    with pytest.raises(PermissionDenied):
        found.draft(by=colleague, section=sections["Celebrity"])
    finished = [_finished(name, section) for name, section in sections.items()]
    refused = archive.take(finished, timezone.now(), by=colleague)
    assert [each.story.article.headline for each in refused] == ["Celebrity"]
    with pytest.raises(PermissionDenied):
        archive.take(finished, timezone.now(), by=get_user_model().objects.create_user("nobody"))


def _finished(name, section):
    story = Article(headline=name, slug=name.lower(), section=section, site=newsroom.site(), body="<p>Words.</p>")
    return archive.Finished(story, timezone.now(), authors=[(newsroom.author().pk, "")])


def test_a_photo_is_swapped_only_where_one_may_publish(sections, colleague):
    old, new = newsroom.photo(seed=1), newsroom.photo(seed=2)
    story = newsroom.article(section=sections["Celebrity"], photos=[old])
    story.publish()
    with pytest.raises(PermissionDenied):
        swap(old, new, by=colleague)
    assert str(old.pk) in Article.objects.get(pk=story.pk).body


def test_sections_are_not_moved_into_reach(desk, sections):
    def save(section, **fields):
        data = {"site": section.site_id, "name": section.name, "slug": section.slug, "position": 0, "parent": ""}
        return desk.post(reverse("admin:articles_section_change", args=[section.pk]), data | fields)

    film, celebrity = sections["Film"], sections["Celebrity"]
    assert save(celebrity, parent=film.pk).status_code == 403
    save(film, parent=celebrity.pk)
    film.refresh_from_db(), celebrity.refresh_from_db()
    assert (film.parent, celebrity.parent) == (None, None)
    save(film, name="Films")
    film.refresh_from_db()
    assert film.name == "Films"


def test_restricting_a_story_one_stays_among_those_who_see_it(desk, sections, colleague, editor):
    story = newsroom.article(section=sections["Film"])
    address = reverse("admin:articles_article_change", args=[story.pk])
    page = desk.post(address, form_of(story) | {"restricted_to": [editor.pk]})
    assert "Add yourself" in page.content.decode()
    assert not story.restricted_to.exists()
    desk.post(address, form_of(story) | {"restricted_to": [editor.pk, colleague.pk]})
    assert set(story.restricted_to.all()) == {editor, colleague}
