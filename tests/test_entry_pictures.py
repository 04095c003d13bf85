"""Pictures of authors, sections, tags and works: delivered and served exactly while rights and a live story allow it."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from articles.live import entries
from articles.models import Author, Delivery, Endpoint, Purge, Section, Tag, Work
from articles.stories.photo_swap import swap
from media.models import Rendition, Right

from . import newsroom

pytestmark = pytest.mark.django_db
API = "/api/v1/"
PICTURES = {
    "authors": ("june-castellane", Author, "photo"), "sections": ("film", Section, "photo"),
    "tags": ("festival-season", Tag, "photo"), "works": ("the-glass-orchard", Work, "poster"),
}  # fmt: skip
every_noun = pytest.mark.parametrize("noun", PICTURES)


def story(**fields):
    return newsroom.article(works=[newsroom.work()], tags=[newsroom.tag()], section=newsroom.section("Film"), **fields)


def give(noun, photo):
    slug, model, name = PICTURES[noun]
    row = model.objects.get(slug=slug)
    setattr(row, name, photo)
    row.save()
    return row


def asked(client, noun, **query):
    slug, _, name = PICTURES[noun]
    answer = client.get(f"{API}{noun}/{slug}/", query)
    return answer, answer.json().get(name)


def file_of(client, photo):
    made = Rendition.objects.filter(photo=photo, crop="full", format="jpg").order_by("width").first()
    place = {"photo": photo.pk, "version": made.version, "crop": "full", "width": made.width, "format": "jpg"}
    return client.get(reverse("rendition", kwargs=place)).status_code


def agree(client, noun, photo):
    """What is delivered is served, what is not delivered is not; return which of the two holds."""
    shown = asked(client, noun)[1]
    served = file_of(client, photo)
    assert (shown is not None) is (served == 200), (shown, served)
    return shown is not None


@every_noun
def test_a_picture_is_shown_with_its_credit_in_the_entry_and_in_the_list(client, noun):
    photo = newsroom.photo()
    story().publish(now=timezone.now())
    assert not agree(client, noun, photo)
    give(noun, photo)
    assert agree(client, noun, photo)
    answer, shown = asked(client, noun)
    assert shown["id"] == str(photo.pk) and shown["credit"]["line"].startswith("Photo by Petra Lindqvist")
    assert shown["alt"] == "A woman in a red dress on a red carpet." and shown["image"]["src"]
    assert f"photo:{photo.pk}" in answer["Surrogate-Key"]
    listed = client.get(f"{API}{noun}/")
    (entry,) = [each for each in listed.json()["results"] if each["slug"] == PICTURES[noun][0]]
    assert entry[PICTURES[noun][2]] == shown and f"photo:{photo.pk}" in listed["Surrogate-Key"]


@every_noun
def test_a_picture_is_public_while_a_live_story_shows_the_entry(client, noun):
    photo, moment = newsroom.photo(), timezone.now()
    with time_machine.travel(moment, tick=False) as clock:
        made = story()
        give(noun, photo)
        assert file_of(client, photo) == 404
        made.publish(now=moment, at=moment + timedelta(seconds=10), ends=moment + timedelta(seconds=20))
        for seconds, public in ((9, False), (1, True), (9, True), (1, False)):
            clock.shift(seconds)
            assert agree(client, noun, photo) is public


@every_noun
def test_a_killed_picture_is_gone_at_once_and_caches_are_told(client, noun, settings):
    settings.PURGE_BACKEND = "varnish"
    photo = newsroom.photo()
    story().publish(now=timezone.now())
    give(noun, photo)
    assert agree(client, noun, photo)
    Purge.objects.all().delete()
    photo.kill(by=None, reason="The agency says so.")
    assert not agree(client, noun, photo) and file_of(client, photo) == 410
    assert any(f"photo:{photo.pk}" in purge.tags for purge in Purge.objects.all())
    photo.reinstate(by=None)
    assert agree(client, noun, photo)


@every_noun
def test_a_right_ends_to_the_second_and_no_cache_outlives_it(client, noun):
    photo, moment = newsroom.photo(kind="rights_managed"), timezone.now().replace(microsecond=0)
    until = moment + timedelta(seconds=20)
    with time_machine.travel(moment, tick=False) as clock:
        story().publish(now=moment)
        give(noun, photo)
        assert not agree(client, noun, photo), "a licence must be recorded first"
        photo.rights.create(effect="allow", until=until, placements=["card"])
        assert agree(client, noun, photo)
        answer, _ = asked(client, noun)
        assert "max-age=20" in answer["Cache-Control"] and "s-maxage=20" in answer["Cache-Control"]
        clock.shift(19)
        assert "s-maxage=1," in asked(client, noun)[0]["Cache-Control"] and agree(client, noun, photo)
        clock.shift(1)
        assert not agree(client, noun, photo) and file_of(client, photo) == 410


@every_noun
def test_a_right_for_the_lead_of_a_story_alone_shows_no_picture_of_an_entry(client, noun):
    photo = newsroom.photo()
    story().publish(now=timezone.now())
    give(noun, photo)
    photo.rights.create(effect="allow", placements=["lead"])
    assert not agree(client, noun, photo)


@every_noun
def test_a_corrected_credit_is_shown_at_once_and_told(client, noun, settings):
    settings.PURGE_BACKEND = "varnish"
    photo = newsroom.photo()
    story().publish(now=timezone.now())
    give(noun, photo)
    Purge.objects.all().delete()
    Delivery.objects.all().delete()
    photo.correct(by=None, credit="Photo by Ann Lee/Reuters")
    assert "Ann Lee" in asked(client, noun)[1]["credit"]["line"]
    assert any(f"photo:{photo.pk}" in purge.tags for purge in Purge.objects.all())


@every_noun
def test_a_channel_that_a_right_leaves_out_gets_no_picture(client, noun):
    site, photo = newsroom.site(), newsroom.photo()
    site.channels = [*site.channels, "newsletter"]
    site.save()
    story().publish(now=timezone.now())
    give(noun, photo)
    photo.rights.create(effect="deny", channels=["newsletter"])
    assert asked(client, noun)[1] and asked(client, noun, channel="newsletter")[1] is None


@every_noun
def test_readers_pay_no_statement_for_entries_without_pictures(client, noun, django_assert_num_queries):
    story().publish(now=timezone.now())
    with django_assert_num_queries(2 if noun == "sections" else 1):
        asked(client, noun)


def test_a_page_of_pictures_costs_the_same_however_many_there_are(client, django_assert_max_num_queries):
    tags = [newsroom.tag(f"Tag {n}") for n in range(6)]
    for tag in tags:
        tag.photo = newsroom.photo()
        tag.save()
    newsroom.article(tags=tags).publish(now=timezone.now())
    with django_assert_max_num_queries(16):
        shown = client.get(f"{API}tags/").json()["results"]
    assert all(entry["photo"] for entry in shown)


def test_a_section_asks_the_rights_of_its_own_title(client):
    from media.models import Site

    film = newsroom.section("Film")
    film.site = Site.objects.create(name="Marquee UK", url_template="https://uk.example.com{path}", territories=["GB"])
    film.save()
    story().publish(now=timezone.now())
    photo = newsroom.photo()
    photo.rights.create(effect="deny", territories=["GB"])
    give("sections", photo)
    assert not agree(client, "sections", photo)
    photo.rights.all().delete()
    photo.rights.create(effect="deny", territories=["FR"])
    assert agree(client, "sections", photo)


@every_noun
def test_the_photo_page_says_whose_picture_it_is_and_it_cannot_be_deleted(admin_client, noun):
    photo = newsroom.photo()
    story()
    row = give(noun, photo)
    page = admin_client.get(photo.get_absolute_url()).content.decode()
    assert f"{PICTURES[noun][2]} of the {row._meta.verbose_name}" in page and photo.is_used


@every_noun
def test_another_photo_takes_the_place_of_the_picture_too(client, admin_client, noun):
    old, new = newsroom.photo(seed=1), newsroom.photo(seed=2)
    story(lead=old).publish()
    row = give(noun, old)
    Endpoint.objects.create(name="front end", url="https://front.example.com/hook")
    answer = admin_client.post(reverse("admin:media_photo_exchange", args=[old.pk]), {"photo": str(new.pk)})
    assert answer.status_code == 302
    assert asked(client, noun)[1]["id"] == str(new.pk)
    assert Delivery.objects.filter(event=f"{row._meta.model_name}.changed").count() == 1
    row.refresh_from_db()
    assert not list(entries.holders(old)) and file_of(client, new) == 200


@every_noun
def test_photo_that_may_not_be_the_picture_takes_no_place(client, admin_client, noun):
    old, new = newsroom.photo(seed=1), newsroom.photo(seed=2)
    story().publish()
    give(noun, old)
    Right.objects.create(photo=new, effect="deny", placements=["card"])
    where = reverse("admin:media_photo_exchange", args=[old.pk])
    answer = admin_client.post(where, {"photo": str(new.pk)}, follow=True)
    assert "may not be shown as the picture of" in answer.content.decode()
    assert asked(client, noun)[1]["id"] == str(old.pk)


@every_noun
def test_swap_asks_who_may_change_the_entry(noun):
    old, new = newsroom.photo(seed=1), newsroom.photo(seed=2)
    story().publish()
    row = give(noun, old)
    colleague = User.objects.create_user("half", is_staff=True)
    colleague.user_permissions.add(*Permission.objects.filter(codename="publish_article"))
    with pytest.raises(PermissionDenied, match=f"change the picture of the {row._meta.model_name}"):
        swap(old, new, by=colleague)
    assert [held for _, held in entries.holders(old)] == [row]


@every_noun
def test_a_picture_is_chosen_on_the_page_of_the_entry(admin_client, noun):
    photo = newsroom.photo()
    story()
    slug, model, name = PICTURES[noun]
    row = model.objects.get(slug=slug)
    page = reverse(f"admin:articles_{model._meta.model_name}_change", args=[row.pk])
    form = admin_client.get(page).context["adminform"].form
    data = {key: "" if value is None else value for key, value in form.initial.items() if key != "handles"}
    data |= {"same_as": "", "aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0, name: str(photo.pk)}
    answer = admin_client.post(page, data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row.refresh_from_db()
    assert getattr(row, f"{name}_id") == photo.pk


LINES = {
    "x: @zoe\nInstagram: zoe.lund": {"x": "zoe", "instagram": "zoe.lund"},
    "https://twitter.com/zoe": {"x": "zoe"}, "https://www.instagram.com/zoe.lund/?hl=en": {"instagram": "zoe.lund"},
    "https://mstdn.example/@zoe": {"mastodon": "zoe@mstdn.example"}, "": {},
    "https://bsky.app/profile/zoe.example": {"bluesky": "zoe.example"},
}  # fmt: skip
WRONG = {
    "zoe": "Put the network before", "myspace: zoe": "is not a network we know", "x: zo e": "is not a name on x",
    "x: zoe\nx: zoa": "two names on x", "https://example.com/zoe": "is not a profile on", "http://[": "is not a web address",
    "mastodon: zoe": "zoe@mastodon.example", "x: " + "z" * 2001: "too long",
}  # fmt: skip


def change(admin_client, author, typed):
    page = reverse("admin:articles_author_change", args=[author.pk])
    return admin_client.post(page, {"name": author.name, "same_as": "", "slug": author.slug, "handles": typed})


@pytest.mark.parametrize("typed", LINES)
def test_names_on_networks_are_read_as_they_are_typed(client, admin_client, typed):
    author = newsroom.author()
    newsroom.article().publish(now=timezone.now())
    assert change(admin_client, author, typed).status_code == 302
    assert client.get(f"{API}authors/{author.slug}/").json()["handles"] == LINES[typed]


@pytest.mark.parametrize("typed", WRONG)
def test_a_wrong_name_on_a_network_is_refused_in_a_sentence_and_kept(admin_client, typed):
    answer = change(admin_client, newsroom.author(), typed)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert WRONG[typed] in page and typed.split("\n")[0] in page


def test_what_was_stored_past_every_form_is_not_delivered(client):
    author = newsroom.author()
    newsroom.article().publish(now=timezone.now())
    Author.objects.filter(pk=author.pk).update(handles={"x": "a b", "evil": "x", "mastodon": 5, "tiktok": "zoe"})
    assert client.get(f"{API}authors/{author.slug}/").json()["handles"] == {"tiktok": "zoe"}


def test_a_merged_work_keeps_the_poster_that_only_its_double_has():
    photo, one, double = newsroom.photo(), newsroom.work("The Glass Orchard"), newsroom.work("Glass Orchard")
    double.poster = photo
    double.save()
    one.absorb(double, by=None)
    one.refresh_from_db()
    assert one.poster == photo


def test_landing_text_is_delivered(client):
    story().publish(now=timezone.now())
    for noun, slug in (("sections", "film"), ("tags", "festival-season")):
        row = PICTURES[noun][1].objects.get(slug=slug)
        row.description, row.text = "A line.", "First.\n\nSecond."
        row.save()
        entry = client.get(f"{API}{noun}/{slug}/").json()
        assert (entry["description"], entry["text"]) == ("A line.", "First.\n\nSecond.")


EXPANDED = {"authors": ("authors", "photo"), "works": ("works", "poster")}


@pytest.mark.parametrize("noun", EXPANDED)
@pytest.mark.parametrize("address", [f"{API}articles/told/", f"{API}articles/"])
def test_an_expanded_reference_brings_its_picture_and_what_caches_must_know(client, noun, address):
    photo, moment = newsroom.photo(kind="rights_managed"), timezone.now().replace(microsecond=0)
    with time_machine.travel(moment, tick=False) as clock:
        made = story(slug="told")
        give(noun, photo)
        photo.rights.create(effect="allow", until=moment + timedelta(seconds=20), placements=["card"])
        made.publish(now=moment)

        def asked_for():
            answer = client.get(f"{address}?expand={noun}")
            found = answer.json()
            return answer, found.get("results", [found])[0][noun][0][EXPANDED[noun][1]]

        answer, shown = asked_for()
        assert shown == asked(client, noun)[1] and shown["id"] == str(photo.pk)
        assert "s-maxage=20," in answer["Cache-Control"] and f"photo:{photo.pk}" in answer["Surrogate-Key"]
        clock.shift(20)
        assert asked_for()[1] is None
    small = client.get(f"{address}?expand={noun}&fields={noun}({EXPANDED[noun][1]}(alt))")
    assert small.status_code == 200


def test_an_expanded_answer_is_never_confirmed_by_its_date(client):
    """What was expanded changes without the document: a killed photo must not outlive a question by date."""
    photo, moment = newsroom.photo(), timezone.now().replace(microsecond=0)
    with time_machine.travel(moment, tick=False) as clock:
        story(slug="told").publish(now=moment)
        give("authors", photo)
        clock.shift(60)
        since = client.get(f"{API}articles/told/")["Last-Modified"]
        photo.kill(by=None, reason="test")
        answer = client.get(f"{API}articles/told/?expand=authors", headers={"If-Modified-Since": since})
        assert answer.status_code == 200 and answer.json()["authors"][0]["photo"] is None
