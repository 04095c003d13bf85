"""Renders a version with current facts into a document, without reading or writing the database.

`Facts` holds the rows that a batch of versions refers to; `render` resolves one window against them. The same version
and the same facts give the same bytes. Pages are rendered always; another channel of the site only where its rights
say something else about a photo.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import escape
from typing import Any
from uuid import UUID

from rest_framework.utils.encoders import JSONEncoder

from media.listed import rows_of
from media.models import Photo
from media.photos import delivered as shown
from media.rights.decision import Use

from ..directory.handles import profiles
from ..directory.person import Person, Work
from ..history.kinds import kind_number
from ..history.timeline import FOREVER, Window
from ..history.version import links_of, original_of
from ..text import block_json, body
from ..text.body import Block, PhotoBlock
from ..text.own_links import Target, replace_links
from ..text.searchable import prose
from . import ledger, structured_data
from .document import Facet
from .facts import Facts
from .fast_serializer import writer
from .serializers import ArticleSerializer, CardSerializer

ARTICLE = writer(ArticleSerializer())
# A card ends with its lead.
BARE_FIELDS = tuple(name for name in CardSerializer().fields if name != "lead")
MORE_FIELDS = tuple(name for name in ArticleSerializer().fields if name not in (*BARE_FIELDS, "lead"))
ENCODER = JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True)
class Job:
    """One window of one article to render: the edition's fixed content and dates."""

    article: UUID
    slug: str
    content: dict
    number: int
    window: Window
    published_at: datetime
    updated_at: datetime | None
    ends_at: datetime | None
    corrections: tuple = ()
    left_out: frozenset = frozenset()


@dataclass(frozen=True)
class Rendering:
    """What is stored of a rendered document; `channels` are the bytes of those where readers get another one.

    `shown` is what the ledger notes of each photo; `text` is what search finds: headlines, standfirst, prose; `named`
    are the names of the people and works it is listed under, by (kind, key).
    """

    card: str
    document: str
    bare_card: str
    etag: str
    channels: dict
    path: str
    headline: str
    locale: str
    noindex: bool
    translation_of: UUID | None
    refresh_at: datetime
    facets: frozenset
    photos: frozenset
    links: frozenset
    shown: tuple
    text: tuple
    named: dict


@dataclass(frozen=True)
class Written:
    """The bytes of a document in one channel. The etag is that of both: a card shows what rights say about cards."""

    card: str
    document: str
    bare_card: str
    etag: str


