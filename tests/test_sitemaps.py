"""What search engines are told to read: valid, complete, each address once, nothing that is not live."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import xmlschema
from django.core.cache import cache
from django.utils import timezone

from articles.api import sitemaps
from articles.api.sitemaps import language
from articles.models import LiveDocument
from media.models import Site

from . import newsroom
from .npm_packages import fetched

pytestmark = pytest.mark.django_db
STANDARDS = Path(__file__).parent / "data" / "standards"
SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
PUBLIC, OWN, OTHER = "https://cms.example.com", "https://www.example.com", "https://www.example.org"


@pytest.fixture(autouse=True)
def ground(settings):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = (
        PUBLIC,
        [urlsplit(each).netloc for each in (PUBLIC, OWN, OTHER)] + ["testserver"],
    )
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def schema():
    return xmlschema.XMLSchema(STANDARDS / "sitemap.xsd")


def read(client, address: str):
    answer = client.get(address.removeprefix(PUBLIC), headers={"host": "cms.example.com"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml"
    return ElementTree.fromstring(answer.content)


def places(node) -> list[str]:
    return [each.text for each in node.findall(".//s:loc", SPACES)]


def publish(slug, *, ago=timedelta(hours=1), **fields):
    now = timezone.now() - ago
    made = newsroom.article(f"About {slug}", slug=slug, **fields)
    made.publish(now=now)
    return made


def test_every_sitemap_validates(client, schema):
    lead = newsroom.photo(caption="“Q&A” <at> the premiere.", web_statement="https://www.example.com/license")
    publish("one", lead=lead, people=[newsroom.person()], works=[newsroom.work()])
    index = read(client, "/sitemap.xml")
    schema.validate(index)
    names = [address.removeprefix(f"{PUBLIC}/sitemap-") for address in places(index)]
    assert names == ["news.xml", "articles.xml", "sections.xml", "people.xml", "works.xml", "authors.xml"]
    for address in places(index):
        schema.validate(read(client, address))


def test_each_language_of_a_story_names_all_of_them(client, schema):
    original = publish("one", locale="en-US")
    sibling = publish("eins", locale="de-DE", translation_of=original)
    publish("alone")
    # What is stale is rendered for its next reader, or by a worker.
    client.get("/api/v1/articles/one/")
    page = read(client, "/sitemap-articles.xml")
    schema.validate(page)
    told = {
        url.find("s:loc", SPACES).text: {
            link.get("hreflang"): link.get("href") for link in url.findall("{http://www.w3.org/1999/xhtml}link")
        }
        for url in page.findall("s:url", SPACES)
    }  # fmt: skip
    both = {"en-US": "https://www.example.com/film/one/", "de-DE": "https://www.example.com/film/eins/"}
    assert told == {both["en-US"]: both, both["de-DE"]: both, "https://www.example.com/film/alone/": {}}
    sibling.withdraw(reason="test")
    assert not read(client, "/sitemap-articles.xml").findall(".//{http://www.w3.org/1999/xhtml}link")


def test_addresses_are_those_of_the_front_end_and_photos_carry_their_credit(client):
    lead = newsroom.photo(caption="“Q&A” <at> the premiere.", web_statement="https://www.example.com/license")
    publish("one", lead=lead)
    page = read(client, "/sitemap-articles.xml")
    assert places(page) == ["https://www.example.com/film/one/"]
    image = page.find(".//image:image", SPACES)
    assert image.find("image:loc", SPACES).text.startswith(f"{PUBLIC}/photos/{lead.pk}/")
    assert image.find("image:caption", SPACES).text == (
        "“Q&A” <at> the premiere. Photo by Petra Lindqvist/Getty Images for StreamCo"
    )
    assert image.find("image:license", SPACES).text == "https://www.example.com/license"
    assert places(read(client, "/sitemap-sections.xml")) == ["https://www.example.com/film/"]


def test_every_photo_of_a_page_is_listed_once(client, schema):
    lead, inside, *shown = (newsroom.photo() for _ in range(4))
    figures = "".join(f'<figure data-photo="{photo.pk}"></figure>' for photo in [*shown, lead])
    gallery = f'<div data-gallery="" data-title="Looks">{figures}</div>'
    publish("one", lead=lead, body=newsroom.body(inside) + gallery)
    page = read(client, "/sitemap-articles.xml")
    listed = [each.text.split("/")[4] for each in page.findall(".//image:loc", SPACES)]
    assert sorted(listed) == sorted(str(photo.pk) for photo in (lead, inside, *shown))
    schema.validate(page)


def test_the_published_schema_of_sitemaps_holds_too(client):
    """The package “sitemap” of npm carries the schema of sitemaps.org; those of Google's extensions are our own."""
    own = {SPACES[name]: str(STANDARDS / f"{name}.xsd") for name in ("image", "news")}
    published = xmlschema.XMLSchema(
        fetched(STANDARDS) / "node_modules" / "sitemap" / "schema" / "sitemap.xsd", locations=own
    )
    publish("one", lead=newsroom.photo(), people=[newsroom.person()], works=[newsroom.work()])
    for address in places(read(client, "/sitemap.xml")):
        published.validate(read(client, address))
    wrong = read(client, "/sitemap-articles.xml")
    wrong.find(".//s:lastmod", SPACES).text = "yesterday"
    assert not published.is_valid(wrong)


