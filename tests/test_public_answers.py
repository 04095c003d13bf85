"""What holds for every answer readers get, whatever it is of: whole addresses of pictures, no key of the database."""

import json
import re
from base64 import b64decode

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles.models import Correction, Delivery, Purge
from cms import launch
from media.models import Site

from . import newsroom, whole_house

pytestmark = pytest.mark.django_db
OWN, FILES = "https://cms.example.com", "https://media.example.com"
PICTURE = re.compile(r"""[^\s"'<>,]*/photos/[0-9a-f-]{36}/""")
LINK = re.compile(r"<a [^>]*>")


@pytest.fixture(autouse=True)
def ground(settings):
    settings.PUBLIC_URL = OWN


def answers(house, client):
    """Yield every public answer as (address, headers and body in one text)."""
    for address in dict.fromkeys(whole_house.addresses(house, client)):
        found = client.get(
            address, headers={"Authorization": f"Bearer {house.bearer}"} if "/drafts/" in address else {}
        )
        assert found.status_code < 500, address
        body = b"".join(found.streaming_content) if found.streaming else found.content
        text = body.decode(errors="replace") if not found["Content-Type"].startswith("image/") else ""
        yield address, "\n".join([*(f"{name}: {value}" for name, value in found.headers.items()), text])


def test_what_one_cache_is_told_of_an_answer_the_other_is_told_too(client):
    """Fastly and Varnish read `Surrogate-Key`, Cloudflare `Cache-Tag`: a purge must reach both."""
    house, named = whole_house.build(), 0
    for address, text in answers(house, client):
        told = dict(re.findall(r"^(Surrogate-Key|Cache-Tag): (.*)$", text, re.MULTILINE))
        assert told.get("Surrogate-Key", "").split() == [
            each for each in told.get("Cache-Tag", "").split(",") if each
        ], address
        named += bool(told)
    assert named > 20


@pytest.mark.parametrize("base", ["", FILES, "https://cdn.example.com/titles/marquee"])
def test_the_address_of_every_picture_is_whole_wherever_it_is_given(client, base):
    site = newsroom.site()
    site.media_base = base
    site.save()
    house = whole_house.build()
    given = {}
    for address, text in answers(house, client):
        if not address.startswith(("/reader", "/api/schema", "/api/docs", "/api/v1/drafts", "/photos")):
            given[address] = {found.removeprefix(r"\"") for found in PICTURE.findall(text)}
    shown = {address for address, pictures in given.items() if pictures}
    for place in (
        "/api/v1/articles/", "/api/v1/articles/whole/", "/api/v1/articles/whole/?format=ninjs",
        "/api/v1/people/mara-okonjo/", "/api/v1/search/?q=story", f"/api/v1/preview/{house.token}/", "/feeds/rss.xml",
        "/feeds/atom.xml", "/feeds/feed.json?full=1", "/feeds/person/mara-okonjo/rss.xml", "/sitemap-articles.xml",
    ):  # fmt: skip
        assert place in shown, place
    wrong = {
        (address, each)
        for address, all_ in given.items()
        for each in all_
        if not each.startswith(f"{base or OWN}/photos/")
    }
    assert not wrong
    sent = json.dumps(list(Delivery.objects.values_list("payload", flat=True)))
    assert all(each.startswith(f"{base or OWN}/photos/") for each in PICTURE.findall(sent))


def test_documents_follow_when_the_desk_says_where_photo_files_are(client, editor):
    story = newsroom.article(lead=newsroom.photo())
    story.publish()
    before = client.get(f"/api/v1/articles/{story.slug}/")
    assert before.json()["lead"]["image"]["src"].startswith(f"{OWN}/photos/")
    site = Site.objects.get()
    client.force_login(editor)
    page = client.get(f"/admin/media/site/{site.pk}/change/")
    data = {name: value for name, value in page.context["adminform"].form.initial.items() if value is not None}
    sent = data | {"media_base": FILES, "territories": "", "channels": site.channels, "social_profiles": ""}
    answer = client.post(f"/admin/media/site/{site.pk}/change/", sent)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    after = client.get(f"/api/v1/articles/{story.slug}/")
    image = after.json()["lead"]["image"]
    assert image["src"].startswith(f"{FILES}/photos/") and image["url_template"].startswith(f"{FILES}/photos/")
    assert all(each.strip().startswith(f"{FILES}/photos/") for each in image["srcset"].split(","))
    assert after["ETag"] != before["ETag"]


