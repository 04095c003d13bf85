"""Builds the demo in the database, through the importer and the verbs a newsroom uses.

Loading may be interrupted and goes on where it stopped. Once it is through, an entry in the audit log says so and
nothing is ever loaded again: what a user changed or threw away stays changed and thrown away.
"""

import json
import secrets
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.db import transaction

from media.models import Agency, Photo, Right, Site

from ..imports.story import Known, to_html, understand
from ..live.refresh import refresh
from ..models import Address, Appearance, Article, AuditEntry, Author, LiveDocument, Person, Section, Tag, Work
from ..stories.links import relink
from ..text import body
from . import picture, story_text, world

LOADED = "demo.loaded"
COLLEAGUES = {
    "publisher": ("Wilhelmina", "Ashgrove-Bell", "publisher"),
    "editor": ("Corwin", "Tasker", "editor"),
    "photodesk": ("Anselm", "Torrey-Voss", "photo desk"),
    "writer": ("Delphine", "Marrow-Achebe", "writer"),
}
# Which entries have a picture: where world.json tells of them, their table, and the name of the field.
PICTURED: tuple[tuple[str, Any, str], ...] = (
    ("authors", Author, "photo"), ("works", Work, "poster"), ("sections", Section, "photo"),
)  # fmt: skip
# The draft that keeps its empty slots, so that a newcomer sees what an import leaves to do.
UNFILLED = "desert-street-style"


def is_loaded() -> bool:
    return AuditEntry.objects.filter(verb=LOADED).exists()


def load(now: datetime, say: Callable[[str], object] = print, *, only: set[str] | None = None) -> None:
    """Build the whole demo as of this instant, or only the stories named, with what they need."""
    if is_loaded():
        return
    stories = {name: plan for name, plan in world()["stories"].items() if only is None or name in only}
    demo = Demo(now, colleagues())
    demo.reference_rows()
    demo.photos = load_pictures(sorted(pictures_of(stories) | pictures_of_entries()), demo, say)
    demo.picture_entries()
    say(f"Importing {len(stories)} stories …")
    drafts = {name: demo.story(name) for name in stories}
    relate(drafts)
    for _, event in sorted(demo.events(drafts), key=lambda pair: pair[0]):
        event()
    for key in LiveDocument.objects.stale(now).values_list("pk", flat=True):
        refresh(key, now)
    AuditEntry.record(LOADED, at=now, note=f"{len(stories)} stories")


# Colleagues


def colleagues() -> dict[str, User]:
    """Return the demo's users by name, made where they are missing, each with a password of its own."""
    return {name: sign_up(name, *about) for name, about in COLLEAGUES.items()}


def sign_up(username: str, first_name: str = "", last_name: str = "", group: str = "", **fields: Any) -> User:
    """Return the user of this name; a new one gets a random password, kept in var/logins.json for the launcher."""
    users = get_user_model().objects
    if found := users.filter(username=username).first():
        return found
    password = secrets.token_urlsafe(9)
    user = users.create_user(
        username, f"{username}@example.com", password,
        first_name=first_name, last_name=last_name, is_staff=True, **fields,
    )  # fmt: skip
    user.groups.set(Group.objects.filter(name__iexact=group))
    remember(username, password)
    return user


def logins() -> dict[str, str]:
    """Return the passwords made on this machine, by user name; users may have changed theirs since."""
    path = settings.VAR_DIR / "logins.json"
    return json.loads(path.read_text()) if path.exists() else {}


def remember(username: str, password: str) -> None:
    path = settings.VAR_DIR / "logins.json"
    kept = logins() | {username: password}
    path.touch(mode=0o600)
    path.write_text(json.dumps(kept, indent=1))


# Pictures


def pictures_of(stories: dict) -> set[str]:
    found = set()
    for plan in stories.values():
        found |= {plan["lead"], *plan["photos"], *plan.get("gallery", {}).get("photos", [])}
    return found


def pictures_of_entries() -> set[str]:
    """Return the pictures of authors, works and sections."""
    return {about[name] for kind, _, name in PICTURED for about in world()[kind].values() if name in about}


def file_name(name: str) -> str:
    return f"{name}.jpg"


def load_pictures(names: list[str], demo: "Demo", say: Callable[[str], object]) -> dict[str, Photo]:
    """Return a photo for every picture; the missing ones are drawn by two processes while this one takes them in."""
    found = {name: Photo.objects.ready().filter(original_name=file_name(name)).first() for name in names}
    missing = [name for name, photo in found.items() if photo is None]
    if missing:
        say(f"Drawing {len(missing)} pictures …")
    for name, data in zip(missing, draw(missing), strict=True):
        found[name] = demo.photo(name, data)
    return found  # type: ignore[return-value]


def draw(names: list[str]) -> Iterator[bytes]:
    if len(names) < 4:
        yield from map(picture, names)
        return
    # Ctrl-C is for the parent, which ends the pool.
    ignore = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(2, get_context("spawn"), initializer=signal.signal, initargs=ignore) as pool:
        yield from pool.map(picture, names)


