"""Feeds: readable by any reader, true to rights and credits, gone when the story is gone."""

import io
import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone
from PIL import Image

from articles.models import Person
from articles.text import block_html
from media.models import Right, Site

from . import feed_rules, newsroom
from .feed_rules import ATOM, MEDIA, is_address

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


ADDRESSES = [f"{place}{query}" for place in ("/feeds/", "/feeds/person/mara-okonjo/") for query in ("", "?full=1")]


def rules_of(client, format: str, address: str) -> list[str]:
    """Return what a feed breaks of the rules of its format."""
    place, _, query = address.partition("?")
    found = client.get(f"{place}{format}?{query}")
    assert found.status_code == 200
    return list(RULES[format](found.json() if format == "feed.json" else ElementTree.fromstring(found.content)))


RULES = {"rss.xml": feed_rules.rss, "feed.json": feed_rules.json_feed}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("format", list(RULES))
def test_feeds_keep_the_rules_of_their_formats(client, story, format, address):
    site = Site.objects.get()
    site.logo_url, site.logo_width, site.logo_height = "https://www.example.com/logo.png", 144, 40
    site.save()
    newsroom.article("Another", slug="another", people=[newsroom.person()]).publish(now=timezone.now())
    assert rules_of(client, format, address) == []


@pytest.mark.parametrize("size", [(None, None), (600, 60), (100, 401), (144, 400)])
@pytest.mark.parametrize("logo", ["", "https://www.example.com/a.svg", "https://www.example.com/a.jpeg?v=1"])
def test_the_logo_is_said_as_rss_allows(client, story, logo, size):
    site = Site.objects.get()
    site.logo_url, (site.logo_width, site.logo_height) = logo, size
    site.save()
    assert rules_of(client, "rss.xml", "/feeds/") == []
    image = ElementTree.fromstring(client.get("/feeds/rss.xml").content).find("channel/image")
    assert (image is not None) == logo.endswith("?v=1")
    if image is not None:
        assert (image.find("width") is not None) == (size == (144, 400))
    assert (feedparser.parse(client.get("/feeds/atom.xml").content).feed.get("logo") or "") == (
        logo if image is not None else ""
    )


BREAKS = {
    r"<title>.*?</title>": "", r"<ttl>\d+</ttl>": "<ttl>soon</ttl>", r'rel="self"': 'rel="alternate"',
    r"<language>en-US": "<language>American", r"<link>https://www.example.com/film": "<link>/film",
    r" GMT</pubDate>": "</pubDate>", r"&amp;lt;it": "&lt;it", r'isPermaLink="false"': "", r"<guid.*?</guid>": "",
    r"<media:thumbnail[^>]*/>": "", r"media:title": "media:text", r'medium="image"': 'medium="picture"',
    r"https://cms.example.com/photos": "/photos", r"</item>": "<author>June</author></item>",
}  # fmt: skip


@pytest.mark.parametrize("pattern", list(BREAKS))
def test_the_rules_find_what_breaks_them(client, story, pattern):
    text = client.get("/feeds/rss.xml?full=1").content.decode()
    assert not list(feed_rules.rss(ElementTree.fromstring(text)))
    broken = re.sub(pattern, BREAKS[pattern], text)
    assert broken != text and list(feed_rules.rss(ElementTree.fromstring(broken)))


@pytest.mark.parametrize(
    "change",
    [
        {"version": "https://jsonfeed.org/version/1"}, {"title": None}, {"author": {"name": "x"}}, {"language": "American"},
        {"home_page_url": "/"}, {"site": "x"}, {"items": [{"id": "1", "url": "https://a.example/"}]},
        {"items": [{"id": "1", "url": "https://a.example/", "content_text": "x"}] * 2}, {"authors": [{}]},
        {"items": [{"id": 1, "url": "https://a.example/", "content_text": "x"}]},
        {"items": [{"id": "1", "url": "https://a.example/", "content_text": "x", "date_published": "yesterday"}]},
        {"items": [{"id": "1", "url": "https://a.example/", "content_html": '<img src="/a.jpg">'}]},
        {"items": [{"id": "1", "url": "https://a.example/", "content_text": "x", "attachments": [{"url": "https://a.example/"}]}]},
    ],
)  # fmt: skip
def test_the_rules_of_json_feed_find_what_breaks_them(client, story, change):
    feed = client.get("/feeds/feed.json").json()
    assert not list(feed_rules.json_feed(feed))
    assert list(feed_rules.json_feed(feed | change))


