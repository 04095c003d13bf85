"""The panel beside a story: its checklist follows what is typed, its buttons answer a script without a page."""

import json
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, TabAutosave
from media.local_time import brief
from media.models import Site

from . import newsroom

pytestmark = pytest.mark.django_db
JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def url(name, *args):
    return reverse(f"admin:articles_article_{name}", args=args)


def a_story(**fields):
    story = newsroom.article("A long evening", **fields)
    story.record()
    return story


def fields_of(story, **typed):
    """Return what the page's form holds of this story, with what is typed in it."""
    named = {"writers": [str(key) for key in story.authors.values_list("pk", flat=True)]}
    own = {"headline": story.headline, "standfirst": story.standfirst, "body": story.body, "kind": story.kind}
    return own | named | {"section": str(story.section_id), "slug": story.slug} | typed


def keep(desk, story, **typed):
    given = {
        "revision": story.revision,
        "tab": "",
        "key": "page1.1",
        "check": True,
        "fields": fields_of(story, **typed),
    }
    return desk.post(url("autosave", story.pk), json.dumps(given), content_type="application/json")


def places(story):
    return {problem.code: problem.place for problem in story.problems()}


def test_each_finding_says_where_it_is_mended():
    bare = newsroom.photo(alt="", caption="")
    bare.credit = None
    bare.save()
    figure = f'<figure data-id="figure0001" data-photo="{bare.pk}" data-layout="wide"></figure>'
    body = (
        f'<h4 data-id="heading001">Deep</h4>{figure}<p data-id="link000001"><a href="https://x.example/">here</a></p>'
    )
    story = newsroom.article(body=body, standfirst="", kind="review")
    story.articleauthor_set.all().delete()
    found = places(story)
    assert found["credit_missing"] == "body:figure0001:credit"
    assert found["alt_missing"] == "body:figure0001:alt"
    assert found["caption_missing"] == "body:figure0001:caption"
    assert (found["heading_skips"], found["link_says_nothing"]) == ("body:heading001", "body:link000001")
    assert (found["standfirst_missing"], found["byline_missing"]) == ("standfirst", "writers")
    assert (found["review_rating_missing"], found["review_work_advised"]) == ("review_rating", "review_work")
    gallery = (
        f'<div data-id="gallery001" data-gallery=""><figure data-photo="{newsroom.photo().pk}"></figure>{figure}</div>'
    )
    assert places(newsroom.article(body=gallery, section=None))["alt_missing"] == "body:gallery001.1:alt"
    lead = places(newsroom.article(lead=bare))
    assert (lead["credit_missing"], lead["alt_missing"]) == ("lead_photo:credit", "lead_photo:alt")
    unlinked = newsroom.article(body=f'<p data-id="linking001"><a href="article:{uuid4()}">A story</a></p>')
    assert places(unlinked)["link_not_live"] == "body:linking001"


def test_every_finding_is_a_link_to_its_place(desk):
    story = a_story(standfirst="")
    page = desk.get(url("panel", story.pk)).content.decode()
    assert f'<a href="{url("change", story.pk)}#at=standfirst" data-goto="standfirst">' in page


def test_the_checklist_is_asked_of_what_is_typed(desk):
    story = a_story()
    photo = newsroom.photo(slot=True, caption="The empty chair.")
    answer = keep(desk, story, standfirst="", section="", body=newsroom.body(photo), lead_photo=str(photo.pk)).json()
    for sentence in (
        "Choose a section.",
        "Write a standfirst",
        "The lead photo is an empty slot",
        "Photo 1 of the text",
    ):
        assert sentence in answer["checklist"]
    assert answer["blocking"] == 3
    assert TabAutosave.objects.get().fields["section"] == ""
    untouched = Article.objects.get(pk=story.pk)
    assert (untouched.section_id, untouched.standfirst, untouched.versions.count()) == (
        story.section_id,
        story.standfirst,
        1,
    )
    fine = keep(desk, story).json()
    assert fine["blocking"] == 0 and "Ready to publish." in fine["checklist"]


