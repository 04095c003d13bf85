"""A preview of what is typed and not saved: our own page, and the token of the frame beside the text."""

import logging

import httpx
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.management.housekeeping import sweep_logins
from articles.models import AuditEntry, Delivery, LiveDocument, PreviewFrame, TabAutosave, Version
from articles.outbox import framing
from articles.stories.preview_frame import LIFE, MOST_FRAMES
from media.models import Usage

from . import newsroom

FRONT = "https://www.example.com/preview/{token}"
TAB, OTHER_TAB = "0192f0c1-7b54-7cc0-8a3e-0242ac120002", "0192f0c1-7b54-7cc0-8a3e-0242ac120003"
MOST_STATEMENTS = 45
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def front(settings):
    settings.PREVIEW_URL_TEMPLATE = FRONT


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    return time_machine


@pytest.fixture
def writer(db):
    user = get_user_model().objects.create_user("writer", is_staff=True)
    user.groups.add(Group.objects.get(name="writer"))
    return user


@pytest.fixture
def desk(writer):
    client = Client()
    client.force_login(writer)
    return client


@pytest.fixture
def story(writer):
    made = newsroom.article("As saved", owner=writer)
    made.record(by=writer)
    return made


def url(name, story):
    return reverse(f"admin:articles_article_{name}", args=[story.pk])


def keep(desk, story, tab=TAB, number=1, **fields):
    """Autosave as the page of the story does."""
    sent = {"revision": story.revision, "tab": tab, "key": f"{tab}.{number}", "fields": fields}
    answer = desk.post(url("autosave", story), sent, content_type="application/json")
    assert answer.status_code == 200, answer.content


def opened(desk, story, tab=TAB, **more):
    answer = desk.post(url("frame", story), {"tab": tab, **more}, content_type="application/json")
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return answer.json()


def token_of(told):
    return told["address"].removeprefix("https://www.example.com/preview/")


def read(token):
    return Client().get(f"/api/v1/preview/{token}/")


def test_a_frame_shows_what_is_typed_and_without_that_what_is_saved(desk, story):
    told = opened(desk, story)
    assert (told["host"], told["is_here"], told["is_confidential"]) == ("www.example.com", False, False)
    token = token_of(told)
    answer = read(token)
    assert answer.json()["headline"] == "As saved" and answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"] and answer["Referrer-Policy"] == "no-referrer"
    keep(desk, story, headline="As typed", body="<p>New words, <script>x</script>twice.</p>")
    keep(desk, story, tab=OTHER_TAB, headline="In another tab")
    shown = read(token).json()
    assert (shown["headline"], shown["body"][0]["html"]) == ("As typed", "New words, twice.")
    assert read(token_of(opened(desk, story, tab=OTHER_TAB))).json()["headline"] == "In another tab"
    assert token_of(opened(desk, story)) == token


def test_every_field_of_the_page_is_shown_as_it_stands_there(desk, story):
    lead, inside, work = newsroom.photo(), newsroom.photo(), newsroom.work()
    people, authors = (
        [newsroom.person(), newsroom.person("Tavi Lindgren")],
        [newsroom.author(), newsroom.author("Ada Q.")],
    )
    keep(
        desk, story, headline="Typed", standfirst="Two\nlines", label="Exclusive", kind="review", noindex="on",
        body=f'<p>Words.</p><figure data-photo="{inside.pk}"></figure>', section=str(newsroom.section("Music").pk),
        lead_photo=str(lead.pk), lead_caption="Own words", lead_alt="-", review_work=str(work.pk), review_rating="4.5",
        review_scale="5", writers=[str(authors[1].pk)], contributors=[str(authors[0].pk)], tags=[str(newsroom.tag().pk)],
        main_people=[str(people[1].pk)], mentioned_people=[str(people[0].pk)], about_works=[str(work.pk)],
    )  # fmt: skip
    shown = read(token_of(opened(desk, story))).json()
    assert (shown["standfirst"], shown["label"], shown["kind"]) == ("Two lines", "Exclusive", "review")
    assert shown["section"]["name"] == "Music" and shown["flags"]["noindex"] is True
    assert (shown["lead"]["id"], shown["lead"]["caption_html"], shown["lead"]["alt"]) == (str(lead.pk), "Own words", "")
    assert [block["type"] for block in shown["body"]] == ["paragraph", "photo"]
    assert shown["review"]["rating"] == 4.5 and shown["review"]["work"]["title"] == work.title
    assert shown["byline"] == "By Ada Q." and [each["role"] for each in shown["authors"]] == [
        "",
        "additional reporting",
    ]
    assert [(each["name"], each["role"]) for each in shown["people"]] == [
        ("Tavi Lindgren", "main"), ("Mara Okonjo", "mentioned"),
    ]  # fmt: skip
    assert [each["title"] for each in shown["works"]] == [work.title] and len(shown["tags"]) == 1


