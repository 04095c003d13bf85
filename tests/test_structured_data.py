"""JSON-LD against tables of what search engines require and recommend, and against the document it stands in."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from articles.live.structured_data import creators, source_type
from articles.models import LiveDocument

from . import newsroom

pytestmark = pytest.mark.django_db
PUBLIC = "https://cms.example.com"

# Property → what it must look like. From Google's pages on articles, image metadata and review snippets (2026).
ARTICLE = {
    "@context": r"https://schema.org", "@type": r"NewsArticle|ReviewNewsArticle", "headline": r".{1,110}",
    "datePublished": "instant", "dateModified": "instant", "author.name": r".+", "author.url": "address",
    "author.@type": r"Person|NewsMediaOrganization", "image.url": "address", "mainEntityOfPage": "address",
    "publisher.name": r".+", "publisher.logo.url": "address", "inLanguage": r"[a-z]{2}(-.+)?", "description": r".+",
}  # fmt: skip
IMAGE = {
    "@type": r"ImageObject", "contentUrl": "address", "creator.name": r".+", "creator.@type": r"Person|Organization",
    "creditText": r".+", "copyrightNotice": r".+", "license": "address", "acquireLicensePage": "address",
}  # fmt: skip
REVIEW = {
    "itemReviewed.name": r".+", "itemReviewed.@type": r"Movie|TVSeries|MusicAlbum|MusicRecording|VideoGame|CreativeWorkSeries",
    "reviewRating.ratingValue": r"\d+(\.\d+)?", "reviewRating.bestRating": r"\d+", "reviewRating.worstRating": r"\d+",
}  # fmt: skip
SHAPES = {"instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "address": r"https?://[^/\s]+/\S*"}


@pytest.fixture(autouse=True)
def ground(settings):
    settings.PUBLIC_URL = PUBLIC


def values_at(data, path: str) -> list:
    """Return every value of a dotted path, through lists."""
    name, _, rest = path.partition(".")
    found = data.get(name) if isinstance(data, dict) else None
    found = found if isinstance(found, list) else [] if found is None else [found]
    return [value for each in found for value in values_at(each, rest)] if rest else found


def check(data: dict, table: dict) -> None:
    for path, pattern in table.items():
        values = values_at(data, path)
        assert values, f"{path} is missing"
        for value in values:
            assert re.fullmatch(SHAPES.get(pattern, pattern), str(value)), f"{path} is {value!r}"


def publish(**fields) -> dict:
    site = newsroom.site()
    site.logo_url, site.publisher_name = "https://www.example.com/logo.png", "Marquee Media"
    site.save()
    made = newsroom.article(**{"slug": "story"} | fields)
    made.publish(now=timezone.now() - timedelta(minutes=1))
    return document()


def document() -> dict:
    return json.loads(LiveDocument.objects.live(timezone.now()).get().bytes.document_json)


def licensed(**fields):
    return newsroom.photo(
        line="© 2026 Petra Lindqvist/Getty Images", web_statement="https://agency.example.com/terms",
        licensor_url="https://agency.example.com/buy/1", supplied={"copyright_notice": "© 2026 Petra Lindqvist"}, **fields,
    )  # fmt: skip


def test_an_article_has_what_search_engines_ask_of_articles():
    found = publish(lead=licensed(), people=[newsroom.person()], works=[newsroom.work()], tags=[newsroom.tag()])
    data = found["structured_data"]
    check(data, ARTICLE)
    assert data["keywords"] == ["Festival season"]
    assert data["url"] == found["url"] and data["articleSection"] == "Film"
    assert data["isAccessibleForFree"] is True


def test_every_photo_has_what_search_engines_ask_of_licensable_images():
    data = publish(lead=licensed(), photos=[licensed(), licensed()])["structured_data"]
    assert len({image["contentUrl"].split("/")[4] for image in data["image"]}) == 3
    for image in data["image"]:
        check(image, IMAGE)


def test_structured_data_says_of_photos_what_the_document_says():
    found = publish(lead=licensed(), photos=[newsroom.photo(line="REUTERS/Tom Vale")])
    delivered = [found["lead"], *(block for block in found["body"] if block["type"] == "photo")]
    by_id = {image["contentUrl"].split("/")[4]: image for image in found["structured_data"]["image"]}
    for photo in delivered:
        image = by_id[photo["id"]]
        assert image["creditText"] == photo["credit"]["line"]
        assert image.get("copyrightNotice") == photo["credit"]["copyright_notice"]
        assert image.get("license") == photo["credit"]["license_url"]
        assert image.get("acquireLicensePage") == photo["credit"]["acquire_url"]
        assert [each["name"] for each in image["creator"]] == photo["credit"]["photographers"]
        assert image["caption"] == photo["caption_html"].replace("&amp;", "&")


def test_a_corrected_credit_reaches_structured_data(client):
    lead = newsroom.photo()
    publish(lead=lead)
    lead.kill(by=None, reason="test", at=timezone.now())
    assert "image" not in client.get("/api/v1/articles/story/").json()["structured_data"]


def test_a_review_has_what_search_engines_ask_of_reviews():
    work = newsroom.work()
    data = publish(
        kind="review", review_work=work, review_rating="4.5", review_scale=5, review_verdict="Glowing.", lead=licensed()
    )["structured_data"]
    check(data, ARTICLE | REVIEW)
    assert data["@type"] == "ReviewNewsArticle" and data["reviewBody"] == "Glowing."
    assert data["itemReviewed"]["name"] == work.title


def test_a_gallery_is_a_part_of_its_article():
    photos = [licensed(), licensed()]
    figures = "".join(f'<figure data-photo="{photo.pk}"></figure>' for photo in photos)
    gallery = f'<div data-gallery data-title="The looks">{figures}</div>'
    found = publish(kind="gallery", body=f"<p>Look.</p>{gallery}")
    if not any(block["type"] == "gallery" for block in found["body"]):
        pytest.fail("The body holds no gallery: the markup of galleries has changed.")
    data = found["structured_data"]
    part = data["hasPart"][0]
    assert part["@type"] == "ImageGallery" and part["name"] == "The looks" and len(part["image"]) == 2
    assert len(data["image"]) == 1
    for image in part["image"]:
        check(image, IMAGE)


def test_a_correction_is_told_and_counts_as_a_change(editor):
    publish()
    story = LiveDocument.objects.live(timezone.now()).get().article
    story.headline = "A better headline"
    story.save()
    story.publish(by=editor, now=timezone.now(), kind="correction", public_note="The film opens on Friday.")
    found = document()
    data = found["structured_data"]
    assert [each["text"] for each in data["correction"]] == [row["text"] for row in found["corrections"]]
    assert data["correction"][0]["@type"] == "CorrectionComment"
    assert datetime.fromisoformat(data["dateModified"]) > datetime.fromisoformat(data["datePublished"])


def test_nothing_empty_is_said():
    def walk(value):
        assert value not in (None, "", [], {})
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(each)

    walk(publish(standfirst="")["structured_data"])


def test_a_story_without_authors_is_by_the_house():
    publish()
    story = LiveDocument.objects.live(timezone.now()).get().article
    story.articleauthor_set.all().delete()
    story.headline = "Another headline"
    story.save()
    story.publish(now=timezone.now())
    assert document()["structured_data"]["author"]["@type"] == "NewsMediaOrganization"


@pytest.mark.parametrize(
    ("term", "kind", "expected"),
    [
        ("", "agency", None),
        ("digitalCapture", "agency", "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/print", "handout", "http://cv.iptc.org/newscodes/digitalsourcetype/print"),
        ("", "ai_generated", "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"),
    ],
)  # fmt: skip
def test_how_a_picture_came_to_be_is_an_address(term, kind, expected):
    assert source_type({"digital_source_type": term, "kind": kind}) == expected


def test_somebody_is_always_the_creator_where_the_credit_names_anybody():
    def named(**parts):
        return {"photographers": [], "agencies": [], "courtesy_of": None, "handle": None} | parts

    assert creators([named(photographers=["A"], agencies=["B"])]) == [{"@type": "Person", "name": "A"}]
    assert creators([named(agencies=["A", "B"])]) == [{"@type": "Organization", "name": "B"}]
    assert creators([named(courtesy_of="Studio")])[0]["name"] == "Studio"
    assert [each["name"] for each in creators([named(photographers=["A"]), named(agencies=["B"])])] == ["A", "B"]
    assert creators([]) == []


def test_the_social_image_is_absolute():
    assert publish(lead=licensed())["social"]["image"]["url"].startswith(f"{PUBLIC}/photos/")