class Renderer:
    """Resolves one job against the facts at `at`, for one channel of the site."""

    def __init__(
        self, job: Job, facts: Facts, at: datetime, channel: str = "web", blocks: list[Block] | None = None
    ) -> None:
        self.job, self.facts, self.content, self.channel = job, facts, job.content, channel
        self.at = max(at, job.window.live_from)
        self.site = facts.sites[job.content["site"]]
        self.blocks = body.split(job.content["body"]) if blocks is None else blocks
        self.edges: list[datetime] = []
        self.asked: dict[tuple[UUID, str], Photo] = {}
        self.shown: list[tuple] = []
        self.photos: set[UUID] = set()
        self.shown_people: dict[int, str] = {}

    # Photos

    def photo(self, key: UUID | str | None, placement: str, use_id: str, **own: Any) -> dict | None:
        """Return a photo as this use shows it, or None if it must not be shown now."""
        photo = self._known(key)
        if photo is None or str(key) in self.job.left_out:
            return None
        self.asked[photo.pk, placement] = photo
        return self._showing(photo, self._use(placement), use_id, **own)

    def _use(self, placement: str, channel: str = "") -> Use:
        return self.site.use(self.at, channel=channel or self.channel, placement=placement, article=self.job.article)

    def _showing(self, photo: Photo, use: Use, use_id: str, **own: Any) -> dict | None:
        decision = self.facts.usable(photo, use)
        common = self.facts.about(photo, self.site, decision) if decision else None
        if not common or common["image"] is None:
            return None
        people = [self._shown_person(link.person) for link in rows_of(photo, "people")]
        delivered = shown.use(common, people=people, use_id=use_id, **own)
        self.shown.append((photo, use.placement, delivered))
        return delivered

    def _known(self, key: UUID | str | None) -> Photo | None:
        """Return the photo's row and record that the document depends on it: it expires when a right begins or ends."""
        photo = self.facts.photos.get(UUID(str(key))) if key else None
        if photo is not None and photo.pk not in self.photos:
            self.photos.add(photo.pk)
            edge = self.facts.changes_after(photo, self.at, self.job.article)
            self.edges += [edge] if edge else []
        return photo

    def _shown_person(self, person: Person) -> dict:
        self.shown_people[person.pk] = person.slug
        return {"slug": person.slug, "name": person.name, "path": person.path}

    @cached_property
    def lead(self) -> dict | None:
        return self._lead("lead")

    @cached_property
    def card_lead(self) -> dict | None:
        """Return the lead of lists, which rights about cards decide; the ledger notes it if the story shows another."""
        noted = len(self.shown)
        found = self._lead("card")
        if found is None or (self.lead and self.lead["id"] == found["id"]):
            del self.shown[noted:]
        return found

    def _lead(self, placement: str) -> dict | None:
        content, own = self.content, self._lead_words | {"layout": self.content["lead_layout"]}
        lead = self.photo(content["lead_photo"], placement, "lead", **own) if content["lead_photo"] else None
        for key in self._stand_ins:
            self._known(key)
            lead = lead or (self.photo(key, placement, "lead", layout=content["lead_layout"]) if key else None)
        return lead

    @property
    def _lead_words(self) -> dict:
        """Return what the story says of its lead photo; what it does not say is taken from the photo."""
        content = self.content
        return {
            "caption_html": _escaped(content["lead_caption"]), "alt": content["lead_alt"],
            "decorative": content["lead_decorative"],
        }  # fmt: skip

    @property
    def _stand_ins(self) -> list:
        """Return what may stand in the place of the lead photo, if the story has one."""
        return [self.content["stand_in_photo"], self.site.stand_in_photo_id] if self.content["lead_photo"] else []

    @cached_property
    def shared_picture(self) -> dict | None:
        """Return what a shared link shows: the photo chosen for it, the lead, a stand-in. Each is asked as a card there."""
        if not self.site.has("social"):
            return None
        own = self.content["social_photo"]
        for key in [own, self.content["lead_photo"], *self._stand_ins, self.site.stand_in_photo_id]:
            photo, seen = self._known(key), {photo.pk for photo, *_ in self.shown}
            if photo is None or str(key) in self.job.left_out:
                continue
            use, lead = self._use("card", "social"), self._lead_words if key == self.content["lead_photo"] else {}
            if found := self._showing(photo, use, "social", **lead):
                if key != own and photo.pk in seen:
                    self.shown.pop()
                return shown.shared(photo, found, self.facts.usable(photo, use))
        return None

    def resolve(self) -> None:
        """Look up every photo, so that what the document depends on is known before it is written."""
        _ = self.lead, self.card_lead, self.body, self.shared_picture

    def in_other_channels(self) -> list["Renderer"]:
        """Return a renderer for each channel of the site in which a photo asked for here is decided upon otherwise."""
        channels, differing = self.site.page_channels, set()
        for (_, placement), photo in self.asked.items():
            differing |= self.facts.differing(photo, self._use(placement), channels)
        found = [channel for channel in channels if channel in differing]
        return [Renderer(self.job, self.facts, self.at, channel, self.blocks) for channel in found]

    def _place(self, block: PhotoBlock, placement: str) -> dict | None:
        own = {"layout": block.layout, "caption_html": block.caption, "alt": block.alt, "decorative": block.decorative}
        found = self.photo(block.photo, placement, block.id, **own)
        stand_in = self.content["stand_in_photo"]
        if found is None and stand_in and placement == "body":
            found = self.photo(stand_in, placement, block.id, layout=block.layout)
        return {**found, "caption_html": self._linked(found["caption_html"])} if found else self._notice(block)

    def _notice(self, block: PhotoBlock) -> dict | None:
        photo = self.facts.photos.get(block.photo)
        notice = next(iter(rows_of(photo, "notices")), None) if photo and photo.state != "ready" else None
        return {"id": block.id, "type": "notice", "text": notice.public_note} if notice else None

    # Body

    @cached_property
    def body(self) -> list[dict]:
        return [delivered for block in self.blocks if (delivered := self._block(block)) is not None]

    def _block(self, block: Block) -> dict | None:
        if isinstance(block, body.PhotoBlock):
            return self._place(block, "body")
        if isinstance(block, body.Gallery):
            places = [self._place(photo, "gallery") for photo in block.photos]
            photos = [place for place in places if place and place["type"] == "photo"]
            return (
                {"id": block.id, "type": "gallery", "title": block.title, "count": len(photos), "photos": photos}
                if photos
                else None
            )
        return self._link_up(block_json.to_typed([block])[0])

    def _link_up(self, block: dict) -> dict:
        for name in ("html", "caption_html"):
            if block.get(name):
                block[name] = self._linked(block[name])
        for item in block.get("items", ()):
            self._link_up(item)
        return block

    def _linked(self, html: str) -> str:
        return replace_links(html, self._address) if "<a " in html else html

    def _address(self, kind: str, key: str) -> Target | None:
        """Return where an internal link leads. A person or work is linked only if this story is tagged with it."""
        if kind == "article":
            target = self.facts.target(UUID(key), self.at)
        elif kind == "person":
            target, _ = self._people.get(self.facts.topics.get((kind, key)), (None, ""))
        else:
            target = self._works.get(self.facts.topics.get((kind, key)))
        return Target(self.site.url(target.path), target.slug, target.path) if target else None

    # The whole

    def values(self) -> dict:
        """Return what the serializers write."""
        values = self._words() | self._ids_and_addresses() | self._named() | self._dates() | {
            "review": self._review(), "lead": self.lead, "body": self.body, "related": self._related(),
            "toc": [{"id": b["id"], "level": b["level"], "text": b["text"]} for b in self.body if b["type"] == "heading"],
        }  # fmt: skip
        values["social"] = self._social(values)
        values["alternates"], values["is_translation"] = self._alternates(values), self.original is not None
        values["cache_tags"] = self._cache_tags(values["section"])
        values["fresh_until"] = None if self.refresh_at == FOREVER else self.refresh_at
        values["structured_data"] = structured_data.of(values, self.site)
        return values

    def _words(self) -> dict:
        """Return the text and check boxes that the editor filled in."""
        content = self.content
        headline = content["headline"]
        return {
            "kind": content["kind"], "label": content["label"] or None, "headline": headline,
            "headlines": {
                "short": content["headline_short"] or headline,
                "search": content["headline_search"] or headline,
                "social": content["headline_social"] or headline,
            },
            "standfirst": content["standfirst"], "locale": content["locale"] or self.site.locale,
            "word_count": content["word_count"], "reading_time_minutes": content["reading_time_minutes"],
            "flags": {
                "breaking": content["breaking"], "sensitive": content["sensitive"],
                "sponsored": content["sponsored"] or None, "noindex": content["noindex"],
            },
            "seo": {
                "title": content["seo_title"] or content["headline_search"] or headline,
                "description": content["seo_description"] or content["standfirst"],
                "robots": ["noindex"] if content["noindex"] else ["max-image-preview:large"],
            },
        }  # fmt: skip

    def _ids_and_addresses(self) -> dict:
        """Return the story's ids, addresses and section."""
        lineage = self.facts.lineage(self.content["section"])
        section_path = "/" + "".join(f"{each.slug}/" for each in lineage)
        path = f"{section_path}{self.job.slug}/"
        section = lineage[-1] if lineage else None
        return {
            "id": self.job.article, "slug": self.job.slug, "path": path, "url": self.site.url(path),
            "canonical_url": shown.web_address(self.content["canonical_url"]),
            "section": {"slug": section.slug, "name": section.name, "path": section_path} if section else None,
            "breadcrumbs": [_crumb(lineage, index) for index in range(len(lineage))],
        }  # fmt: skip

    def _named(self) -> dict:
        """Return the story's people, works, authors, tags and source, under their current names."""
        content, facts = self.content, self.facts
        authors = [(facts.authors[key], role) for key, role in content["authors"] if key in facts.authors]
        source = facts.sources.get(content["source"])
        return {
            "byline": content["byline"] or byline([author.name for author, role in authors if not role]),
            "authors": [
                {"slug": author.slug, "name": author.name, "path": author.path, "role": role, "job_title": author.job_title,
                 "same_as": _addresses(author.same_as) + profiles(author.handles)}
                for author, role in authors
            ],
            "source": {"name": source.name, "url": shown.web_address(source.url)} if source else None,
            "tags": [
                {"slug": tag.slug, "name": tag.name, "path": tag.path}
                for tag in (facts.tags[key] for key in content["tags"] if key in facts.tags)
            ],
            "people": [_person(person, role) for person, role in self._people.values()],
            "works": [_work(work) for work in self._works.values()],
        }  # fmt: skip

    @cached_property
    def _people(self) -> dict:
        """Return (person, role) by the person's current id; if two were merged, the first one named."""
        found: dict = {}
        for key, role in self.content["people"]:
            if key in self.facts.people:
                person = self.facts.people[key]
                found.setdefault(person.pk, (person, role))
        return found

    @cached_property
    def _works(self) -> dict:
        return {work.pk: work for key in self.content["works"] if (work := self.facts.works.get(key))}

    def _dates(self) -> dict:
        job = self.job
        return {
            "published_at": job.published_at, "updated_at": job.updated_at, "modified_at": job.window.live_from,
            "ends_at": job.ends_at, "edition": job.number,
            "corrections": [{"id": row.public_id, "kind": row.kind, "at": row.at, "text": row.text} for row in job.corrections],
        }  # fmt: skip

    def _review(self) -> dict | None:
        """Return the rating and the work it is about: the one chosen for it, else the only one the story is tagged with."""
        content, rated = self.content, self.content["review_rating"] is not None
        only = next(iter(self._works.values())) if rated and len(self._works) == 1 else None
        work = self.facts.works.get(content["review_work"]) or only
        if work is None and not rated:
            return None
        return {
            "work": _work(work) if work else None,
            "rating": float(content["review_rating"]) if rated else None,
            "scale": content["review_scale"], "verdict": content["review_verdict"],
        }  # fmt: skip

    def _related(self) -> list[dict]:
        targets = [self.facts.target(UUID(key), self.at) for key in self.content["related"]]
        return [{"slug": target.slug, "headline": target.headline, "path": target.path} for target in targets if target]

    def _alternates(self, values: dict) -> list[dict]:
        """Return where the story stands in each language, itself included; nothing if it is told in one only."""
        own = {name: values[name] for name in ("id", "locale", "slug", "path", "url")}
        found = {own["locale"]: own | {"is_original": False}}
        for each in self.facts.siblings(self.job.article, self.original, self.at):
            told = {"id": each.article_id, "is_original": each.article_id == self.original}
            address = {"slug": each.slug, "path": each.path, "url": self.facts.sites[each.site_id].url(each.path)}
            found.setdefault(each.locale, {"locale": each.locale} | told | address)
        return [found[locale] for locale in sorted(found)] if len(found) > 1 else []

    @property
    def original(self) -> UUID | None:
        return original_of(self.content)

    def _social(self, values: dict) -> dict:
        said = {"title": values["headlines"]["social"], "description": values["seo"]["description"]}
        return said | {"image": self.shared_picture}

    def _cache_tags(self, section: dict | None) -> list[str]:
        people = sorted({*(person.slug for person, _ in self._people.values()), *self.shown_people.values()})
        tags = [f"article:{self.job.article}", *(f"photo:{key}" for key in sorted(map(str, self.photos)))]
        return [*tags, *(f"person:{slug}" for slug in people), *([f"section:{section['slug']}"] if section else [])]

    @cached_property
    def links(self) -> frozenset:
        return links_of(self.content)

    @cached_property
    def refresh_at(self) -> datetime:
        edges = [
            *self.edges,
            *(edge for key in self.links for edge in self.facts.link_edges(key)),
            *self.facts.sibling_edges(self.job.article, self.original),
        ]
        return min([*(edge for edge in edges if edge > self.at), self.job.window.live_until])

    def facets(self) -> frozenset:
        """Return (kind, key) of everything the document is listed under or depends on."""
        content, kinds = self.content, Facet.Kind
        found = {(kinds.SECTION, section.pk) for section in self.facts.lineage(content["section"])}
        found |= set(self.named())
        found |= {(kinds.TAG, key) for key in content["tags"] if key in self.facts.tags}
        found |= {(kinds.AUTHOR, key) for key, _ in content["authors"] if key in self.facts.authors}
        found |= {(kinds.SHOWN_PERSON, key) for key in self.shown_people}
        found |= {(kinds.SOURCE, content["source"])} if content["source"] in self.facts.sources else set()
        found.add((kinds.LEAD, Facet.LEADS["any" if self.card_lead else "none"]))
        return frozenset(found | {(kinds.KIND, kind_number(content["kind"]))})

    def named(self) -> dict:
        """Return the names of the people and works the document is listed under, by (kind, key)."""
        kinds, reviewed = Facet.Kind, self.facts.works.get(self.content["review_work"])
        works = [*self._works.values(), *([reviewed] if reviewed else [])]
        people = {(kinds.PERSON, key): person.name for key, (person, _) in self._people.items()}
        return people | {(kinds.WORK, work.pk): work.title for work in works}


