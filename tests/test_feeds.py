"""Feeds: readable by any reader, true to rights and credits, gone when the story is gone."""

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone

from articles.models import Person
from articles.text import block_html
from media.models import Right

from . import newsroom

pytestmark = pytest.mark.django_db
PUBLIC = "https://cms.example.com"
FORMATS = ("rss.xml", "atom.xml", "feed.json")
AWKWARD = "“Tom & Jerry” <3 \x0bvertical ]]> & an emoji 🎬"


@pytest.fixture(autouse=True)
def ground(settings):
    settings.PUBLIC_URL = PUBLIC


@pytest.fixture
def story(db):
    newsroom.site()
    lead, inside = newsroom.photo(caption="Mara & Co."), newsroom.photo(line="REUTERS/Tom Vale")
    made = newsroom.article(
        AWKWARD.replace("\x0b", ""), slug="awkward", standfirst="She said: <it> & that.", lead=lead, photos=[inside],
        people=[newsroom.person()], works=[newsroom.work()], tags=[newsroom.tag()],
    )  # fmt: skip
    made.publish(now=timezone.now() - timedelta(minutes=5))
    return made


def parsed(client, address: str):
    answer = client.get(address)
    assert answer.status_code == 200
    found = feedparser.parse(answer.content, response_headers={"content-type": answer["Content-Type"]})
    assert not found.bozo, found.get("bozo_exception")
    return found


@pytest.mark.parametrize("format", ["rss.xml", "atom.xml"])
@pytest.mark.parametrize("query", ["", "?full=1"])
def test_xml_feeds_are_read_without_complaint(client, story, format, query):
    found = parsed(client, f"/feeds/{format}{query}")
    entry = found.entries[0]
    assert found.version == {"rss.xml": "rss20", "atom.xml": "atom10"}[format]
    assert found.feed.title == "Marquee Daily" and found.feed.link == "https://www.example.com/"
    assert entry.id.endswith(str(story.pk))
    assert entry.link == "https://www.example.com/film/awkward/"
    assert "Tom & Jerry" in entry.title.replace("&amp;", "&")
    assert entry.author == "June Castellane"
    assert {"Film", "Mara Okonjo", "The Glass Orchard"} <= {tag.term for tag in entry.tags}
    assert entry.media_content[0]["url"].startswith(f"{PUBLIC}/photos/")
    assert entry.media_credit[0]["content"] == "Photo by Petra Lindqvist/Getty Images for StreamCo"
    assert ("And then the lights went" in str(entry)) == bool(query)


def test_dates_are_those_of_the_standards(client, story):
    published = story.published_at().replace(microsecond=0)
    rss = feedparser.parse(client.get("/feeds/rss.xml").content)
    assert parsedate_to_datetime(rss.entries[0].published) == published
    assert parsedate_to_datetime(rss.feed.updated)
    atom = feedparser.parse(client.get("/feeds/atom.xml").content)
    item = client.get("/feeds/feed.json").json()["items"][0]
    for text in (atom.entries[0].published, atom.entries[0].updated, atom.feed.updated, item["date_published"]):
        assert datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0) == published


ATOM, MEDIA = "{http://www.w3.org/2005/Atom}", "{http://search.yahoo.com/mrss/}"


def is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and text.isascii() and " " not in text


@pytest.mark.parametrize("query", ["", "?full=1"])
def test_rss_keeps_the_rules_of_the_validators(client, story, query):
    """What the W3C's validator asks of RSS 2.0 and of Media RSS, as far as it can be seen without a network."""
    newsroom.article("Another", slug="another").publish(now=timezone.now())
    channel = ElementTree.fromstring(client.get(f"/feeds/rss.xml{query}").content).find("channel")
    assert channel.findtext("title") and channel.findtext("description") and is_address(channel.findtext("link"))
    assert re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", channel.findtext("language"))
    itself = channel.find(f"{ATOM}link")
    assert (itself.get("rel"), itself.get("type")) == ("self", "application/rss+xml")
    assert itself.get("href") == f"{PUBLIC}/feeds/rss.xml{query}"
    items = channel.findall("item")
    assert len({item.findtext("guid") for item in items}) == len(items) == 2
    for item in items:
        assert item.findtext("title") and item.findtext("description") and is_address(item.findtext("link"))
        assert item.find("guid").get("isPermaLink") == "false" and item.findtext("pubDate").endswith(" GMT")
        assert [child.tag for child in item].count("pubDate") == 1 and item.find("author") is None
        for content in item.iter(f"{MEDIA}content"):
            assert is_address(content.get("url")) and content.get("type") == "image/jpeg"
            assert content.get("medium") == "image" and int(content.get("width")) and int(content.get("height"))