HOSTILE = [
    "",
    "x",
    "-1",
    "9" * 30,
    "9223372036854775807",
    ["1", "x", []],
    {"a": 1},
    True,
    7,
    "NaN",
    "Infinity",
    "\u202e",
]


def test_whatever_an_autosave_holds_there_is_a_preview(desk, story):
    names = list(desk.get(url("change", story)).context["adminform"].form.fields)
    token = token_of(opened(desk, story))
    for number, value in enumerate(HOSTILE):
        keep(desk, story, number=number, **dict.fromkeys(names, value))
        assert read(token).status_code == 200, value
        assert desk.get(url("preview", story), {"tab": TAB}).status_code == 200, value


def test_a_token_ends_unless_the_page_renews_it(desk, story, clock):
    token = token_of(opened(desk, story))
    clock.shift(LIFE.total_seconds() - 60)
    assert token_of(opened(desk, story)) == token
    clock.shift(LIFE.total_seconds() - 60)
    assert read(token).status_code == 200
    clock.shift(61)
    answer = read(token)
    assert answer.status_code == 410 and "open its preview there again" in answer.json()["detail"]
    assert (fresh := token_of(opened(desk, story))) != token
    assert (read(token).status_code, read(fresh).status_code) == (410, 200)
    clock.shift(LIFE.total_seconds() + 1)
    sweep_logins(timezone.now())
    assert not PreviewFrame.objects.exists() and read(fresh).status_code == 410


ENDINGS = {
    "logged out": lambda user, story, desk: desk.post(reverse("admin:logout")),
    "another password": lambda user, story, desk: (user.set_password("another one"), user.save()),
    "deactivated": lambda user, story, desk: type(user).objects.filter(pk=user.pk).update(is_active=False),
    "no longer at the desk": lambda user, story, desk: type(user).objects.filter(pk=user.pk).update(is_staff=False),
    "without the role": lambda user, story, desk: user.groups.clear(),
    "restricted": lambda user, story, desk: _restrict_to_another(story),
    "discarded": lambda user, story, desk: story.discard(by=None),
    "sealed": lambda user, story, desk: (story.publish(), story.seal(reason="A court order", by=None)),
}


def _restrict_to_another(story):
    other = get_user_model().objects.create_user("other")
    type(story).objects.filter(pk=story.pk).update(owner=other)
    story.restricted_to.add(other)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_token_is_refused_at_once_when_its_editor_may_not_see_the_story(desk, writer, story, ending):
    photo = newsroom.photo()
    keep(desk, story, headline="Typed", body="", lead_photo=str(photo.pk))
    token = token_of(opened(desk, story))
    picture = _address(photo)
    assert read(token).status_code == Client().get(picture, {"preview": token}).status_code == 200
    ENDINGS[ending](writer, story, desk)
    assert read(token).status_code == 410
    assert Client().get(picture, {"preview": token}).status_code in (404, 410)


def _address(photo):
    row = photo.renditions.filter(crop="full", format="jpg").order_by("width").first()
    return f"/photos/{photo.pk}/{row.version}/full-{row.width}.jpg"


def test_photos_that_no_reader_sees_open_for_the_frame_that_shows_them_only(desk, story):
    typed, elsewhere = newsroom.photo(), newsroom.photo()
    keep(desk, story, headline="Typed", body=f'<p>X</p><figure data-photo="{typed.pk}"></figure>')
    token = token_of(opened(desk, story))
    answer = Client().get(_address(typed), {"preview": token})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert Client().get(_address(elsewhere), {"preview": token}).status_code == 404
    assert Client().get(_address(typed)).status_code == 404


