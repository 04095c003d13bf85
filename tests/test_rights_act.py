"""A right that ends, a kill, a replaced file: what readers get changes at that second, with no worker."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from articles.live import refresh
from articles.models import AuditEntry, LiveDocument, Version
from articles.stories.photo_swap import fill_by, swap
from media.models import Caption, Photo, Right, Usage

from . import newsroom

pytestmark = pytest.mark.django_db


def read(story, at) -> dict:
    """Return what a reader gets of a story at this instant."""
    row = LiveDocument.objects.live(at).get(article=story)
    if row.refresh_at <= at:
        row = refresh.refresh(row.pk, at)
    return json.loads(row.bytes.document_json)


def shows(story, photo, at) -> bool:
    found = json.dumps(read(story, at))
    return str(photo.pk) in found.replace(f'"photo:{photo.pk}"', "")


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


def test_killed_photo_leaves_every_live_article(editor, now):
    photo = newsroom.photo()
    stories = [newsroom.article(f"Story {number}", lead=photo, photos=[photo]) for number in range(3)]
    for story in stories:
        story.publish(now=now)
    assert all(shows(story, photo, now) for story in stories)
    photo.kill(by=editor, reason="wrong person", at=now + timedelta(minutes=1))
    later = now + timedelta(minutes=1)
    assert not any(shows(story, photo, later) for story in stories)
    assert not any(photo.pk == usage.photo for usage in Usage.objects.live(later + timedelta(seconds=1)))
    photo.reinstate(by=editor, at=later + timedelta(minutes=1))
    assert all(shows(story, photo, later + timedelta(minutes=1)) for story in stories)


def test_a_notice_to_readers_stands_where_the_photo_was(editor, now):
    photo = newsroom.photo()
    story = newsroom.article(photos=[photo])
    story.publish(now=now)
    photo.kill(by=editor, reason="court order", public_note="A picture was removed.", at=now)
    assert {"type": "notice", "text": "A picture was removed."}.items() <= next(
        block for block in read(story, now)["body"] if block["type"] == "notice"
    ).items()


def test_a_right_that_ends_takes_the_photo_along_at_its_second(now):
    photo, end = newsroom.photo(), now + timedelta(hours=2)
    Right.objects.create(photo=photo, effect="allow", until=end)
    story = newsroom.article(lead=photo)
    story.publish(now=now)
    assert shows(story, photo, end - timedelta(seconds=1))
    assert not shows(story, photo, end)


def test_an_agencys_denial_reaches_every_photo_that_names_it(now):
    photo = newsroom.photo()
    story = newsroom.article(lead=photo)
    story.publish(now=now)
    agency = photo.credit.agencies.get()
    Right.objects.create(agency=agency, effect="deny", starts=now + timedelta(days=1), note="contract ends")
    assert shows(story, photo, now + timedelta(hours=23))
    assert not shows(story, photo, now + timedelta(days=1))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda photo: rename(photo.credit.agencies.get(), "Getty Pictures"), "Getty Pictures"),
        (lambda photo: rename(photo.credit.photographers.get(), "Petra Lindström"), "Petra Lindström"),
        (lambda photo: caption(photo, text="Mara Okonjo, in blue."), "Mara Okonjo, in blue."),
        (lambda photo: caption(photo, alt="A woman in blue."), "A woman in blue."),
        (lambda photo: photo.correct(by=None, credit="Ida Brandt/AP"), "Photo by Ida Brandt/AP"),
    ],
)
def test_one_correction_reaches_every_live_use(now, change, found):
    photo = newsroom.photo()
    stories = [newsroom.article("One", lead=photo), newsroom.article("Two", photos=[photo])]
    for story in stories:
        story.publish(now=now)
    change(Photo.objects.get(pk=photo.pk))
    later = timezone.now() + timedelta(seconds=1)
    assert all(found in json.dumps(read(story, later), ensure_ascii=False) for story in stories)


def rename(row, name):
    row.name = name
    row.save()


def caption(photo, **fields):
    row = Caption.objects.get(photo=photo, kind="house")
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def test_the_ledger_keeps_what_was_shown_before_a_correction(now):
    photo = newsroom.photo()
    story = newsroom.article(lead=photo)
    story.publish(now=now)
    rename(photo.credit.agencies.get(), "Getty Pictures")
    read(story, timezone.now() + timedelta(seconds=1))
    credits = list(Usage.objects.filter(photo=photo.pk).order_by("live_from").values_list("credit", flat=True))
    assert credits == [
        "Photo by Petra Lindqvist/Getty Images for StreamCo",
        "Photo by Petra Lindqvist/Getty Pictures for StreamCo",
    ]


def test_a_swap_shows_the_other_photo_in_live_coming_and_working_copies(editor, now):
    old, new = newsroom.photo(caption="The old one."), newsroom.photo(caption="The new one.")
    story = newsroom.article(lead=old, photos=[old])
    story.publish(now=now)
    story.headline = "Not published yet"
    story.save()
    story.record()
    story.publish(at=now + timedelta(hours=1), now=now)
    assert swap(old, new, by=editor, at=now + timedelta(minutes=1)) == 1
    for instant, headline in (
        (now + timedelta(minutes=1), "Mara Okonjo returns"),
        (now + timedelta(hours=1), "Not published yet"),
    ):
        assert read(story, instant)["headline"].startswith(headline)
        assert shows(story, new, instant)
        assert not shows(story, old, instant)
    story.refresh_from_db()
    assert story.photo_ids() == [new.pk]
    assert AuditEntry.objects.filter(verb="photo.swapped", by=editor).exists()


def test_a_swap_leaves_unpublished_words_unpublished(now):
    old, new = newsroom.photo(), newsroom.photo()
    story = newsroom.article(lead=old)
    story.publish(now=now)
    story.headline = "A secret draft"
    story.save()
    story.record()
    swap(old, new, at=now + timedelta(minutes=1))
    assert "A secret draft" not in json.dumps(read(story, now + timedelta(minutes=1)))
    assert Version.objects.filter(article=story).order_by("-number").first().content["headline"] == "A secret draft"


def test_a_swap_for_a_killed_photo_is_refused(editor, now):
    old, new = newsroom.photo(), newsroom.photo()
    new.kill(by=editor, reason="x")
    with pytest.raises(ValidationError, match="not ready"):
        swap(old, new, by=editor)


def test_a_slot_is_replaced_in_every_working_copy(now):
    slot, photo = newsroom.photo(slot=True), newsroom.photo()
    stories = [newsroom.article("One", lead=slot), newsroom.article("Two", photos=[slot])]
    for story in stories:
        story.record()
    assert fill_by(slot, photo) == 2
    for story in stories:
        story.refresh_from_db()
        assert story.photo_ids() == [photo.pk]
    assert not Photo.objects.filter(pk=slot.pk).exists()


@pytest.mark.parametrize(
    "verb",
    [
        lambda photo, by: photo.kill(by=by, reason="x"),
        lambda photo, by: photo.reinstate(by=by),
        lambda photo, by: photo.focus(0.1, 0.1, by=by),
        lambda photo, by: photo.redact([], by=by),
        lambda photo, by: photo.correct(caption="x", by=by),
        lambda photo, by: photo.replace_file(b"", by=by),
        lambda photo, by: Photo.objects.take(newsroom.jpeg(64, 64), "a.jpg", by=by),
        lambda photo, by: swap(photo, photo, by=by),
        lambda photo, by: fill_by(photo, photo, by=by),
    ],
)
def test_every_verb_asks_who_may(outsider, verb):
    with pytest.raises(PermissionDenied, match="You can’t"):
        verb(newsroom.photo(), outsider)


def test_the_table_answers_as_the_photo_does(now):
    site = newsroom.site(territories=["DE", "FR"])
    photos = [newsroom.photo() for _ in range(7)]
    rows = [
        {}, {"effect": "deny"}, {"effect": "deny", "territories": ["US"]}, {"effect": "deny", "until": now},
        {"effect": "allow", "territories": ["DE"]}, {"effect": "allow", "territories": ["DE", "FR", "AT"]},
        {"effect": "deny", "channels": ["print"]},
    ]  # fmt: skip
    for photo, row in zip(photos, rows, strict=True):
        if row:
            Right.objects.create(photo=photo, **row)
    photos.append(newsroom.photo(kind="rights_managed"))
    Right.objects.create(agency=photos[0].credit.agencies.get(), effect="deny", territories=["IT"])
    for territories in ([], ["DE", "FR"], ["IT"], ["US"]):
        site.territories = territories
        for channel in ("web", "print"):
            use = site.use(now, channel=channel)
            one_by_one = {photo.pk for photo in Photo.objects.with_facts() if photo.usable(use)}
            assert set(Photo.objects.usable(use).values_list("pk", flat=True)) == one_by_one, (territories, channel)
