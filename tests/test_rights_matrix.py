"""Rights as readers meet them: every surface, in every channel, agrees with one table, a second before and after an edge.

A right names a channel, a place, both or neither, on a photo of each kind. Pairs of these are asked in the suite, all
combinations with MARQUEE_LONG=1.
"""

import os
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import combinations, product

import pytest
import time_machine
from django.utils import timezone

from articles.models import LiveDocument
from media.models import Photo, Rendition, Right
from media.photos.delivered import place

from . import newsroom

pytestmark = pytest.mark.django_db
LONG = bool(os.environ.get("MARQUEE_LONG"))
EDGE = datetime(2031, 5, 4, 12, tzinfo=UTC)
READERS = ("web", "feed", "newsletter", "social", "app")
CHANNELS = (*READERS, "syndication")
PLACEMENTS = ("lead", "body", "gallery", "card")
# Where each kind may be shown if no right is recorded, and whether others license it to us: written from the documents.
KINDS = {
    "staff": (CHANNELS, False), "agency": (READERS, True), "rights_managed": ((), True), "handout": (READERS, False),
    "screengrab": (("web", "app", "feed"), True), "social": ((), True), "creative_commons": (CHANNELS, False),
    "public_domain": (CHANNELS, False), "ai_generated": (READERS, False),
}  # fmt: skip
# Effect, and what it names; an allow ends at the edge, a deny begins there.
FORMS = {
    "none": None, "allow all": ("allow", ()), "allow channel": ("allow", ("channel",)),
    "allow place": ("allow", ("place",)), "allow both": ("allow", ("channel", "place")), "allow print": ("allow", ("print",)),
    "deny all": ("deny", ()), "deny channel": ("deny", ("channel",)), "deny place": ("deny", ("place",)),
    "deny both": ("deny", ("channel", "place")),
}  # fmt: skip
EVERYTHING = list(product(CHANNELS, PLACEMENTS, KINDS, FORMS))
AT_ONCE = 45
BATCHES = 48 if LONG else 3


@cache
def asked() -> list[tuple]:
    """Return few cases among which every two values of two different columns meet; all of them where time is given."""
    if LONG:
        return EVERYTHING
    missing = {pair for case in EVERYTHING for pair in combinations(enumerate(case), 2)}
    found = []
    while missing:
        case = max(EVERYTHING, key=lambda case: sum(pair in missing for pair in combinations(enumerate(case), 2)))
        missing -= set(combinations(enumerate(case), 2))
        found.append(case)
    return found


def allowed(case: tuple, channel: str, placement: str, has_passed: bool) -> bool:
    """Say what the desk means by a right, in other words than the code does."""
    named_channel, named_place, kind, form = case
    usual, is_licensed = KINDS[kind]
    if FORMS[form] is None:
        return channel in usual
    effect, named = FORMS[form]
    channels = {named_channel} if "channel" in named else {"print"} if "print" in named else None
    places = {named_place} if "place" in named else None
    speaks = (channels is None or channel in channels) and (places is None or placement in places)
    if effect == "deny":
        return channel in usual and not (speaks and has_passed)
    if speaks:
        return not has_passed
    is_for_readers = channels is None or bool(channels & set(READERS))
    if is_licensed and is_for_readers and channel in READERS:
        return False
    return channel in usual


def stories(cases: list[tuple]) -> dict[str, Photo]:
    """Publish a story for each case: one photo as its lead, in its text and in its gallery. Return the photos by slug."""
    model = newsroom.photo(kind="staff")
    files = list(Rendition.objects.filter(photo=model))
    found = {}
    for number, case in enumerate(cases):
        photo = Photo.objects.get(pk=newsroom.photo(kind="staff", slot=True).pk)
        names = ("state", "file", "format", "sha256", "byte_size", "width", "height", "version", "delivered")
        Photo.objects.filter(pk=photo.pk).update(**{name: getattr(model, name) for name in names})
        for row in files:
            row.pk, row.photo = None, photo
        Rendition.objects.bulk_create(files)
        figure = f'<figure data-photo="{photo.pk}"></figure>'
        text = f"<p>Words about the carpet.</p>{figure}<div data-gallery>{figure}</div>"
        slug = f"case-{number}"
        newsroom.article("On the carpet", slug=slug, lead=photo, body=text).publish(now=timezone.now())
        Photo.objects.filter(pk=photo.pk).update(kind=case[2])
        grant(photo, case)
        found[slug] = Photo.objects.get(pk=photo.pk)
    LiveDocument.objects.all().mark_stale(timezone.now())
    return found


