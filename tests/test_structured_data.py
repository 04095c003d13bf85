"""JSON-LD against tables of what search engines require and recommend, and against the document it stands in."""

import json
import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from articles.history.kinds import Kind
from articles.live.structured_data import WORK_TYPES, creators, source_type
from articles.models import Appearance, LiveDocument, Work

from . import newsroom
from .google_properties import REVIEWED, TAKEN, TYPES, incomplete, missing, nodes

pytestmark = pytest.mark.django_db
PUBLIC = "https://cms.example.com"

# Property → what it must look like. Which are required and recommended, tests/google_properties.py says.
ARTICLE = {
    "@context": r"https://schema.org", "@type": r"NewsArticle|ReviewNewsArticle", "headline": r".{1,110}",
    "datePublished": "instant", "dateModified": "instant", "author.name": r".+", "author.url": "address",
    "author.@type": r"Person|NewsMediaOrganization", "image.url": "address", "mainEntityOfPage.@id": "address",
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


# Google's table


def everything(kind: str, **fields) -> dict:
    """Publish a story of this kind with everything an editor can give it. Return its JSON-LD."""
    figures = "".join(f'<figure data-photo="{licensed().pk}"></figure>' for _ in range(2))
    gallery = f'<div data-gallery data-title="The looks">{figures}</div>'
    author = newsroom.author(handles={"x": "june"})
    author.same_as = ["https://www.wikidata.org/wiki/Q1"]
    author.save()
    site = newsroom.site()
    site.social_profiles = ["https://x.com/marquee"]
    site.save()
    rated = {"review_rating": "4", "review_verdict": "Glowing."} if kind == "review" else {}
    return publish(
        kind=kind, lead=licensed(), section=newsroom.section("Reviews", parent=newsroom.section("Film")),
        body=f"{newsroom.body(licensed())}{gallery}", people=[newsroom.person()], works=[newsroom.work()],
        tags=[newsroom.tag()], **rated | fields,
    )["structured_data"]  # fmt: skip


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_has_all_that_google_requires_and_recommends(kind):
    data = everything(kind)
    assert incomplete(data) == []
    assert data["@type"] == ("ReviewNewsArticle" if kind == "review" else "NewsArticle")
    for node, under in nodes(data):
        if node["@type"] in TYPES and under not in ("logo", "creator"):
            assert missing(node, TYPES[node["@type"]].recommended) == [], (node["@type"], under)


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize(
    "less",
    [
        {"lead_photo": None},
        {"review_rating": None},
        {"review_rating": "3"},
        {"works": 0},
        {"works": 2},
        {"authors": 0},
        {"section": "top"},
        {"standfirst": ""},
    ],
    ids=str,
)
def test_a_story_with_less_still_has_all_that_google_requires_of_what_it_says_it_is(editor, kind, less):
    story = newsroom.article(
        "A story with less", kind=kind, lead=licensed(), works=[newsroom.work(), newsroom.work("Another")][: less.pop("works", 1)]
    )  # fmt: skip
    if less.pop("authors", 1) == 0:
        story.articleauthor_set.all().delete()
    for name, value in less.items():
        setattr(story, name, newsroom.section("Music") if name == "section" else value)
    story.save()
    editor.is_superuser = True
    editor.save()
    story.publish(by=editor, override="A test.")
    assert incomplete(document()["structured_data"]) == []


@pytest.mark.parametrize("length, kind", [(99, "ReviewNewsArticle"), (100, "NewsArticle")])
def test_review_by_too_long_a_name_is_an_article(length, kind):
    newsroom.author("A" * length)
    made = newsroom.article(kind="review", review_rating="4", works=[newsroom.work()], lead=licensed())
    made.articleauthor_set.update(author=newsroom.author("A" * length))
    made.publish(now=timezone.now())
    data = document()["structured_data"]
    assert data["@type"] == kind and incomplete(data) == []


def test_every_kind_of_work_may_be_reviewed_with_stars():
    assert set(WORK_TYPES) == set(Work.Kind.values)
    assert {REVIEWED[name] for name in WORK_TYPES.values()} <= TAKEN


def test_the_way_to_a_story_leads_through_its_sections():
    way = everything("news")["mainEntityOfPage"]["breadcrumb"]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in way] == [
        (1, "Film", "https://www.example.com/film/"), (2, "Reviews", "https://www.example.com/film/reviews/"),
        (3, "Mara Okonjo returns to the red carpet", "https://www.example.com/film/reviews/story/"),
    ]  # fmt: skip


def test_the_lead_is_said_in_each_shape_with_the_size_of_its_file(client):
    lead = licensed()
    lead.make_renditions()
    images = publish(lead=lead)["structured_data"]["image"]
    shapes = {round(each["width"] / each["height"], 2) for each in images}
    assert {1.78, 1.33, 1.0} <= shapes and len({each["contentUrl"] for each in images}) == 4
    for image in images:
        assert image["width"] * image["height"] >= 50_000
        answer = client.get(image["contentUrl"].removeprefix(PUBLIC))
        assert Image.open(BytesIO(b"".join(answer.streaming_content))).size == (image["width"], image["height"])