def test_pages_hold_each_article_once_and_no_more_than_fit(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "PAGE", 3)
    at = timedelta(days=3)
    made = {publish(f"story-{number}", ago=at - timedelta(minutes=number // 2)).slug for number in range(8)}
    pages = [address for address in places(read(client, "/sitemap.xml")) if "-articles" in address]
    listed = [places(read(client, address)) for address in pages]
    assert [len(page) for page in listed] == [3, 3, 2]
    assert sorted(address for page in listed for address in page) == sorted(
        f"https://www.example.com/film/{slug}/" for slug in made
    )


def test_a_page_costs_one_statement_wherever_it_begins(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(sitemaps, "PAGE", 2)
    for number in range(6):
        publish(f"story-{number}", ago=timedelta(days=number + 3))
    for address in places(read(client, "/sitemap.xml")):
        if "-articles" in address:
            with django_assert_num_queries(1):
                read(client, address)


def test_only_what_may_be_indexed_is_listed(client, editor):
    publish("plain")
    publish("hidden", noindex=True)
    publish("elsewhere", canonical_url="https://partner.example.com/story/")
    publish("coming").slug
    newsroom.article("A draft", slug="draft")
    newsroom.article("Planned", slug="planned").publish(now=timezone.now(), at=timezone.now() + timedelta(hours=1))
    publish("gone").withdraw(by=editor, reason="wrong", now=timezone.now())
    slugs = {address.split("/")[-2] for address in places(read(client, "/sitemap-articles.xml"))}
    assert slugs == {"plain", "coming"}
    assert {address.split("/")[-2] for address in places(read(client, "/sitemap-news.xml"))} == {"plain", "coming"}


def test_news_are_those_of_the_last_two_days(client):
    publish("today")
    publish("old", ago=timedelta(hours=49))
    page = read(client, "/sitemap-news.xml")
    assert places(page) == ["https://www.example.com/film/today/"]
    assert page.find(".//news:name", SPACES).text == "Marquee Daily"
    assert page.find(".//news:language", SPACES).text == "en"
    assert page.find(".//news:title", SPACES).text == "About today"


def test_a_killed_photo_is_in_no_sitemap(client):
    lead = newsroom.photo()
    publish("one", lead=lead)
    lead.kill(by=None, reason="test", at=timezone.now())
    assert read(client, "/sitemap-articles.xml").find(".//image:image", SPACES) is None


def test_an_empty_site_has_an_empty_index(client):
    newsroom.site()
    assert places(read(client, "/sitemap.xml")) == []


@pytest.mark.parametrize("part", ["nothing", "articles-nonsense", "people-%21", "news-1", "articles-"])
def test_what_is_no_page_answers_404_or_the_page(client, part):
    assert client.get(f"/sitemap-{part}.xml").status_code in ((200,) if part == "articles-" else (404,))


def test_sitemaps_answer_304(client):
    publish("one")
    etag = client.get("/sitemap-articles.xml")["ETag"]
    assert client.get("/sitemap-articles.xml", headers={"If-None-Match": etag}).status_code == 304


def test_languages_are_written_as_google_news_wants_them():
    assert [language(each) for each in ("en-US", "de", "zh-Hant-TW", "zh-CN")] == ["en", "de", "zh-tw", "zh-cn"]


# Whose host


def passed_on(client, address: str):
    """Ask as a proxy at the title's host does that passes the Host header on."""
    parts = urlsplit(address)
    return client.get(parts.path, headers={"host": parts.netloc})


def rewritten(client, address: str):
    """Ask as a front end does that rewrites the path and says the host in the query."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?host={parts.netloc}", headers={"host": "cms.example.com"})


def crawl(client, ask, index: str, schema) -> dict[str, list[str]]:
    """Read an index and each sitemap it names as a crawler that was led to it; all must be on the index's host."""
    found = {}
    answer = ask(client, index)
    assert answer.status_code == 200
    node = ElementTree.fromstring(answer.content)
    schema.validate(node)
    for address in places(node):
        assert address.startswith("{0.scheme}://{0.netloc}/".format(urlsplit(index)))
        part = ElementTree.fromstring(ask(client, address).content)
        schema.validate(part)
        found[urlsplit(address).path] = places(part)
    return found


@pytest.mark.parametrize("ask", [passed_on, rewritten])
def test_under_the_titles_own_host_every_address_is_there(client, schema, ask):
    """The rule of sitemaps.org, "Sitemap file location", where the front end passes sitemaps on."""
    publish("one", lead=newsroom.photo(), people=[newsroom.person()], works=[newsroom.work()])
    found = crawl(client, ask, f"{OWN}/sitemap.xml", schema)
    assert len(found) == 6 and all(found.values())
    assert all(place.startswith(f"{OWN}/") for listed in found.values() for place in listed)


def test_under_the_cms_host_robots_txt_of_the_title_vouches_for_it(client, schema):
    """The rule of sitemaps.org, "Sitemaps & cross submits": the robots.txt of www.example.com names this index."""
    publish("one", lead=newsroom.photo(), people=[newsroom.person()])
    found = crawl(client, passed_on, f"{PUBLIC}/sitemap.xml", schema)
    assert found["/sitemap-articles.xml"] == [f"{OWN}/film/one/"]
    assert client.get("/sitemap.xml").content == passed_on(client, f"{PUBLIC}/sitemap.xml").content


@pytest.mark.parametrize("ask", [passed_on, rewritten])
def test_each_title_has_a_sitemap_of_its_own_under_its_host(client, schema, ask):
    newsroom.site()
    other = Site.objects.create(name="The Other", url_template=OTHER + "/en{path}")
    publish("here")
    there = newsroom.article("There", slug="there")
    there.site = other
    there.save()
    there.publish()
    assert LiveDocument.objects.filter(site=other).exists()
    for home, slug, path in ((OWN, "here", "/film/here/"), (OTHER, "there", "/en/film/there/")):
        found = crawl(client, ask, f"{home}/sitemap.xml", schema)
        assert found["/sitemap-articles.xml"] == found["/sitemap-news.xml"] == [f"{home}{path}"], slug
        assert all(place.startswith(home) for listed in found.values() for place in listed)
    both = crawl(client, passed_on, f"{PUBLIC}/sitemap.xml", schema)
    assert sorted(both["/sitemap-articles.xml"]) == [f"{OWN}/film/here/", f"{OTHER}/en/film/there/"]
    news = ask(client, f"{OTHER}/sitemap-news.xml").content.decode()
    assert "The Other" in news and "Marquee Daily" not in news


@pytest.mark.parametrize("host", ["www.example.net", "", "cms.example.com", "www.example.com/", "\x00"])
def test_a_host_that_no_title_has_is_refused_with_those_there_are(client, host):
    publish("one")
    for address in ("/sitemap.xml", "/sitemap-articles.xml", "/feeds/rss.xml"):
        answer = client.get(address, {"host": host})
        assert answer.status_code == 400 and answer.json()["errors"][0]["allowed"] == ["www.example.com"]


def test_a_host_in_capitals_is_the_same(client):
    publish("one")
    assert client.get("/sitemap.xml?host=WWW.Example.com").content == passed_on(client, f"{OWN}/sitemap.xml").content
