"""What search engines are told to read: valid, complete, each address once, nothing that is not live."""

from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from django.core.cache import cache
from django.utils import timezone

from articles.api import sitemaps
from articles.api.sitemaps import language

from . import newsroom
from .npm_packages import fetched

pytestmark = pytest.mark.django_db
STANDARDS = Path(__file__).parent / "data" / "standards"
SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
PUBLIC = "https://cms.example.com"


@pytest.fixture(autouse=True)
def ground(settings):
    settings.PUBLIC_URL = PUBLIC
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def schema():
    return xmlschema.XMLSchema(STANDARDS / "sitemap.xsd")


def read(client, address: str):
    answer = client.get(address.removeprefix(PUBLIC))
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
