"""List the photos that readers see and that go dark when documents are built anew under the present rules."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from articles.live.facts import Facts
from articles.models import ChannelBytes, LiveDocument, LiveDocumentBody
from media.counted import counted
from media.models import Photo, Site
from media.rights.decision import DEFAULTS, Use, surfaces

BATCH = 500
Place = dict[str, Any]


class Command(BaseCommand):
    help = (
        "List the live photos that go dark under the rules of this release, with story, place, channel and reason. "
        "Run it after the upgrade and before rebuild_live --all. It changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="JSON lines, one for each place in each channel.")

    def handle(self, *, json: bool, **options: Any) -> None:
        stories, photos, count = set(), set(), 0
        for place in places(timezone.now()):
            stories.add(place["story"])
            photos.add(place["photo"])
            count += 1
            self.stdout.write(line(place) if json else sentence(place))
        if not json:
            told = [
                counted(len(photos), "photo", "photos"),
                counted(len(stories), "story", "stories"),
                counted(count, "place", "places"),
            ]
            self.stdout.write("To go dark: {} in {}, {} in all.".format(*told) if count else "No live photo goes dark.")


def line(place: Place) -> str:
    return json.dumps(place, ensure_ascii=False)


def sentence(place: Place) -> str:
    return f"{place['path']}: {place['place']} photo {place['photo']} in {place['channel']} ({place['placement']}). {place['why']}"


def places(now: datetime) -> Iterator[Place]:
    """Yield every place where readers see a photo that the present rules refuse and those of the release before allowed."""
    sites, after = {site.pk: site for site in Site.objects.all()}, 0
    live = LiveDocument.objects.live(now).order_by("pk")
    columns = ("pk", "article_id", "slug", "path", "site_id", "bytes__shown")
    while rows := list(live.filter(pk__gt=after).values_list(*columns)[:BATCH]):
        after = rows[-1][0]
        keys = {each["photo"] for *_, shown in rows for each in shown}
        photos, facts = {str(row.pk): row for row in Photo.objects.filter(pk__in=keys).with_facts()}, Facts()
        for document, article, slug, path, site, shown in rows:
            for each in shown:
                photo = photos.get(each["photo"])
                for more in going_dark(facts, photo, sites[site], each["role"], article, now) if photo else ():
                    if is_shown(document, each["photo"], more["channel"], more["placement"]):
                        yield {"story": slug, "path": path, "photo": each["photo"]} | more


def is_shown(document: int, photo: str, channel: str, placement: str) -> bool:
    """Return whether the stored bytes show it there still: they may have been built anew already."""
    if channel not in ("web", "social"):
        return not ChannelBytes.objects.filter(document=document, channel=channel).exists()
    stored = LiveDocumentBody.objects.get(document=document)
    if channel == "social":
        return photo in str(json.loads(stored.document_json)["social"]["image"])
    lead = json.loads(stored.card)["lead"] if placement == "card" else None
    return placement != "card" or bool(lead and lead["id"] == photo)


def going_dark(facts: Facts, photo: Photo, site: Site, role: str, article: UUID, now: datetime) -> Iterator[Place]:
    """Yield the channels and placements in which a photo that is shown in this role no longer is."""
    role = "social" if role == "card" else role
    on_page = "card" if role == "social" else role
    for channel, placement in surfaces(role, site.channels):
        decision = facts.usable(photo, site.use(now, channel=channel, placement=placement, article=article))
        before = [site.use(now, placement=on_page, article=article)]
        if channel in ("feed", "syndication"):
            before.append(site.use(now, channel=channel, article=article))
        if not decision and all(stood(facts, photo, use) for use in before):
            yield {"place": role, "channel": channel, "placement": placement, "why": decision.reason}


def stood(facts: Facts, photo: Photo, use: Use) -> bool:
    """Return whether the release before allowed a use: it left what no license names to the default of the photo's kind."""
    decision = facts.usable(photo, use)
    return decision.usable or (decision.left_out and use.channel in DEFAULTS[photo.kind].channels)