def test_links_of_the_boxes_count_as_typed(desk):
    person = newsroom.person()
    body = f'<p><a href="person:{person.slug}">Mara</a> came.</p>'
    story = a_story(body=body)
    assert "is not tagged so" in keep(desk, story, writers=[]).json()["checklist"]
    assert "Add an author" in keep(desk, story, writers=[]).json()["checklist"]
    tagged = keep(desk, story, main_people=[str(person.pk)]).json()["checklist"]
    assert "is not tagged so" not in tagged and "Add an author" not in tagged


@pytest.mark.parametrize(
    "typed",
    [
        {"section": "9" * 40, "site": "x", "source": "-1", "review_rating": "many", "lead_photo": "no"},
        {"section": ["1"], "site": "999999", "writers": "7", "main_people": [None, {}, "9" * 30], "kind": 5},
        {"translation_of": str(uuid4()), "lead_photo": str(uuid4()), "social_photo": str(uuid4()), "body": "<p" * 900},
        {"headline": None, "body": None, "standfirst": {"a": 1}, "lead_alt": "-", "locale": "x" * 500},
    ],
)  # fmt: skip
def test_nonsense_is_checked_without_a_fault(desk, typed):
    answer = keep(desk, a_story(), **typed)
    assert answer.status_code == 200 and "data-checklist" in answer.json()["checklist"]


def test_a_story_nobody_told_this_colleague_of_is_not_named(client):
    secret = newsroom.article("The secret merger")
    secret.restricted_to.add(get_user_model().objects.create_superuser("boss"))
    writer = get_user_model().objects.create_user("june", is_staff=True)
    writer.groups.add(Group.objects.get(name="writer"))
    client.force_login(writer)
    story = a_story(owner=writer)
    answer = keep(client, story, translation_of=str(secret.pk))
    assert answer.status_code == 200 and "secret merger" not in answer.content.decode()


MOST = {"panel": 42, "publish": 120}


def test_statements_are_few_however_many_photos(desk, django_assert_max_num_queries):
    story = a_story(lead=newsroom.photo(), photos=[newsroom.photo(seed=number) for number in range(30)])
    plain = {"revision": story.revision, "tab": "", "key": "page1.1", "fields": fields_of(story)}
    address = url("autosave", story.pk)
    with django_assert_max_num_queries(99) as kept:
        desk.post(address, json.dumps(plain), content_type="application/json")
    with django_assert_max_num_queries(99) as checked:
        keep(desk, story, lead_photo=str(story.lead_photo_id), standfirst="Other words.")
    assert len(checked) - len(kept) <= 20
    with django_assert_max_num_queries(MOST["panel"]):
        desk.get(url("panel", story.pk))
    with django_assert_max_num_queries(MOST["publish"]):
        desk.post(url("publish", story.pk), {"now": "update"}, **JSON)
    assert story.live_edition()


def test_a_button_answers_a_script_with_a_sentence_and_the_panel(desk):
    story = a_story()
    answer = desk.post(url("publish", story.pk), {"now": "update", "revision": story.revision}, **JSON)
    told = answer.json()
    assert (answer.status_code, told["sentence"]) == (200, "Published.")
    assert "Live since" in told["panel"] and 'data-part="panel-more"' in told["panel"] and "JSON" not in told["panel"]
    again = desk.post(url("publish", story.pk), {"now": "update"}, **JSON).json()
    assert again["sentence"] == "Nothing has changed: readers have this version already."
    assert desk.post(url("comment", story.pk), {"text": "Fine."}, **JSON).json()["sentence"] == "Comment added."


