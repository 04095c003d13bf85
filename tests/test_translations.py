"""One story in several languages: each says where the others are, while they are live."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from articles.stories.content import apply
from media.models import Site

from . import newsroom

pytestmark = pytest.mark.django_db
API = "/api/v1/articles/"


def told(client, story):
    """The languages a story is said to stand in, with the slug of each."""
    return {each["locale"]: each["slug"] for each in client.get(f"{API}{story.slug}/").json()["alternates"]}


def draft(headline, locale, original=None, **fields):
    made = newsroom.article(headline, locale=locale, translation_of=original, **fields)
    return made


@pytest.fixture
def pair(db):
    english = draft("The orchard opens", "en-US")
    german = draft("Der Obstgarten öffnet", "de-DE", english)
    english.publish(now=timezone.now())
    german.publish(now=timezone.now())
    return english, german


BOTH = {"en-US": "the-orchard-opens", "de-DE": "der-obstgarten-offnet"}


def test_a_story_in_one_language_has_no_alternates(client):
    alone = draft("The orchard opens", "en-US")
    alone.publish(now=timezone.now())
    assert told(client, alone) == {}


def test_siblings_name_each_other_and_themselves(client, pair):
    english, german = pair
    assert told(client, english) == told(client, german) == BOTH
    (first, _) = client.get(f"{API}{english.slug}/").json()["alternates"]
    assert first == {
        "locale": "de-DE", "slug": german.slug, "path": f"/film/{german.slug}/",
        "url": f"https://www.example.com/film/{german.slug}/",
    }  # fmt: skip


def test_three_languages_make_one_group_and_one_language_is_named_once(client, pair):
    english, german = pair
    french = draft("Le verger ouvre", "fr-FR", english)
    french.publish(now=timezone.now())
    second = draft("Noch ein Obstgarten", "de-DE", english)
    second.publish(now=timezone.now())
    assert told(client, english) == told(client, german) == told(client, french) == BOTH | {"fr-FR": french.slug}
    assert told(client, second) == BOTH | {"fr-FR": french.slug, "de-DE": second.slug}


def test_a_draft_tells_nobody_and_publishing_tells_all(client):
    english = draft("The orchard opens", "en-US")
    english.publish(now=timezone.now())
    german = draft("Der Obstgarten öffnet", "de-DE", english)
    german.record()
    assert told(client, english) == {}
    german.publish(now=timezone.now())
    assert told(client, english) == BOTH


def test_the_translation_may_be_live_before_its_original(client):
    english = draft("The orchard opens", "en-US")
    german = draft("Der Obstgarten öffnet", "de-DE", english)
    german.publish(now=timezone.now())
    assert told(client, german) == {}
    english.publish(now=timezone.now())
    assert told(client, german) == told(client, english) == BOTH


@pytest.mark.parametrize("leaving", [0, 1])
def test_a_withdrawn_sibling_is_named_no_more(client, pair, leaving):
    gone, staying = pair[leaving], pair[1 - leaving]
    gone.withdraw(reason="test")
    assert told(client, staying) == {}
    gone.publish(now=timezone.now())
    assert told(client, staying) == BOTH


@pytest.mark.parametrize("moving", [0, 1])
def test_a_moved_sibling_is_named_under_its_new_address(client, pair, moving):
    pair[moving].move(slug="elsewhere", by=None)
    assert "elsewhere" in told(client, pair[1 - moving]).values()


def test_a_sibling_begins_and_ends_to_the_second(client):
    moment = timezone.now().replace(microsecond=0)
    with time_machine.travel(moment, tick=False) as clock:
        english = draft("The orchard opens", "en-US")
        english.publish(now=moment)
        german = draft("Der Obstgarten öffnet", "de-DE", english)
        german.publish(now=moment, at=moment + timedelta(seconds=30), ends=moment + timedelta(seconds=60))
        assert "max-age=20" in client.get(f"{API}{english.slug}/")["Cache-Control"]
        for seconds, both in ((29, False), (1, True), (29, True), (1, False)):
            clock.shift(seconds)
            assert told(client, english) == (BOTH if both else {})


def test_a_translation_that_becomes_one_of_another_story_leaves_its_group(client, pair):
    english, german = pair
    other = draft("Another orchard", "en-GB")
    other.publish(now=timezone.now())
    german.translation_of = other
    german.save()
    german.publish(now=timezone.now())
    assert told(client, english) == {}
    assert told(client, other) == told(client, german) == {"en-GB": other.slug, "de-DE": german.slug}


def test_a_section_that_is_renamed_moves_the_siblings_in_it(client, pair):
    english, german = pair
    german.section = newsroom.section("Kino")
    german.save()
    german.publish(now=timezone.now())
    kino = newsroom.section("Kino")
    kino.slug = "filme"
    kino.save()
    assert client.get(f"{API}{german.slug}/").json()["path"].startswith("/filme/")
    paths = {each["path"] for each in client.get(f"{API}{english.slug}/").json()["alternates"]}
    assert f"/filme/{german.slug}/" in paths


def test_each_sibling_stands_at_the_address_of_its_own_title(client, pair):
    english, german = pair
    german.site = Site.objects.create(name="Marquee Deutsch", url_template="https://de.example.com{path}")
    german.save()
    german.publish(now=timezone.now())
    urls = lambda: {each["url"] for each in client.get(f"{API}{english.slug}/").json()["alternates"]}  # noqa: E731
    assert f"https://de.example.com/film/{german.slug}/" in urls()
    german.site.url_template = "https://www.example.de{path}"
    german.site.save()
    assert f"https://www.example.de/film/{german.slug}/" in urls()


def test_a_translation_of_a_translation_is_one_of_the_original(admin_client, pair):
    english, german = pair
    french = draft("Le verger ouvre", "fr-FR", german)
    french.full_clean()
    assert french.translation_of == english


def test_an_original_that_others_translate_cannot_become_a_translation(pair):
    english, _ = pair
    english.translation_of = draft("Another", "en-GB")
    with pytest.raises(ValidationError, match="Other stories are translations of this one"):
        english.clean()


def test_a_story_is_no_translation_of_itself():
    alone = draft("The orchard opens", "en-US")
    alone.translation_of = alone
    assert ("translation_of", "A story can’t be a translation of itself.") in alone.contradictions()
    with pytest.raises(IntegrityError, match="article_not_its_own_translation"), transaction.atomic():
        Article.objects.filter(pk=alone.pk).update(translation_of=alone.pk)


def test_the_original_is_kept_in_versions_and_comes_back(pair):
    english, german = pair
    kept = german.latest_version
    assert kept.content["translation_of"] == str(english.pk)
    german.translation_of = None
    german.save()
    german.record()
    german.restore(kept, by=None)
    assert german.translation_of == english


def test_versions_from_before_translations_still_come_back(pair):
    _, german = pair
    content = {name: value for name, value in german.latest_version.content.items() if name != "translation_of"}
    apply(german, content)
    assert german.translation_of is None


def test_the_page_of_a_story_has_a_box_for_its_original(admin_client, pair):
    english, german = pair
    page = admin_client.get(reverse("admin:articles_article_change", args=[german.pk]))
    assert page.context["adminform"].form.initial["translation_of"] == english.pk
    assert english.headline in page.content.decode()


# The newsroom


@pytest.mark.parametrize("view", ["panel", "publishing"])
def test_every_story_of_a_group_leads_to_the_others(admin_client, pair, view):
    english, german = pair
    french = draft("Le verger ouvre", "fr-FR", english)
    for story, others in ((english, (german, french)), (german, (english, french)), (french, (english, german))):
        shown = admin_client.get(reverse(f"admin:articles_article_{view}", args=[story.pk])).content.decode()
        for other in others:
            assert reverse("admin:articles_article_change", args=[other.pk]) in shown
        assert shown.count(", original</span>") == (story != english)
    alone = draft("Alone", "en-US")
    assert (
        "Other languages"
        not in admin_client.get(reverse(f"admin:articles_article_{view}", args=[alone.pk])).content.decode()
    )


def test_a_restricted_sibling_is_shown_to_nobody_it_is_kept_from(client, outsider, pair):
    english, german = pair
    outsider.user_permissions.add(*Permission.objects.filter(codename__in=["view_article", "change_article"]))
    german.restricted_to.add(User.objects.create_user("insider"))
    client.force_login(outsider)
    shown = client.get(reverse("admin:articles_article_panel", args=[english.pk])).content.decode()
    assert str(german.pk) not in shown and german.headline not in shown