def test_a_restricted_story_is_framed_for_those_named_on_it(desk, writer, story, editor):
    story.restricted_to.add(writer)
    told = opened(desk, story)
    assert told["is_confidential"] and read(token_of(told)).status_code == 200
    other = Client()
    other.force_login(editor)
    assert other.post(url("frame", story), {"tab": TAB}, content_type="application/json").status_code == 404


def test_a_token_shows_its_owners_tab_and_no_one_elses(desk, story, editor):
    keep(desk, story, headline="The writer types")
    other = Client()
    other.force_login(editor)
    assert read(token_of(opened(other, story))).json()["headline"] == "As saved"


def test_previews_write_nothing_but_the_frame_itself(desk, story):
    keep(desk, story, headline="Typed", body=newsroom.body(newsroom.photo()))
    tables = (AuditEntry, Delivery, LiveDocument, Usage, Version, TabAutosave, PreviewFrame)
    token, before = token_of(opened(desk, story)), [model.objects.count() for model in tables]
    with CaptureQueriesContext(connection) as asked:
        assert read(token).status_code == 200
    assert all(each["sql"].startswith("SELECT") for each in asked.captured_queries)
    assert len(asked.captured_queries) <= MOST_STATEMENTS, len(asked.captured_queries)
    desk.get(url("preview", story), {"tab": TAB})
    assert [model.objects.count() for model in tables] == before


def test_many_photos_and_names_cost_no_more_statements(desk, story):
    counts = []
    for number in (1, 6):
        photos = [newsroom.photo(seed=each) for each in range(number)]
        people = [str(newsroom.person(f"Person {each}").pk) for each in range(number)]
        keep(desk, story, number=number, headline="Typed", body=newsroom.body(*photos), main_people=people)
        token = token_of(opened(desk, story))
        for ask in (lambda: read(token), lambda: desk.get(url("preview", story), {"tab": TAB})):
            with CaptureQueriesContext(connection) as asked:
                assert ask().status_code == 200
            counts.append(len(asked.captured_queries))
    assert counts[2:] == counts[:2]


def test_renewing_is_a_few_statements_and_one_editor_has_so_many_frames(desk, story, django_assert_max_num_queries):
    opened(desk, story)
    with django_assert_max_num_queries(16):
        opened(desk, story)
    for number in range(MOST_FRAMES + 5):
        opened(desk, story, tab=f"tab {number}")
    assert PreviewFrame.objects.count() == MOST_FRAMES


def test_the_database_alone_opens_no_frame(desk, story):
    token = token_of(opened(desk, story))
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM articles_previewframe")
        stored = cursor.fetchone()[0]
    assert token not in stored and read(stored).status_code == 404 and read(stored[1:]).status_code == 404


def test_ended_tokens_are_not_counted_as_guesses_and_guesses_are(desk, story, clock):
    cache.clear()
    token = token_of(opened(desk, story))
    clock.shift(LIFE.total_seconds() + 1)
    assert {read(token).status_code for _ in range(130)} == {410}
    assert [read("guess").status_code for _ in range(121)][-1] == 429
    cache.clear()


@pytest.mark.parametrize("sent", [b"", b"[]", b"{}", b'{"tab": "\\u0000"}'])
def test_a_frame_of_no_tab_is_refused_in_a_sentence(desk, story, sent):
    answer = desk.post(url("frame", story), sent, content_type="application/json")
    assert answer.status_code == 400 and "Reload the page" in answer.json()["sentence"]
    assert desk.get(url("frame", story)).status_code == 405


# Our own page


def test_our_own_preview_shows_unsaved_text_and_may_be_framed_by_the_desk_alone(desk, story, settings):
    settings.PREVIEW_URL_TEMPLATE = ""
    keep(desk, story, headline="As typed", body="<p>Typed words.</p>")
    told = opened(desk, story, ask=True)
    assert told["is_here"] and told["may_frame"] and not PreviewFrame.objects.exists()
    framed, alone = desk.get(told["address"]), desk.get(told["tab"])
    for page in (framed, alone):
        assert "As typed" in page.content.decode() and "Typed words." in page.content.decode()
        assert page["X-Frame-Options"] == "SAMEORIGIN" and "frame-ancestors 'self'" in page["Content-Security-Policy"]
        assert "no-store" in page["Cache-Control"]
    assert "Back to the text" in alone.content.decode() and "Back to the text" not in framed.content.decode()
    assert "As saved" in desk.get(url("preview", story)).content.decode()
    assert "frame-ancestors 'none'" in desk.get(url("publishing", story))["Content-Security-Policy"]