def test_what_blocks_is_answered_with_the_findings_and_the_override_after_them(desk):
    story = a_story(photos=[newsroom.photo(slot=True)])
    assert "Publish anyway" not in desk.get(url("panel", story.pk)).content.decode()
    answer = desk.post(url("publish", story.pk), {"now": "update"}, **JSON)
    panel = answer.json()["panel"]
    assert answer.status_code == 422 and answer.json()["sentence"].startswith("Not published: fix 1 thing")
    assert panel.index("is an empty slot") < panel.index("Publish anyway")
    page = desk.post(url("publish", story.pk), {"now": "update"}).content.decode()
    assert page.index("is an empty slot") < page.index("Publish anyway")
    refused = desk.post(url("publish", story.pk), {"now": "anyway"}, **JSON)
    assert list(refused.json()["errors"]) == ["publish-override"]
    desk.post(url("publish", story.pk), {"now": "anyway", "publish-override": "It is the story"}, **JSON)
    assert story.editions.get().override == "It is the story"


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("publish", {"schedule": "1"}, "publish-when"),
        ("publish", {"now": "correction"}, "publish-public_note"),
        ("withdraw", {"how": "note"}, "reason"),
        ("withdraw", {"how": "redirect", "reason": "x"}, "redirect_to"),
        ("assign", {"to": "nobody"}, "to"),
        ("comment", {"text": " "}, "text"),
        ("share", {"hours": "9999"}, "hours"),
    ],
)
def test_a_complaint_names_its_field(desk, name, data, field):
    answer = desk.post(url(name, a_story().pk), data, **JSON)
    assert answer.status_code == 422 and list(answer.json()["errors"]) == [field]


def test_nobody_publishes_what_was_saved_unseen(desk):
    story = a_story()
    seen = story.revision
    story.headline = "Other words"
    story.save()
    story.record()
    answer = desk.post(url("publish", story.pk), {"now": "update", "revision": seen}, **JSON)
    assert answer.status_code == 409 and "saved this story since you opened it" in answer.json()["sentence"]
    assert not story.editions.exists()


def test_who_may_not_is_told_in_a_sentence(client):
    reader = get_user_model().objects.create_user("june", is_staff=True)
    reader.groups.add(Group.objects.get(name="writer"))
    client.force_login(reader)
    answer = client.post(url("publish", a_story().pk), {"now": "update"}, **JSON)
    assert answer.status_code == 403 and answer.json()["sentence"]


def test_a_discarded_story_leads_to_the_list(desk):
    assert desk.post(url("discard", a_story().pk), **JSON).json()["next"] == url("changelist")
    assert desk.post(url("discard", a_story().pk)).url == url("changelist")


def test_a_live_story_leads_to_its_page_on_the_site(desk):
    story = a_story()
    story.publish()
    assert "Your site’s address is not set up yet" in desk.get(url("panel", story.pk)).content.decode()
    Site.objects.update(url_template="https://daily.example.org{path}")
    page = desk.get(url("panel", story.pk)).content.decode()
    assert (
        f'<a href="https://daily.example.org/film/{story.slug}/" target="_blank" rel="noopener">View on site</a>'
        in page
    )
    assert f'data-copy="https://daily.example.org/film/{story.slug}/"' in page


@pytest.mark.parametrize(
    ("when", "zone", "said"),
    [
        ("2026-12-04T02:00:00+00:00", "America/Los_Angeles", "Dec 3, 6:00 PM PT"),
        ("2026-11-30T18:42:00+00:00", "America/Los_Angeles", "10:42 AM PT"),
        ("2027-07-01T12:00:00+00:00", "America/New_York", "Jul 1, 2027, 8:00 AM ET"),
        ("2026-12-04T02:00:00+00:00", "Asia/Shanghai", "Dec 4, 10:00 AM CST"),
        ("2026-12-04T02:00:00+00:00", "Europe/London", "Dec 4, 2:00 AM GMT"),
    ],
)
def test_a_moment_is_said_as_people_say_it(when, zone, said):
    from media.site import zone_of

    now = timezone.datetime.fromisoformat("2026-11-30T20:00:00+00:00")
    assert brief(timezone.datetime.fromisoformat(when), zone_of(zone), now) == said
