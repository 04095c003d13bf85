"""The demo loads once, through the verbs a newsroom uses, and then belongs to its users."""

import json
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from articles.demo import loading, world
from articles.models import Article, AuditEntry, LiveDocument, Person
from media.models import Photo, PhotoCredit

pytestmark = pytest.mark.django_db

# A correction, a gallery-free update, a scheduled story, a restricted one, a translated pair, and the one that keeps its slots.
CHOSEN = {
    "late-tide-new-host",
    "low-orbit-lullaby-set",
    "hollow-regent-cast",
    "phaedra-lockhavn-obituary",
    "map-of-small-fires-review",
    "map-of-small-fires-review-de",
    loading.UNFILLED,
}


@pytest.fixture(scope="module")
def drawn():
    """Draw small stand-ins: what is loaded does not depend on what the pictures show."""
    import io

    from PIL import Image

    from articles.demo import labels
    from media.files import xmp_packet

    def picture(name):
        plan = world()["pictures"][name]
        image = Image.new("RGB", (700, 500), tuple(name.encode()[:3]))
        image.putpixel((len(name), 0), tuple(name.encode()[-3:]))
        image.paste(tuple(name.encode()[1:4]), (len(name), 10, 60, 60))
        file = io.BytesIO()
        image.save(file, "JPEG", xmp=labels.xmp(plan["metadata"]), exif=labels.exif(plan["metadata"]))
        return xmp_packet.embed_iim(file.getvalue(), plan["metadata"])

    return picture


@pytest.fixture
def demo(drawn, monkeypatch):
    monkeypatch.setattr(loading, "draw", lambda names: map(drawn, names))
    loading.load(timezone.now(), say=str, only=CHOSEN)


def story(start):
    return Article.objects.get(slug__startswith=start)


def document(article):
    return json.loads(article.live_documents.filter(status=200).latest("live_from").bytes.document_json)


def test_live_stories_are_live_and_nothing_else_is(demo):
    live = set(LiveDocument.objects.live(timezone.now()).values_list("article", flat=True))
    review = Article.objects.get(locale="de-DE")
    assert live == {story("rufus").pk, story("on-the-set").pk, review.pk, review.translation_of_id}


def test_every_caption_line_of_a_published_story_has_its_photo_and_the_lead_comes_once(demo):
    for name in ("rufus", "on-the-set", "hollow-regent"):
        found = document(story(name))
        shown = [block["id"] for block in found["body"] if block["type"] == "photo"]
        assert len({found["lead"]["id"], *shown}) == 3
        assert len(shown) == 2


def test_a_review_and_its_translation_name_each_other(demo, client):
    english, german = Article.objects.get(translations__locale="de-DE"), Article.objects.get(locale="de-DE")
    for article in (english, german):
        alternates = document(article)["alternates"]
        assert [(each["locale"], each["slug"]) for each in alternates] == [
            ("de-DE", german.slug),
            ("en-US", english.slug),
        ]
    captions = [block["caption_html"] for block in document(german)["body"] if block["type"] == "photo"]
    assert captions and all("Bergkamm" in each or "beim Larkspur" in each for each in captions)
    assert "aus „A Map of Small Fires“" in document(german)["lead"]["caption_html"]


def test_authors_works_and_sections_have_pictures_and_words_of_their_own(demo, client):
    for address, name in (
        ("authors/petra-lindqvist-amadi", "photo"),
        ("works/a-map-of-small-fires", "poster"),
        ("sections/film", "photo"),
    ):
        answered = client.get(f"/api/v1/{address}/").json()
        assert answered[name]["image"]["src"], address
        assert answered[name]["alt"], address
    assert "credits" in client.get("/api/v1/sections/film/").json()["text"]


def test_scheduled_story_goes_live_in_two_days(demo):
    assert (
        LiveDocument.objects.live(timezone.now() + timezone.timedelta(hours=49))
        .filter(article=story("hollow"))
        .exists()
    )


def test_corrected_story_says_what_was_wrong(demo):
    found = document(story("rufus"))
    assert found["corrections"][0]["text"].startswith("An earlier version")
    assert "2,316 shows" in str(found["body"])
    assert "2,361 shows" in str(story("rufus").versions.order_by("number").first().content)


def test_update_brought_the_paragraph_that_was_missing(demo):
    first, last = story("on-the-set").editions.order_by("number")
    assert "due in theaters" not in first.version.content["body"]
    assert "due in theaters" in last.version.content["body"]


def test_restricted_story_exists_for_those_named_on_it_only(demo):
    users = get_user_model().objects
    obituary = Article.objects.filter(headline__icontains="Lockhavn")
    assert obituary.visible_to(users.get(username="editor")).exists()
    assert not obituary.visible_to(users.get(username="photodesk")).exists()


def test_one_draft_keeps_its_slots_for_the_newcomer_to_fill(demo):
    waiting = [story for story in Article.objects.all() if "slot_empty" in {each.code for each in story.problems()}]
    assert len(waiting) == 1
    assert Photo.objects.slots().count() == 3


def test_photos_carry_what_their_files_say(demo):
    photo = Photo.objects.get(original_name="quorndahl-toronto.jpg")
    plan = world()["pictures"]["quorndahl-toronto"]
    assert photo.supplier_image_id == plan["metadata"]["supplier_image_id"]
    assert photo.house_caption.text == plan["caption"]
    assert [str(row.person) for row in photo.people.all()] == ["Linnea Quorndahl"]
    assert not PhotoCredit.objects.to_check().exists()


def test_colleagues_have_roles_and_passwords_of_their_own(demo):
    publisher = get_user_model().objects.get(username="publisher")
    assert publisher.has_perm("articles.publish_article")
    assert not get_user_model().objects.get(username="writer").has_perm("articles.publish_article")
    assert publisher.check_password(loading.logins()["publisher"])
    assert len(set(loading.logins().values())) == len(loading.COLLEAGUES)


def test_second_run_neither_duplicates_nor_resets_what_a_user_changed(demo):
    changed, gone = story("rufus"), Person.objects.get(slug="bram-kestellwick")
    changed.headline = "My own headline"
    changed.save()
    gone.name = "Bram K."
    gone.save()
    counts = [model.objects.count() for model in (Article, Photo, PhotoCredit, Person, AuditEntry)]
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert out.getvalue() == "The demo was loaded before; nothing was changed.\n"
    assert counts == [model.objects.count() for model in (Article, Photo, PhotoCredit, Person, AuditEntry)]
    changed.refresh_from_db()
    assert changed.headline == "My own headline"


def test_interrupted_load_goes_on_where_it_stopped(drawn, monkeypatch):
    def interrupted(names):
        yield from map(drawn, names[:3])
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "draw", interrupted)
    only = {"hollow-regent-cast"}
    with pytest.raises(KeyboardInterrupt):
        loading.load(timezone.now(), say=str, only=only)
    assert not loading.is_loaded()
    monkeypatch.setattr(loading, "draw", lambda names: map(drawn, names))
    loading.load(timezone.now(), say=str, only=only)
    pictures = loading.pictures_of({name: world()["stories"][name] for name in only}) | loading.pictures_of_entries()
    assert Photo.objects.count() == len(pictures)
    assert loading.is_loaded()


def test_two_processes_draw_what_one_draws():
    names = ["dustlight-dunes", "throne-concept", "lullaby-poster", "heron-statuettes"]
    assert list(loading.draw(names))[-1] == loading.picture(names[-1])