def test_documents_follow_the_setting_when_they_are_rebuilt(client, settings):
    story = newsroom.article(lead=newsroom.photo())
    story.publish()
    settings.PUBLIC_URL = "https://api.example.org"
    call_command("rebuild_live", all=True, verbosity=0)
    found = client.get(f"/api/v1/articles/{story.slug}/").json()
    assert found["lead"]["image"]["src"].startswith("https://api.example.org/photos/")
    assert found["social"]["image"]["url"].startswith("https://api.example.org/photos/")


def test_documents_follow_make_run_to_another_port(client, settings):
    story = newsroom.article(lead=newsroom.photo())
    story.publish()
    for port in (8000, 8001, 8001):
        settings.PUBLIC_URL = f"http://localhost:{port}"
        launch.follow_address()
        image = client.get(f"/api/v1/articles/{story.slug}/").json()["lead"]["image"]
        assert image["src"].startswith(f"http://localhost:{port}/photos/")


def test_the_desk_looks_at_pictures_on_its_own_host(client, editor):
    site = newsroom.site(media_base=FILES)
    story = newsroom.article(lead=newsroom.photo(), photos=[newsroom.photo()], owner=editor)
    story.publish()
    client.force_login(editor)
    pages = [
        f"/admin/articles/article/{story.pk}/preview/", f"/admin/articles/article/{story.pk}/change/",
        "/admin/articles/article/", "/admin/media/photo/", f"/admin/media/photo/{story.lead_photo.pk}/change/",
        "/admin/picker/",
    ]  # fmt: skip
    pictures = set()
    for page in pages:
        text = client.get(page).content.decode()
        assert site.media_base not in text, page
        pictures |= set(re.findall(r'<img[^>]* src="([^"]*)"', text))
    assert pictures and not [each for each in pictures if not each.startswith("/")]


def test_the_example_front_end_may_load_photos_from_where_they_are(client):
    newsroom.site(media_base="https://media.example.com/titles")
    policy = client.get("/reader/")["Content-Security-Policy"]
    assert "img-src 'self' data: https://media.example.com;" in policy


# What may be shown with a shared link


@pytest.mark.parametrize("width", [200, 700, 1250, 1400])
def test_the_picture_of_a_shared_link_says_its_size_as_it_is(client, width):
    photo = newsroom.photo(slot=True)
    photo.receive(newsroom.jpeg(width=width, height=round(width * 0.7)), name="a.jpg")
    photo.make_renditions()
    newsroom.article(slug="one", lead=photo, lead_alt="Mara waves.").publish()
    image = client.get("/api/v1/articles/one/").json()["social"]["image"]
    assert image["alt"] == "Mara waves." and image["type"] == "image/jpeg"
    answer = client.get(image["url"])
    assert answer.status_code == 200 and answer["Content-Type"] == image["type"]
    assert size_of(answer) == (image["width"], image["height"])
    assert image["width"] <= 1200


def size_of(answer) -> tuple[int, int]:
    import io

    from PIL import Image

    return Image.open(io.BytesIO(b"".join(answer.streaming_content))).size


# Links