@pytest.mark.parametrize("query", ["", "?full=1"])
def test_atom_keeps_the_rules_of_the_validators(client, story, query):
    """What RFC 4287 and the W3C's validator ask of a feed and its entries."""
    newsroom.article("Another", slug="another").publish(now=timezone.now())
    feed = ElementTree.fromstring(client.get(f"/feeds/atom.xml{query}").content)
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"{PUBLIC}/feeds/atom.xml{query}" and is_address(links["alternate"])
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids) == 2 and all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", each) for each in ids)
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{name}") and len(element.findall(f"{ATOM}{name}")) == 1
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated")).tzinfo
        assert element.find(f"{ATOM}author/{ATOM}name").text
        alternates = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternates) == 1 and is_address(alternates[0].get("href"))
    for entry in feed.findall(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}summary") or entry.find(f"{ATOM}content").get("type") == "html"


def test_json_feed_holds_what_its_version_demands(client, story):
    answer = client.get("/feeds/feed.json")
    found = answer.json()
    assert answer["Content-Type"].startswith("application/feed+json")
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["title"] and found["feed_url"] == f"{PUBLIC}/feeds/feed.json"
    item = found["items"][0]
    assert item["id"] == str(story.pk) and item["content_text"] == "She said: <it> & that."
    assert item["authors"] == [{"name": "June Castellane"}]
    assert item["attachments"][0]["mime_type"] == "image/jpeg"
    assert "Photo by Petra Lindqvist" in item["attachments"][0]["title"]
    full = client.get("/feeds/feed.json?full=1").json()["items"][0]
    assert "content_text" not in full and "lights went <strong>down</strong>" in full["content_html"]


def test_a_full_text_shows_every_photo_with_its_credit_and_absolute_addresses(client, story):
    html = client.get("/feeds/feed.json?full=1").json()["items"][0]["content_html"]
    assert html.count("<figure>") == 2
    assert "Photo by Tom Vale/REUTERS" in html and "Petra Lindqvist/Getty Images" in html
    assert html.count(f'src="{PUBLIC}/photos/') == 2 and 'src="/' not in html
    assert "&lt;it&gt; &amp; that" in html


@pytest.mark.parametrize("format", FORMATS)
def test_there_is_a_feed_per_section_person_work_author_and_tag(client, story, format):
    newsroom.article("Other", slug="other", section=newsroom.section("Music")).publish(now=timezone.now())
    for noun, slug in (
        ("section", "film"), ("person", "mara-okonjo"), ("work", "the-glass-orchard"), ("tag", "festival-season"),
    ):  # fmt: skip
        body = client.get(f"/feeds/{noun}/{slug}/{format}").content.decode()
        assert "awkward" in body and "/other/" not in body
    both = client.get(f"/feeds/author/june-castellane/{format}").content.decode()
    assert "awkward" in both and "/other/" in both


def test_an_earlier_slug_leads_to_the_present_feed(client, story):
    person = Person.objects.get()
    person.slug = "mara-okonjo-vale"
    person.save()
    answer = client.get("/feeds/person/mara-okonjo/rss.xml")
    assert answer.status_code == 301 and answer["Location"] == "/feeds/person/mara-okonjo-vale/rss.xml"


@pytest.mark.parametrize(
    "address",
    ["/feeds/section/nowhere/rss.xml", "/feeds/planet/film/rss.xml", "/feeds/section/film/rss.txt", "/feeds/x"],
)
def test_what_is_no_feed_answers_404(client, story, address):
    assert client.get(address).status_code == 404


def test_an_unknown_parameter_is_refused(client, story):
    assert client.get("/feeds/rss.xml?colour=red").status_code == 400
    assert client.get("/feeds/rss.xml?full=maybe").status_code == 400