KINDS = (
    '<figure data-photo="{0}"><figcaption>Inside</figcaption></figure>'
    '<div data-gallery="" data-title="The night"><figure data-photo="{0}"></figure></div>'
    '<div data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></div><aside data-pull-quote=""><p>Pulled</p></aside><hr>'
)


def test_our_own_preview_is_what_readers_see(desk, story, editor):
    lead = newsroom.photo(caption="On the carpet.", line="Photo by Petra Lindqvist/Getty Images")
    story.publish(by=editor)
    story.publish(by=editor, kind="correction", public_note="An earlier version named the wrong film.")
    desk.force_login(editor)
    keep(
        desk,
        story,
        headline="Typed",
        lead_photo=str(lead.pk),
        standfirst="Why",
        body=KINDS.format(lead.pk),
        breaking="on",
    )
    page = desk.get(url("preview", story), {"tab": TAB}).content.decode()
    for words in (
        "Why",
        "On the carpet.",
        "Petra Lindqvist/Getty Images",
        "Inside",
        "The night",
        "By June Castellane",
        "the wrong film",
    ):
        assert words in page, words
    assert "JSON" not in page and str(story.pk) not in page.replace(f"/article/{story.pk}/", "")
    assert page.count("<figure") == 3 and f"/admin/media/photo/{lead.pk}/thumb/1280/?v=" in page


# What the page of the story may frame


def test_the_page_of_a_story_frames_the_sites_front_ends_and_nothing_else(desk, story, settings):
    story.site.preview_url_template = "https://desk:secret@title.example.com:8443/p/?token={token}"
    story.site.save()
    policy = desk.get(url("change", story))["Content-Security-Policy"]
    assert "frame-src 'self' https://title.example.com:8443 https://www.example.com;" in policy
    assert "secret" not in policy
    other = desk.get(reverse("admin:index"))["Content-Security-Policy"]
    assert "frame-src 'self';" in other and "example.com" not in other


BY = "https://cms.example.com/admin/"
HEADERS = [
    ({}, True),
    ({"X-Frame-Options": "DENY"}, False),
    ({"X-Frame-Options": "sameorigin"}, False),
    ({"X-Frame-Options": "DENY", "Content-Security-Policy": "frame-ancestors https://cms.example.com"}, True),
    ({"Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'"}, False),
    ({"Content-Security-Policy": "frame-ancestors 'self'"}, False),
    ({"Content-Security-Policy": "frame-ancestors 'self' *.example.com"}, True),
    ({"Content-Security-Policy": "frame-ancestors https:"}, True),
    ({"Content-Security-Policy": "frame-ancestors http://cms.example.com:*"}, True),
    ({"Content-Security-Policy": "frame-ancestors https://cms.example.com:8443"}, False),
    ({"Content-Security-Policy": "frame-ancestors"}, False),
    ({"Content-Security-Policy": "default-src 'self'"}, True),
]


@pytest.mark.parametrize(("headers", "may"), HEADERS, ids=str)
def test_headers_of_a_front_end_are_read_as_browsers_do(headers, may):
    assert framing.allows(httpx.Headers(headers), "https://www.example.com/preview/x/", BY) is may


@pytest.mark.parametrize(("path", "by"), [("/reader/?preview=x", "'self'"), ("/reader/", "'none'")])
def test_the_example_reader_may_be_framed_by_the_desk_as_a_preview_alone(client, settings, path, by):
    settings.READER_EXAMPLE = True
    answer = client.get(path)
    assert f"frame-ancestors {by}" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == ("SAMEORIGIN" if "preview" in path else "DENY")


def test_addresses_that_are_asked_are_not_logged():
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)


def test_what_lies_in_our_own_network_is_not_asked(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    assert framing.may_frame("http://127.0.0.1:9/preview/x/", BY) is None
    assert framing.may_frame("no address", BY) is None