def test_links_to_our_own_carry_what_a_front_end_follows_them_by(client):
    house = whole_house.build()
    body = client.get("/api/v1/articles/whole/").json()["body"]
    links = LINK.findall(json.dumps(body, ensure_ascii=False).replace('\\"', '"'))
    assert links == [
        '<a href="https://www.example.com/film/another-night-out/" data-kind="article" data-slug="another-night-out" data-path="/film/another-night-out/">',
        '<a href="https://www.example.com/person/mara-okonjo/" data-kind="person" data-slug="mara-okonjo" data-path="/person/mara-okonjo/">',
        '<a href="https://www.example.com/film/the-glass-orchard/" data-kind="work" data-slug="the-glass-orchard" data-path="/film/the-glass-orchard/">',
        '<a href="https://elsewhere.example.com/?a=1&amp;b=2">',
        '<a href="https://www.example.com/person/mara-okonjo/" data-kind="person" data-slug="mara-okonjo" data-path="/person/mara-okonjo/">',
    ]
    for address, text in answers(house, client):
        if address.startswith("/feeds") or "ninjs" in address:
            assert "data-kind" not in text and "data-path" not in text, address
    for each in LINK.findall(client.get("/feeds/feed.json?full=1").json()["items"][0]["content_html"]):
        assert re.fullmatch(r'<a href="https://[^"]*">', each)


def test_nothing_of_the_marks_is_stored_when_delivered_text_comes_back(client):
    house = whole_house.build()
    delivered = client.get("/api/v1/articles/whole/").json()["body"][0]["html"]
    headers = {"Authorization": f"Bearer {house.bearer}"}
    address = f"/api/v1/drafts/{house.story.pk}/"
    for sent in ({"body_html": f"<p>{delivered}</p>"}, {"body": [{"type": "paragraph", "html": delivered}]}):
        tag = client.get(address, headers=headers)["ETag"]
        answer = client.patch(address, sent, "application/json", headers=headers | {"If-Match": tag})
        assert answer.status_code == 200, answer.content
        house.story.refresh_from_db()
        assert "data-" not in re.sub(r' data-id="[^"]*"', "", house.story.body)
        assert '<a href="https://www.example.com/person/mara-okonjo/">' in house.story.body


# Keys


def test_no_answer_holds_a_number_by_which_the_database_knows_a_row(client, settings):
    settings.PURGE_BACKEND, settings.PURGE_URLS = "ban", ["http://127.0.0.1:9"]
    whole_house.number_distinctively()
    house = whole_house.build()
    row = Correction.objects.get()
    assert row.pk > whole_house.DISTINCTIVE
    mark = str(whole_house.DISTINCTIVE)[:5]
    number = re.compile(rf"(?<![0-9a-f-]){mark}\d{{4}}(?![0-9a-f-])")
    assert number.search(f"person:{row.pk}")
    found = dict(answers(house, client))
    house.photo.announce("photo.changed", at=timezone.now())
    for noun in (newsroom.person(), newsroom.work(), newsroom.tag(), newsroom.section(), newsroom.author()):
        noun.slug = f"{noun.slug}-anew"
        noun.save()
    told = {f"webhook {each.event}": json.dumps(each.payload) for each in Delivery.objects.all()}
    told |= {f"purge {each.pk}": json.dumps(each.tags) for each in Purge.objects.all()}
    assert {"webhook person.changed", "webhook author.changed", "webhook photo.changed"} <= set(told)
    found |= told
    assert "900001" in unpacked("since=bjE3LjkwMDAwMQ")
    found = {place: f"{text}\n{unpacked(text)}" for place, text in found.items()}
    holding = {place: number.findall(text) for place, text in found.items() if number.search(text)}
    assert holding == {}


def unpacked(text: str) -> str:
    """Return what every word says that may be text in base64."""
    words = [word for word in re.findall(r"[A-Za-z0-9_-]{12,400}", text) if len(word) % 4 != 1]
    said = (b64decode(word + "=" * (-len(word) % 4), "-_").decode("latin-1") for word in words)
    return "\n".join(said).replace("-", " ")