def test_media_rss_says_of_a_photo_what_it_shows_and_who_took_it(client, story):
    content = ElementTree.fromstring(client.get("/feeds/rss.xml").content).find(f"channel/item/{MEDIA}content")
    said = {child.tag.removeprefix(MEDIA): child.text for child in content}
    assert said["title"] == "A woman in a red dress on a red carpet." and said["description"] == "Mara & Co."
    assert said["credit"] == "Photo by Petra Lindqvist/Getty Images for StreamCo" and "text" not in said
    thumbnail = content.find(f"{MEDIA}thumbnail")
    answer = client.get(thumbnail.get("url"))
    shown = Image.open(io.BytesIO(b"".join(answer.streaming_content))).size
    assert shown == (int(thumbnail.get("width")), int(thumbnail.get("height")))


# Languages


@pytest.fixture
def german(story):
    made = newsroom.article("Auf Deutsch", slug="deutsch", locale="de-DE", people=[newsroom.person()])
    made.publish(now=timezone.now())
    return made


def languages(client, address: str) -> dict[str, str]:
    """Return the language of each item of a JSON feed by the end of its address."""
    return {item["url"].split("/")[-2]: item["language"] for item in client.get(address).json()["items"]}


@pytest.mark.parametrize("place", ["/feeds/", "/feeds/person/mara-okonjo/", "/feeds/section/film/"])
def test_a_feed_is_in_one_language_that_of_the_title_or_the_one_asked_for(client, german, place):
    assert languages(client, f"{place}feed.json") == {"awkward": "en-US"}
    assert languages(client, f"{place}feed.json?locale=de-DE") == {"deutsch": "de-DE"}
    assert languages(client, f"{place}feed.json?locale=de") == {"deutsch": "de-DE"}
    assert languages(client, f"{place}feed.json?locale=fr-FR") == {}
    assert client.get(f"{place}feed.json?locale=german!").status_code == 400


def test_every_format_says_its_language_and_that_of_its_items(client, german):
    for locale, query in (("en-US", ""), ("de-DE", "?locale=de-DE")):
        channel = ElementTree.fromstring(client.get(f"/feeds/rss.xml{query}").content).find("channel")
        assert channel.findtext("language") == channel.findtext(f"item/{feed_rules.DC}language") == locale
        feed, lang = (
            ElementTree.fromstring(client.get(f"/feeds/atom.xml{query}").content),
            "{http://www.w3.org/XML/1998/namespace}lang",
        )
        assert feed.get(lang) == feed.find(f"{ATOM}entry").get(lang) == locale
        found = client.get(f"/feeds/feed.json{query}").json()
        assert found["language"] == found["items"][0]["language"] == locale


# Whose host


@pytest.mark.parametrize("ask", [{"host": "www.example.com"}, {}])
@pytest.mark.parametrize("format", FORMATS)
def test_a_feed_names_its_own_address_under_whatever_host_it_is_asked_for(client, story, settings, format, ask):
    settings.ALLOWED_HOSTS = ["cms.example.com", "www.example.com"]
    path, query = f"/feeds/person/mara-okonjo/{format}", "?full=1" if ask else "?full=1&host=www.example.com"
    own = client.get(f"{path}{query}", headers=ask or {"host": "cms.example.com"}).content.decode()
    at_cms = client.get(f"{path}?full=1", headers={"host": "cms.example.com"}).content.decode()
    assert f"https://www.example.com{path}?full=1" in own and f"{PUBLIC}{path}" not in own
    assert f"{PUBLIC}{path}?full=1" in at_cms
    assert own.replace(f"https://www.example.com{path}", f"{PUBLIC}{path}") == at_cms.replace(
        f"https://www.example.com{path}", f"{PUBLIC}{path}"
    )


def test_an_atom_feed_keeps_its_id_under_every_host(client, story, settings):
    settings.ALLOWED_HOSTS = ["cms.example.com", "www.example.com"]
    found = {
        feedparser.parse(client.get("/feeds/atom.xml", headers={"host": host}).content).feed.id
        for host in settings.ALLOWED_HOSTS
    }
    assert found == {"https://www.example.com/feeds/atom.xml"}


def test_a_title_has_a_feed_of_its_own_under_its_host(client, story, settings):
    settings.ALLOWED_HOSTS = ["*"]
    other = Site.objects.create(name="The Other", url_template="https://www.example.org{path}", locale="en-US")
    there = newsroom.article("There", slug="there")
    there.site = other
    there.save()
    there.publish()
    for host, title, slugs in (
        ("www.example.com", "Marquee Daily", {"awkward"}), ("www.example.org", "The Other", {"there"}),
        ("cms.example.com", "Marquee Daily", {"awkward", "there"}),
    ):  # fmt: skip
        found = client.get("/feeds/feed.json", headers={"host": host}).json()
        assert found["title"] == title and {item["url"].split("/")[-2] for item in found["items"]} == slugs
    other.channels = ["web"]
    other.save()
    assert client.get("/feeds/feed.json", headers={"host": "www.example.org"}).status_code == 404
    assert client.get("/feeds/feed.json", headers={"host": "www.example.com"}).status_code == 200


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