def grant(photo: Photo, case: tuple) -> None:
    channel, placement, _, form = case
    if FORMS[form] is None:
        return
    effect, named = FORMS[form]
    Right.objects.create(
        photo=photo, effect=effect, channels=[channel] if "channel" in named else ["print"] if "print" in named else [],
        placements=[placement] if "place" in named else [], **{"until" if effect == "allow" else "starts": EDGE},
    )  # fmt: skip


def in_document(document: dict) -> dict[str, bool]:
    types = [block["type"] for block in document["body"]]
    shown = {"lead": bool(document["lead"]), "body": "photo" in types, "gallery": "gallery" in types}
    pictures = document["structured_data"].get("image", []) + document["structured_data"].get("hasPart", [])
    assert bool(pictures) == any(shown.values())
    assert len(pictures) >= sum(shown.values())
    return shown


def surfaces(client, photos: dict[str, Photo]) -> dict[str, dict[tuple, bool]]:
    """Return what each story shows now, by channel and placement, as readers get it; the file under ("file", "")."""
    found: dict[str, dict[tuple, bool]] = {slug: {} for slug in photos}
    for channel in ("web", "app", "newsletter", "feed", "syndication"):
        for slug in photos:
            document = client.get(f"/api/v1/articles/{slug}/?channel={channel}").json()
            found[slug] |= {(channel, name): shown for name, shown in in_document(document).items()}
            found[slug]["social", "card"] = bool(document["social"]["image"])
        for card in client.get(f"/api/v1/articles/?page_size=100&channel={channel}").json()["results"]:
            found[card["slug"]][channel, "card"] = bool(card["lead"])
    for item in client.get("/feeds/feed.json?full=1").json()["items"]:
        slug = item["url"].rstrip("/").rsplit("/", 1)[-1]
        expected = sum(found[slug]["feed", name] for name in ("lead", "body", "gallery"))
        assert item["content_html"].count("<img") == expected, slug
        assert bool(item.get("image")) == found[slug]["feed", "lead"], slug
    sitemap = client.get("/sitemap-articles.xml").content.decode()
    for entry in re.findall("<url>.*?</url>", sitemap, re.DOTALL):
        slug = re.search(r"/(case-\d+)/", entry)[1]
        assert ("image:image" in entry) == any(found[slug]["web", name] for name in ("lead", "body", "gallery")), slug
    for slug, photo in photos.items():
        ninjs = client.get(f"/api/v1/articles/{slug}/?format=ninjs").json()
        expected = sum(found[slug]["syndication", name] for name in ("lead", "body", "gallery"))
        assert len(ninjs.get("associations", [])) == expected, slug
        address = place(f"/photos/{photo.pk}/{photo.version}/{{crop}}-{{width}}.{{format}}", "full", 640, "jpg")
        found[slug]["file", ""] = client.get(address).status_code == 200
    return found


def test_batches_hold_every_case():
    assert (BATCHES - 1) * AT_ONCE < len(asked()) <= BATCHES * AT_ONCE


@pytest.mark.parametrize("number", range(BATCHES))
def test_every_surface_agrees_with_the_table_at_the_edges(client, number, settings):
    settings.PUBLIC_URL = "https://cms.example.com"
    site = newsroom.site()
    site.channels = list(CHANNELS)
    site.save()
    agree(client, asked()[number * AT_ONCE : (number + 1) * AT_ONCE])


def agree(client, cases: list[tuple]) -> None:
    with time_machine.travel(EDGE - timedelta(hours=1), tick=False):
        photos = stories(cases)
    for seconds in (-1, 0, 1):
        with time_machine.travel(EDGE + timedelta(seconds=seconds), tick=False):
            found = surfaces(client, photos)
        for case, (slug, shown) in zip(cases, found.items(), strict=True):
            places = [(channel, name) for channel, name in product(CHANNELS, PLACEMENTS) if channel != "social"]
            expected = {each: allowed(case, *each, seconds >= 0) for each in [*places, ("social", "card")]}
            expected["file", ""] = any(expected.values())
            wrong = {each: shown[each] for each in shown if shown[each] != expected[each]}
            assert not wrong, (case, seconds, slug)