# Stories


@dataclass
class Demo:
    """The demo while it is being built: the instant it is told from, who acts, and the photos there are."""

    now: datetime
    users: dict
    photos: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world = world()
        self.site = Site.objects.default()
        if not Article.objects.exists():
            Site.objects.filter(pk=self.site.pk).update(**self.world["site"])
            self.site.refresh_from_db()

    def by(self, name: str, permission: str = "") -> User | None:
        """Return the colleague who does this, or None (the system) where roles were never set up."""
        user = self.users[name]
        return user if not permission or user.has_perm(permission) else None

    def reference_rows(self) -> None:
        """Make sections, tags, agencies, authors, people and works that are not there yet."""
        for about in self.world["agencies"].values():
            if not Agency.objects.named(about["name"]):
                agency = Agency.objects.create(name=about["name"], kind=about["kind"])
                agency.aliases.bulk_create(agency.aliases.model(agency=agency, name=name) for name in about["aliases"])
        for key, about in self.world["sections"].items():
            parent = self.row(Section, about["parent"]) if "parent" in about else None
            text = about.get("landing", "")
            self.make(
                Section,
                key,
                site=self.site,
                parent=parent,
                name=about["name"],
                description=about["description"],
                text=text,
            )
        for key, name in self.world["tags"].items():
            self.make(Tag, key, name=name)
        for key, about in self.world["authors"].items():
            fields = {"name": about["name"], "job_title": about["job_title"], "biography": about["description"]}
            self.make(Author, key, **fields, handles=about.get("handles", {}))
        for key, about in self.world["people"].items():
            self.make(Person, key, about["aliases"], name=about["name"], description=about["description"])
        for key, about in self.world["works"].items():
            fields = {name: about[name] for name in ("title", "kind", "release_date", "description")}
            self.make(Work, key, about["aliases"], **fields)

    def picture_entries(self) -> None:
        """Give authors, works and sections their pictures, unless somebody has changed that already."""
        for kind, model, name in PICTURED:
            for slug, about in self.world[kind].items():
                row = self.row(model, slug)
                if row and about.get(name) in self.photos and getattr(row, name) is None:
                    setattr(row, name, self.photos[about[name]])
                    row.save()

    def make(self, model: Any, slug: str, aliases: Iterable[str] = (), **fields: Any) -> None:
        if not self.row(model, slug):
            row = model.objects.create(slug=slug, **fields)
            for name in aliases:
                row.aliases.create(name=name)

    def row(self, model: Any, slug: str) -> Any:
        """Return what has or ever had this address."""
        address = Address.objects.filter(kind=model.address_kind, slug=slug).first()
        return model.objects.filter(pk=address.target).first() if address else None

    def rows(self, model: Any, slugs: Iterable[str]) -> list:
        return [row for row in (self.row(model, slug) for slug in slugs) if row]

    @transaction.atomic
    def photo(self, name: str, data: bytes) -> Photo:
        """Take a picture in as the photo desk would: its labels are read; words, people and rights are added."""
        plan = self.world["pictures"][name]
        # Upright pictures show people from head to foot: faces are in the upper part.
        middle = 0.27 if plan["spec"].get("shape") == "portrait" else 0.5
        by = self.by("photodesk", "media.add_photo")
        photo = Photo.objects.take(data, file_name(name), by=by, kind=plan["kind"], focal_y=middle)
        photo.captions.update_or_create(kind="house", defaults={"text": plan["caption"], "alt": plan["alt"]})
        for position, person in enumerate(self.rows(Person, plan["people"])):
            Appearance.objects.get_or_create(photo=photo, person=person, defaults={"position": position})
        # The desk looked: what was read from the instructions but is not meant for us no longer counts.
        photo.rights.filter(note__in=plan.get("dismissed", [])).update(standing=Right.Standing.DISMISSED)
        for right in plan["rights"]:
            self.right(photo, **right)
        return photo

    @property
    def known(self) -> Known:
        """What the newsroom knows, read once: nothing below adds an agency, a person or a work."""
        self._known = getattr(self, "_known", None) or Known.load()
        return self._known

    def right(self, photo: Photo, until_days: int | None = None, **fields: Any) -> None:
        until = self.now + timedelta(days=until_days) if until_days else None
        Right.objects.create(photo=photo, until=until, by=self.by("photodesk"), **fields)

    def text(self, name: str, *, at_first: bool = False) -> str:
        """Return a story's words, as they are now or as they were when it first went live."""
        text, state = story_text(name), self.world["stories"][name]["state"]
        for change in (state.get("corrected"), state.get("updated")):
            if change and at_first:
                text = text.replace(*change["was"])
        return text

    @transaction.atomic
    def story(self, name: str) -> Article:
        """Import a story and do what an editor does with the draft: slots, section, tags, standfirst."""
        plan, found = self.world["stories"][name], understand(self.text(name, at_first=True), self.known)
        if found.already:
            return found.already
        review = plan.get("review", {})
        article = found.draft(
            by=self.by("writer"), at=self.began(plan), created_at=self.began(plan),
            people=[(person, "main") for person in self.rows(Person, plan["people"])],
            works=self.rows(Work, plan["works"]),
            photos={} if name == UNFILLED else dict(enumerate(self.inside(plan))),
            kind=plan["kind"], section=self.row(Section, plan["section"]), lead_photo=self.photos[plan["lead"]],
            standfirst=plan.get("standfirst", ""), original_published_at=None,
            embargo_reason=plan["state"].get("embargo_reason", ""),
            review_work=self.row(Work, review["work"]) if review else None,
            review_rating=review.get("rating"), review_scale=review.get("scale", 5),
            review_verdict=review.get("verdict", ""), locale=plan.get("locale", ""),
            **self.words_of_lead(plan),
        )  # fmt: skip
        self.finish(article, plan)
        article.record(by=self.by("writer"), at=self.began(plan))
        return article

    def inside(self, plan: dict) -> list[Photo]:
        return [self.photos[name] for name in plan["photos"]]

    def began(self, plan: dict) -> datetime:
        return self.now - timedelta(hours=plan["state"].get("hours_ago", 0) + 3)

    def finish(self, article: Article, plan: dict) -> None:
        relink(article, tags=self.rows(Tag, plan["tags"]))
        article.body = self.laid_out(article.body, plan)  # type: ignore[assignment]
        article.save()
        if plan["state"].get("restricted"):
            superusers = get_user_model().objects.filter(is_superuser=True)
            article.restricted_to.set([self.users["editor"], self.users["publisher"], *superusers])

    def laid_out(self, html: str, plan: dict) -> str:
        """Return the text with its gallery, and without the photo that leads: front ends show that one above the text."""
        lead = self.photos[plan["lead"]].pk
        told = [block for block in body.split(html) if not (isinstance(block, body.PhotoBlock) and block.photo == lead)]
        said = {self.photos[name].pk: words for name, words in plan.get("captions", {}).items()}
        return body.join([_said(block, said) for block in told]) + self.gallery(plan)

    def words_of_lead(self, plan: dict) -> dict[str, str]:
        """Return the caption and alt that a translation gives to the photo that leads."""
        return {f"lead_{name}": text for name, text in plan.get("captions", {}).get(plan["lead"], {}).items()}

    def gallery(self, plan: dict) -> str:
        if "gallery" not in plan:
            return ""
        photos = [body.PhotoBlock("", self.photos[name].pk) for name in plan["gallery"]["photos"]]
        return body.join([body.Gallery("", plan["gallery"]["title"], tuple(photos))])

    # What happened to a story after it was written

    def events(self, drafts: dict[str, Article]) -> Iterator[tuple[datetime, Callable]]:
        """Yield what happened in the past and what is planned, each with its instant."""
        for name, article in drafts.items():
            state = self.world["stories"][name]["state"]
            if article.editions.exists():
                continue
            if state["now"] == "live":
                at = self.ago(state)
                yield at, partial(self.publish, article, now=at)
            elif state["now"] == "scheduled":
                at = self.now + timedelta(hours=state["hours_ahead"])
                yield at, partial(self.publish, article, now=self.now, at=at)
            for kind in ("corrected", "updated"):
                if kind in state:
                    yield self.ago(state[kind]), partial(self.change, name, article, kind)

    def ago(self, state: dict) -> datetime:
        return self.now - timedelta(hours=state["hours_ago"])

    def publish(self, article: Article, **how: Any) -> None:
        article.publish(by=self.by("publisher", "articles.publish_article"), **how)

    def change(self, name: str, article: Article, kind: str) -> None:
        """Bring a live story to its present words, as a correction or an update."""
        plan = self.world["stories"][name]
        about = plan["state"][kind]
        story = understand(self.text(name), self.known).story
        article.body = self.laid_out(to_html(story, self.inside(plan)), plan)  # type: ignore[assignment]
        article.save()
        note = {"public_note": about["text"]} if kind == "corrected" else {"note": about["note"]}
        self.publish(article, now=self.ago(about), kind="correction" if kind == "corrected" else "update", **note)


def _said(block: body.Block, words: dict[UUID, dict[str, str]]) -> body.Block:
    """Return a photo with the caption and alt that its story gives it; any other block as it is."""
    own = words.get(block.photo) if isinstance(block, body.PhotoBlock) else None
    return (
        replace(block, caption=own["caption"], alt=own["alt"]) if isinstance(block, body.PhotoBlock) and own else block
    )


def relate(drafts: dict[str, Article]) -> None:
    """Link the stories that belong together or tell the same, before any of them goes live."""
    for name, article in drafts.items():
        original = drafts.get(world()["stories"][name].get("translation_of", ""))
        if original and article.translation_of is None and not article.editions.exists():
            article.translation_of = original
            article.save()
            article.record(at=article.saved_at)
        related = [drafts[other] for other in world()["stories"][name].get("related", []) if other in drafts]
        if related and not article.editions.exists():
            relink(article, related=related)
            article.record(at=article.saved_at)