def render(job: Job, facts: Facts, at: datetime) -> Rendering:
    """Return the rendering of one window: the document, its card and what the index needs."""
    renderer = Renderer(job, facts, at)
    renderer.resolve()
    others = renderer.in_other_channels()
    _depend_on_the_same(renderer, others)
    values = renderer.values()
    web = _written(renderer, values)
    channels = {other.channel: _written(other, other.values()) for other in others}
    return Rendering(
        card=web.card, document=web.document, bare_card=web.bare_card, etag=web.etag,
        channels={name: each for name, each in channels.items() if each.etag != web.etag},
        path=values["path"], headline=values["headline"][:300],
        locale=values["locale"], noindex=values["flags"]["noindex"], translation_of=renderer.original, refresh_at=renderer.refresh_at, facets=renderer.facets(),
        photos=frozenset(renderer.photos), links=renderer.links, shown=tuple(ledger.line(*each) for each in renderer.shown), text=_text(values),
        named=renderer.named(),
    )  # fmt: skip


def _depend_on_the_same(renderer: Renderer, others: list[Renderer]) -> None:
    """One instant and one list of photos are kept for all channels of a document."""
    for other in others:
        other.resolve()
        renderer.edges += other.edges
        renderer.photos |= other.photos
        renderer.shown_people |= other.shown_people
    for other in others:
        other.edges = renderer.edges