@pytest.mark.parametrize("format", FORMATS)
def test_photos_without_the_feed_channel_are_left_out(client, db, format):
    lead, inside = newsroom.photo(), newsroom.photo(line="REUTERS/Tom Vale")
    for photo in (lead, inside):
        Right.objects.create(photo=photo, effect="deny", channels=["feed"])
    newsroom.article("Rights", slug="rights", lead=lead, photos=[inside]).publish(now=timezone.now())
    assert client.get("/api/v1/articles/rights/").json()["lead"]
    for query in ("", "?full=1"):
        body = client.get(f"/feeds/{format}{query}").content.decode()
        assert "Rights" in body and "/photos/" not in body and "Tom Vale" not in body


@pytest.mark.parametrize("format", FORMATS)
def test_a_killed_photo_leaves_the_feeds_at_once(client, story, format):
    assert "/photos/" in client.get(f"/feeds/{format}?full=1").content.decode()
    story.lead_photo.kill(by=None, reason="test", at=timezone.now())
    body = client.get(f"/feeds/{format}?full=1").content.decode()
    assert str(story.lead_photo.pk) not in body and "awkward" in body


@pytest.mark.parametrize("format", FORMATS)
def test_drafts_scheduled_and_withdrawn_stories_are_in_no_feed(client, story, editor, format):
    newsroom.article("A draft", slug="draft")
    newsroom.article("Planned", slug="planned").publish(now=timezone.now(), at=timezone.now() + timedelta(hours=1))
    story.withdraw(by=editor, reason="wrong", now=timezone.now())
    body = client.get(f"/feeds/{format}").content.decode()
    assert not any(word in body for word in ("awkward", "draft", "planned"))


@pytest.mark.parametrize("format", FORMATS)
def test_feeds_answer_304_until_something_changes(client, story, format):
    first = client.get(f"/feeds/{format}")
    again = client.get(f"/feeds/{format}", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and first["Cache-Control"].startswith("public, max-age=")
    newsroom.article("Another", slug="another").publish(now=timezone.now())
    assert client.get(f"/feeds/{format}", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_no_cache_keeps_a_feed_past_the_end_of_a_story(client, db):
    now = timezone.now()
    newsroom.article("Short", slug="short").publish(now=now, ends=now + timedelta(seconds=20))
    ages = client.get("/feeds/rss.xml")["Cache-Control"].split(", ")
    assert all(int(age.split("=")[1]) <= 20 for age in ages if "=" in age)


def test_a_feed_costs_the_same_however_many_stories_it_has(client, db, django_assert_max_num_queries):
    for number in range(12):
        newsroom.article(f"Story {number}", slug=f"story-{number}").publish(now=timezone.now())
    for address in ("/feeds/rss.xml", "/feeds/atom.xml?full=1", "/feeds/section/film/feed.json"):
        with django_assert_max_num_queries(4):
            client.get(address)


def test_an_empty_site_has_valid_feeds(client, db):
    newsroom.site()
    assert parsed(client, "/feeds/atom.xml").entries == []
    assert json.loads(client.get("/feeds/feed.json").content)["items"] == []


def test_every_kind_of_block_becomes_html():
    blocks = [
        {"type": "paragraph", "html": "A"}, {"type": "heading", "level": 3, "html": "B"},
        {"type": "quote", "html": "C", "cite": "D & E"}, {"type": "pull_quote", "html": "F", "cite": None},
        {"type": "list", "ordered": True, "items": [{"html": "G", "ordered": False, "items": [{"html": "H", "items": [], "ordered": False}]}]},
        {"type": "embed", "url": "https://example.com/?a=1&b=2", "fallback_text": ""}, {"type": "divider"},
        {"type": "notice", "text": "I"}, {"type": "something_new"},
    ]  # fmt: skip
    assert block_html.html_of(blocks).split("\n") == [
        "<p>A</p>", "<h3>B</h3>", "<blockquote><p>C</p><footer>D &amp; E</footer></blockquote>",
        "<blockquote><p>F</p></blockquote>", "<ol><li>G<ul><li>H</li></ul></li></ol>",
        '<p><a href="https://example.com/?a=1&amp;b=2">https://example.com/?a=1&amp;b=2</a></p>', "<hr>",
        "<p><em>I</em></p>",
    ]  # fmt: skip