def test_translations_name_their_original_and_it_names_them(client):
    english = newsroom.article("The orchard opens", locale="en-US")
    english.publish(now=timezone.now())
    for headline, locale in (("Der Obstgarten öffnet", "de-DE"), ("Le verger ouvre", "fr-FR")):
        newsroom.article(headline, locale=locale, translation_of=english).publish(now=timezone.now())
    data = {
        slug: client.get(f"/api/v1/articles/{slug}/").json()["structured_data"]
        for slug in ("the-orchard-opens", "le-verger-ouvre")
    }
    told = data["the-orchard-opens"]["workTranslation"]
    assert [each["inLanguage"] for each in told] == ["de-DE", "fr-FR"]
    assert told[1]["@id"] == data["le-verger-ouvre"]["@id"] and told[1]["url"] == data["le-verger-ouvre"]["url"]
    original = data["le-verger-ouvre"]["translationOfWork"]
    assert original["@id"] == data["the-orchard-opens"]["@id"] and "workTranslation" not in data["le-verger-ouvre"]


# Reviews and the checklist


def rated(**fields):
    return newsroom.article("A review", kind="review", review_rating="4", lead=newsroom.photo(), **fields)


def codes(story) -> dict[str, bool]:
    return {each.code: each.blocks for each in story.problems()}


def test_the_only_work_a_rated_story_is_tagged_with_is_the_one_it_reviews(client):
    made = rated(works=[newsroom.work()])
    assert not {"review_work_missing", "review_work_unclear"} & {*codes(made)}
    made.publish(now=timezone.now())
    found = document()
    assert found["review"]["work"]["slug"] == "the-glass-orchard"
    assert found["structured_data"]["itemReviewed"]["name"] == "The Glass Orchard"
    assert client.get("/api/v1/articles/?work=the-glass-orchard").json()["results"]


def test_a_rating_for_no_work_or_for_one_of_several_is_not_published():
    assert codes(rated())["review_work_missing"] is True
    two = rated(works=[newsroom.work(), newsroom.work("Another")])
    assert codes(two)["review_work_unclear"] is True
    two.review_work = newsroom.work("Another")
    two.save()
    assert not any(code.startswith("review_") for code in codes(two))


def test_a_review_without_a_rating_is_advised_and_published(client):
    made = newsroom.article("A review", kind="review", lead=newsroom.photo())
    assert codes(made)["review_rating_missing"] is codes(made)["review_work_advised"] is False
    made.publish(now=timezone.now())
    assert document()["structured_data"]["@type"] == "NewsArticle"


# What an editor can add of what Google recommends, and the advice that says so where it is missing.
ADVISED = {
    "image": ("photo_none", {}), "author": ("byline_missing", {"authors": 0}),
    "headline": ("headline_long", {"headline": "Long " * 30}),
    "reviewRating": ("review_rating_missing", {"kind": "review"}),
    "itemReviewed": ("review_work_missing", {"kind": "review", "review_rating": "3"}),
    "description": ("standfirst_missing", {"standfirst": ""}),
    "inLanguage": ("translation_in_same_language", {"translated": True}),
}  # fmt: skip


@pytest.mark.parametrize("name", ADVISED)
def test_what_an_editor_can_add_the_checklist_asks_for(name):
    code, fields = ADVISED[name]
    fields = dict(fields)
    authors, translated = fields.pop("authors", 1), fields.pop("translated", False)
    made = newsroom.article(**{"headline": "A story"} | fields)
    if not authors:
        made.articleauthor_set.all().delete()
    if translated:
        made.translation_of = newsroom.article("Its original")
        made.save()
    assert code in codes(made)


# Pages of the directory


def test_pages_of_people_and_authors_are_profiles(client):
    mara, photo = newsroom.person(description="An actor.", same_as=["https://www.wikidata.org/wiki/Q1"]), licensed()
    Appearance.objects.create(person=mara, photo=photo)
    mara.portrait = photo
    mara.save()
    author = newsroom.author(handles={"x": "june"}, biography="Writes about film.", photo=licensed())
    publish(lead=photo, people=[mara])
    for path, name in (("people/mara-okonjo", mara.name), (f"authors/{author.slug}", author.name)):
        data = client.get(f"/api/v1/{path}/").json()["structured_data"]
        assert incomplete(data) == [] and data["@type"] == "ProfilePage" and data["mainEntity"]["name"] == name
        assert missing(data, ("mainEntity.image", "mainEntity.description", "mainEntity.url")) == []
        check(data["mainEntity"]["image"], IMAGE)
    assert data["mainEntity"]["alternateName"] == ["june"]
    assert data["mainEntity"]["sameAs"] == ["https://x.com/june"]


def test_pages_of_sections_tags_and_works_say_what_they_are(client):
    work, photo = newsroom.work(poster=licensed()), licensed()
    film = newsroom.section("Film", description="Everything on screen.", photo=photo)
    publish(works=[work], tags=[newsroom.tag()], section=newsroom.section("Reviews", parent=film))
    asked = ("sections/reviews", "sections/film", "tags/festival-season", "works/the-glass-orchard")
    below, top, tag, film = (client.get(f"/api/v1/{path}/").json()["structured_data"] for path in asked)
    for data in (below, top, tag, film):
        assert incomplete(data) == [], data
    assert [step["name"] for step in below["breadcrumb"]["itemListElement"]] == ["Film", "Reviews"]
    assert "breadcrumb" not in top and top["primaryImageOfPage"]["creditText"] and top["@type"] == "CollectionPage"
    assert tag["name"] == "Festival season" and film["@type"] == "Movie" and film["image"]["contentUrl"]