def test_a_correction_keeps_its_id(client):
    whole_house.build()
    first = client.get("/api/v1/articles/whole/").json()["corrections"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", first[0]["id"])
    call_command("rebuild_live", all=True, verbosity=0)
    assert client.get("/api/v1/articles/whole/").json()["corrections"] == first


def test_pages_that_bear_the_tags_of_the_release_before_are_still_purged(client, settings):
    """What a cache took from 0.0 names people by number; each such page bears a tag of its story, or of lists, too."""
    settings.PURGE_BACKEND, settings.PURGE_URLS = "ban", ["http://127.0.0.1:9"]
    whole_house.build()
    mara = newsroom.person()
    pages = [
        client.get(address)["Surrogate-Key"].replace("person:mara-okonjo", f"person:{mara.pk}").split()
        for address in ("/api/v1/articles/whole/", "/api/v1/articles/", "/api/v1/people/mara-okonjo/", "/feeds/rss.xml")
    ]
    assert any(f"person:{mara.pk}" in tags for tags in pages)
    Purge.objects.all().delete()
    mara.name = "Mara Okonjo-Vale"
    mara.save()
    purged = {tag for each in Purge.objects.all() for tag in each.tags}
    assert all(purged & set(tags) for tags in pages)


def test_a_page_cached_under_an_earlier_slug_is_purged(client, settings):
    settings.PURGE_BACKEND, settings.PURGE_URLS = "ban", ["http://127.0.0.1:9"]
    whole_house.build()
    assert "person:mara-okonjo" in client.get("/api/v1/articles/whole/")["Surrogate-Key"].split()
    mara = newsroom.person()
    mara.slug = "mara-vale"
    mara.save()
    assert {"person:mara-okonjo", "person:mara-vale"} <= {tag for each in Purge.objects.all() for tag in each.tags}
    assert "person:mara-vale" in client.get("/api/v1/articles/whole/")["Surrogate-Key"].split()


# Refusals


def is_problem(answer) -> bool:
    """Whether an answer is a problem document with the id of its request."""
    if answer["Content-Type"] != "application/problem+json":
        return False
    found = answer.json()
    return found["status"] == answer.status_code and found["request_id"] == answer["X-Request-ID"]


UNKNOWN = (
    "/api/", "/api/v1/nothing/", "/api/v1/articles/nothing/", "/photos/", "/photos/x", "/photos/x/y/full-640.jpg",
    "/photos/00000000-0000-0000-0000-000000000000/x/full-320.jpg", "/feeds/", "/feeds/x", "/feeds/planet/film/rss.xml",
    "/feeds/section/film/rss.txt", "/feeds/section/nothing/rss.xml", "/sitemap", "/sitemap-nothing.xml", "/sitemap-!.xml",
    "/healthz/x", "/readyz/", "/metrics/x",
)  # fmt: skip


@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json"])
@pytest.mark.parametrize("path", UNKNOWN)
def test_what_is_nowhere_is_a_problem_document_with_the_id_of_its_request(client, path, accept):
    newsroom.article().publish()
    answer = client.get(path, headers={"Accept": accept, "X-Request-ID": "asked-by-a-test"})
    assert answer.status_code == 404 and is_problem(answer)
    assert answer.json()["request_id"] == "asked-by-a-test"


def test_every_refusal_of_a_public_route_is_a_problem_document(client):
    house = whole_house.build()
    house.photo.kill(by=None, reason="test", at=timezone.now())
    refused = {}
    for address in dict.fromkeys(
        [*whole_house.addresses(house, client), "/feeds/rss.xml?colour=red", "/sitemap.xml?x=1"]
    ):
        answer = client.get(address, headers={"Accept": "text/html"})
        if answer.status_code >= 300:
            refused[address] = answer
    assert {answer.status_code for answer in refused.values()} >= {301, 400, 401, 404, 410}
    assert [address for address, answer in refused.items() if not is_problem(answer)] == []


def test_every_public_route_says_which_methods_it_takes(client):
    house = whole_house.build()
    wrong = {}
    for address in dict.fromkeys(whole_house.addresses(house, client)):
        asked, deleted = (
            client.options(address),
            client.delete(address, headers={"Authorization": f"Bearer {house.bearer}"}),
        )
        there = asked.status_code != 404
        allowed = asked.get("Allow", "")
        if there and not (asked.status_code in (200, 204) and "OPTIONS" in allowed and not asked.content):
            wrong[address] = asked.status_code, allowed
        if there and not (deleted.status_code == 405 and is_problem(deleted) and deleted["Allow"] == allowed):
            wrong[f"DELETE {address}"] = deleted.status_code, deleted.get("Allow"), deleted["Content-Type"]
    assert wrong == {}