def _written(renderer: Renderer, values: dict) -> Written:
    """Write a document and its card. A card is a bare card and its lead, a document its card and more: each part is written once."""
    whole = ARTICLE(values)
    bare, more = (dumps({name: whole[name] for name in names})[1:-1] for names in (BARE_FIELDS, MORE_FIELDS))
    shown_whole = f'{{{bare},"lead":{dumps(whole["lead"])}'
    document, card = f"{shown_whole},{more}}}", f"{shown_whole}}}"
    told = document
    if renderer.card_lead != renderer.lead:
        lead = ARTICLE(values | {"lead": renderer.card_lead})["lead"]
        card = f'{{{bare},"lead":{dumps(lead)}}}'
        told += card
    etag = hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
    return Written(card, document, f'{{{bare},"lead":null}}', etag)


def _text(values: dict) -> tuple[str, str, str]:
    headlines = dict.fromkeys([values["headline"], *values["headlines"].values()])
    lead = [values["lead"]] if values["lead"] else []
    review = values["review"] or {}
    small = filter(None, [review.get("verdict"), values["label"], values["seo"]["title"], values["seo"]["description"]])
    return " · ".join(headlines), values["standfirst"], " · ".join([prose([*values["body"], *lead]), *small])


def dumps(value: object) -> str:
    """Return compact JSON."""
    return ENCODER.encode(value)


def byline(names: Iterable[str]) -> str:
    """Return “By A”, “By A and B” or “By A, B and C”; an empty string for no authors."""
    names = list(names)
    if not names:
        return ""
    return "By " + (f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0])


def _work(work: Work) -> dict:
    return {
        "slug": work.slug,
        "title": work.title,
        "kind": work.kind,
        "path": work.path,
        "release_date": work.release_date,
    }


def _person(person: Person, role: str) -> dict:
    same_as = _addresses(person.same_as)
    return {"slug": person.slug, "name": person.name, "path": person.path, "role": role, "same_as": same_as}


def _addresses(given: list) -> list[str]:
    return list(filter(shown.web_address, given))


def _crumb(lineage: list, index: int) -> dict:
    path = "/" + "".join(f"{section.slug}/" for section in lineage[: index + 1])
    return {"name": lineage[index].name, "path": path}


def _escaped(text: str | None) -> str | None:
    return None if text is None else escape(text, quote=False)
