"""One change for many stories: a page says what becomes of each, and it is done by the verbs that one story has."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from articles.models import Article, AuditEntry, Presence, SectionScope
from articles.stories.bulk import MOST

from . import newsroom

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
KINDS = ("section", "add_tags", "remove_tags", "assign", "owner", "submit", "ready")


def member(name, role="editor", *sections):
    user = get_user_model().objects.create_user(name, first_name=name.title(), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    if sections:
        SectionScope.objects.create(user=user).sections.add(*sections)
    return user


@pytest.fixture
def chief():
    return member("chief")


@pytest.fixture
def desk(client, chief):
    client.force_login(chief)
    return client


def stories(count=3, **fields):
    made = [newsroom.article(f"Story {number}", **fields) for number in range(count)]
    for story in made:
        story.record()
    return made


def choose(desk, kind, chosen):
    """Tick these stories in the list and go: return the page that asks."""
    page = desk.post(LIST, {"action": kind, "_selected_action": [story.pk for story in chosen], "index": 0})
    assert page.status_code == 200, page
    return page


def sent(page, **values):
    """Return what the form of the page sends."""
    hidden = re.findall(r'name="(story|kind|form_key)" value="([^"]*)"', page.content.decode())
    data = {name: [value for each, value in hidden if each == name] for name, _ in hidden}
    return data | values


def change(desk, kind, chosen, **values):
    """Tick, check and confirm; return what the last page says."""
    page = choose(desk, kind, chosen)
    page = desk.post(f"{LIST}bulk/", sent(page, **values))
    return said(desk.post(f"{LIST}bulk/", sent(page, confirm="1", **values)))


def said(page):
    return " ".join(strip_tags(page.content.decode()).split())


def test_a_section_for_many(desk, chief):
    film, music = newsroom.section("Film"), newsroom.section("Music")
    chosen = stories(section=film)
    there = newsroom.article("Music already", section=music)
    there.record()
    page = said(choose(desk, "section", [*chosen, there]))
    assert "Can change: 4" in page and "Readers see it when the story is published again." in page
    page = choose(desk, "section", [*chosen, there])
    page = said(desk.post(f"{LIST}bulk/", sent(page, section=music.pk)))
    assert "Will change: 3" in page and "Film → Music" in page
    assert "Will stay as they are: 1 Music alreadyIt is in Music already." in page
    assert {story.section for story in Article.objects.exclude(pk=there.pk)} == {film}
    outcome = change(desk, "section", [*chosen, there], section=music.pk)
    assert "Changed 3 stories." in outcome and "Left as they are: 1" in outcome
    for story in chosen:
        story.refresh_from_db()
        version = story.latest_version
        assert (story.section, version.number, version.by, version.content["section"]) == (music, 2, chief, music.pk)
    assert there.versions.count() == 1


def test_tags_for_many(desk):
    old, new = newsroom.tag("Old"), newsroom.tag("New")
    chosen = stories(tags=[old])
    assert "Changed 3 stories." in change(desk, "add_tags", chosen, tags=[new.pk, old.pk])
    assert all(set(story.tags.all()) == {old, new} and story.versions.count() == 2 for story in chosen)
    assert "It has them already." in said(
        desk.post(f"{LIST}bulk/", sent(choose(desk, "add_tags", chosen), tags=[new.pk]))
    )
    assert "Changed 3 stories." in change(desk, "remove_tags", chosen, tags=[old.pk])
    assert all(set(story.tags.all()) == {new} for story in chosen)
    assert "It has none of them." in said(
        desk.post(f"{LIST}bulk/", sent(choose(desk, "remove_tags", chosen), tags=[old.pk]))
    )


def test_a_task_and_an_owner_for_many(desk, chief):
    june = member("june", "writer")
    chosen = stories()
    assert "Changed 3 stories." in change(desk, "assign", chosen, colleague=june.pk, note="Shorten it")
    assert all(story.tasks.get().text == "Shorten it" and story.tasks.get().assignee == june for story in chosen)
    assert "Changed 3 stories." in change(desk, "owner", chosen, colleague=june.pk)
    assert {story.owner for story in Article.objects.all()} == {june}
    assert AuditEntry.objects.filter(verb="article.handed_over", by=chief).count() == 3


def test_submitting_and_accepting_many(desk, chief):
    chosen = stories(owner=chief)
    chosen[0].submit(by=chief)
    page = change(desk, "submit", chosen, note="By noon, please")
    assert "Changed 2 stories." in page and "Only a draft can be submitted." in page
    assert {story.stage for story in Article.objects.all()} == {"in_review"}
    assert chosen[1].comments.get().text == "By noon, please"
    assert "Changed 3 stories." in change(desk, "ready", chosen)
    assert {story.stage for story in Article.objects.all()} == {"ready"}
    assert AuditEntry.objects.filter(verb="article.accepted", by=chief).count() == 3


def test_scope_is_asked_before_and_after(client):
    film, music = newsroom.section("Film"), newsroom.section("Music")
    client.force_login(member("filmeditor", "editor", film))
    mine, theirs = newsroom.article("Film story", section=film), newsroom.article("Music story", section=music)
    mine.record(), theirs.record()
    page = said(client.post(f"{LIST}bulk/", sent(choose(client, "section", [mine, theirs]), section=music.pk)))
    assert "You can’t edit stories in Music." in page and "Will stay as they are: 2" in page
    for target in (film, music):
        change(client, "section", [mine, theirs], section=target.pk)
        for story, section in ((mine, film), (theirs, music)):
            story.refresh_from_db()
            assert story.section == section
    for kind in ("assign", "owner"):
        change(client, kind, [theirs], colleague=member(kind).pk)
    change(client, "ready", [theirs])
    theirs.refresh_from_db()
    assert (theirs.owner, theirs.stage, theirs.tasks.count()) == (None, "draft", 0)


def test_restricted_stories_stay_closed(desk, chief):
    owner, outside = member("june"), member("ada")
    secret, shared = newsroom.article("Kept quiet", owner=owner), newsroom.article("Ours", owner=chief)
    secret.record(), shared.record()
    secret.restricted_to.add(owner)
    shared.restricted_to.add(owner)
    page = said(desk.post(f"{LIST}bulk/", {"kind": "ready", "story": f"{secret.pk}:1", "confirm": "1"}))
    assert (
        "Kept quiet" not in page and "1 story is no longer open to you, or discarded or sealed in the meantime." in page
    )
    assert "It is restricted, and ada is not named on it." in change(desk, "assign", [shared], colleague=outside.pk)
    assert "It is restricted: you would no longer see it." in change(desk, "owner", [shared], colleague=owner.pk)
    secret.refresh_from_db(), shared.refresh_from_db()
    assert (secret.stage, shared.owner, shared.tasks.count()) == ("draft", chief, 0)


def test_a_writer_changes_their_own_drafts(client):
    june = member("june", "writer")
    client.force_login(june)
    own, other = newsroom.article("Own", owner=june), newsroom.article("Other")
    own.record(), other.record()
    offered = re.findall(r'<option value="(\w+)">', client.get(LIST).content.decode())
    assert set(KINDS) & set(offered) == {"section", "add_tags", "remove_tags", "submit"}
    page = change(client, "submit", [own, other])
    assert "Changed 1 story." in page and "someone else" in page
    other.refresh_from_db()
    assert other.stage == "draft"
    for kind in ("assign", "owner", "ready"):
        assert client.post(f"{LIST}bulk/", {"kind": kind, "story": f"{own.pk}:1", "confirm": "1"}).status_code == 403
        client.post(LIST, {"action": kind, "_selected_action": [own.pk], "index": 0})
    own.refresh_from_db()
    assert (own.stage, own.owner) == ("in_review", june)


def test_what_somebody_writes_in_or_saved_since_is_left_alone(desk, chief):
    open_one, saved_since, free = stories()
    page = choose(desk, "submit", [open_one, saved_since, free])
    Presence.beat(open_one, member("june"), "tab", timezone.now())
    saved_since.headline = "Changed meanwhile"
    saved_since.save()
    saved_since.record()
    outcome = said(desk.post(f"{LIST}bulk/", sent(page, confirm="1")))
    assert "Changed 1 story." in outcome and "June is writing in it." in outcome
    assert "Someone saved it after you chose it." in outcome
    assert [Article.objects.get(pk=story.pk).stage for story in (open_one, saved_since, free)] == [
        "draft",
        "draft",
        "in_review",
    ]
    Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    assert "Changed 2 stories." in change(desk, "submit", [open_one, saved_since])


def test_the_same_form_acts_once(desk):
    chosen = stories()
    page = choose(desk, "submit", chosen)
    once, again = (desk.post(f"{LIST}bulk/", sent(page, confirm="1", note="Now")) for _ in range(2))
    assert said(once) == said(again) and "Changed 3 stories." in said(again)
    assert all(story.comments.count() == 1 and story.tasks.count() == 1 for story in chosen)


def test_what_is_missing_is_asked_for_and_nothing_is_done(desk):
    chosen = stories(1)
    for kind, words in (("section", "section"), ("add_tags", "tags"), ("assign", "colleague")):
        page = desk.post(f"{LIST}bulk/", sent(choose(desk, kind, chosen), confirm="1", note="n" * 10))
        assert re.search("This field is required|Choose at least one", said(page)), kind
        page = desk.post(f"{LIST}bulk/", sent(choose(desk, kind, chosen), confirm="1", **{words: "999999"}))
        assert page.status_code == 200 and "Changed" not in said(page), kind
    assert chosen[0].versions.count() == 1 and not chosen[0].tasks.exists()
    for odd in ({}, {"kind": "erase"}, {"kind": "ready"}, {"kind": "ready", "story": ["x:y", "1"], "confirm": "1"}):
        assert desk.post(f"{LIST}bulk/", odd).status_code in (200, 302), odd
    assert desk.get(f"{LIST}bulk/").status_code == 302


def test_at_most_two_hundred_at_once(desk):
    one = newsroom.article("Story")
    Article.objects.bulk_create(
        Article(headline=f"Story {n}", slug=f"story-{n}", site=one.site, section=one.section) for n in range(MOST)
    )
    page = desk.post(
        LIST, {"action": "submit", "_selected_action": [one.pk], "select_across": "1", "index": 0}, follow=True
    )
    assert "Choose at most 200 stories at once." in said(page)
    one.discard(by=None)
    page = desk.post(LIST, {"action": "submit", "_selected_action": [one.pk], "select_across": "1", "index": 0})
    assert "Will change: 200" in said(page)


STATEMENTS = {"section": 30, "add_tags": 30, "remove_tags": 30, "assign": 12, "owner": 12, "submit": 14, "ready": 12}
"""How many statements a story takes; the same for each, however many there are."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limited", [False, True])
def test_each_story_takes_a_constant_number_of_statements(client, kind, limited):
    film, cinema = newsroom.section("Film"), newsroom.section("Cinema", parent=newsroom.section("Film"))
    client.force_login(member("chief", "editor", *([film] if limited else [])))
    tag, june = newsroom.tag("New"), member("june")
    values = {"section": cinema.pk, "tags": [tag.pk], "colleague": june.pk, "note": "Now"}
    counts = {}
    for count in (2, 6):
        chosen = stories(count, section=film, tags=[tag] if kind == "remove_tags" else ())
        page = choose(client, kind, chosen)
        asked = {name: value for name, value in values.items() if f'name="{name}"' in page.content.decode()}
        with CaptureQueriesContext(connection) as looking:
            page = client.post(f"{LIST}bulk/", sent(page, **asked))
        with CaptureQueriesContext(connection) as doing:
            assert f"Changed {count} stories." in said(client.post(f"{LIST}bulk/", sent(page, confirm="1", **asked)))
        counts[count] = len(looking), len(doing)
    looked, done = ((counts[6][which] - counts[2][which]) / 4 for which in (0, 1))
    assert looked <= (6 if limited else 0), counts
    assert done <= STATEMENTS[kind] + (10 if limited else 0), counts
