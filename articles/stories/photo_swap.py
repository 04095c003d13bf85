"""Replaces one photo with another, in working copies, in live and coming editions, and as the picture of an entry."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from media.models import Photo, Site
from media.permissions import Actor, require

from ..history.audit import AuditEntry
from ..history.photo_use import PhotoUse
from ..live import entries
from .article import Article


@transaction.atomic
def fill_by(slot: Photo, photo: Photo, *, by: Actor | None = None, at: datetime | None = None) -> int:
    """Replace a slot with an existing photo in every working copy, and delete the slot. Return how many stories changed."""
    require(by, "media.change_photo", to="fill slots")
    at = at or timezone.now()
    if not slot.is_slot:
        raise ValidationError("This photo already has a file. Swap it instead.")
    _check(slot, photo)
    number = _in_working_copies(slot, photo, by=by, at=at)
    _hand_on(slot, photo)
    AuditEntry.record("photo.slot_filled", at=at, by=by, subject=str(photo.pk), note=f"instead of the slot “{slot}”")
    if not slot.is_used:
        slot.delete()
    return number


def _hand_on(slot: Photo, photo: Photo) -> None:
    """Give a photo what its slot says: the caption where it has none, the credit as a question to the photo desk."""
    house = slot.house_caption
    if house and house.text and not photo.captions.filter(kind="house").exclude(text="").exists():
        photo.captions.update_or_create(kind="house", defaults={"text": house.text})
    photo.hear_credit(slot.credit)


@transaction.atomic
def swap(old: Photo, new: Photo, *, by: Actor | None = None, at: datetime | None = None) -> int:
    """Show `new` instead of `old` in every story and entry of the directory. Return how many stories changed.

    Each story gets a minor edition of its live words; what editors have not published yet stays unpublished. Raises
    PermissionDenied if one of the published stories or of the entries is out of this user's reach.
    """
    require(by, "articles.publish_article", to="swap photos in live stories")
    at = at or timezone.now()
    _check(old, new)
    used = PhotoUse.objects.filter(photo=old.pk)
    keys = set(used.values_list("article", flat=True))
    # In the order of locks: all stories, then entries, then what stories change.
    Article.objects.hold(Article.objects.filter(pk__in=keys))
    _in_entries(old, new, by=by, at=at)
    for article in Article.objects.filter(pk__in=used.of_editions().values("article")).order_by("pk"):
        article.require_reach(by, to="swap this photo")
        _check_rights(article, old, new, at)
        _in_editions(article, old, new, by=by, at=at)
    _in_working_copies(old, new, by=by, at=at)
    type(old).objects.filter(pk=old.pk).update(replaced_by=new)
    AuditEntry.record("photo.swapped", at=at, by=by, subject=str(old.pk), note=f"for {new.pk}", documents=len(keys))
    return len(keys)


def _check(old: Photo, new: Photo) -> None:
    if new.pk == old.pk:
        raise ValidationError("Choose a photo other than this one.")
    if new.state != "ready":
        raise ValidationError("The other photo is not ready. Choose one that has a file and was not killed.")


def _check_rights(article: Article, old: Photo, new: Photo, at: datetime) -> None:
    """Raise ValidationError if the new photo may not be used in one of the old one's places."""
    for role in article.photo_uses.of_editions().filter(photo=old.pk).values_list("role", flat=True).distinct():
        placement = "card" if role == "social" else role
        decision = new.usable(article.site.use(at, placement=placement, article=article.pk, new=True))
        if not decision:
            raise ValidationError(f"The other photo may not be shown in “{article}”: {decision.reason}")


def _in_entries(old: Photo, new: Photo, *, by: Actor | None, at: datetime) -> None:
    """Make it the picture of each author, work, section and tag that has the old one."""
    for name, row in entries.holders(old):
        noun = row._meta.model_name
        require(by, f"articles.change_{noun}", to=f"change the picture of the {noun} “{row}”")
        site = row.site if noun == "section" else Site.objects.default()
        decision = new.usable(site.use(at, placement="card", new=True))
        if not decision:
            raise ValidationError(f"The other photo may not be shown as the picture of “{row}”: {decision.reason}")
        setattr(row, name, new)
        row.save()


def _in_working_copies(old: Photo, new: Photo, *, by: Actor | None, at: datetime) -> int:
    articles = Article.objects.filter(photo_uses__edition=None, photo_uses__photo=old.pk).distinct().order_by("pk")
    for article in articles:
        article.body = article.body.replace(str(old.pk), str(new.pk))
        for name in ("lead_photo", "social_photo", "stand_in_photo"):
            if getattr(article, f"{name}_id") == old.pk:
                setattr(article, name, new)
        article.save()
        article.keep(by=by, at=at)
    return len(articles)


def _in_editions(article: Article, old: Photo, new: Photo, *, by: Actor | None, at: datetime) -> None:
    """Replace the photo in live and coming editions. UUIDs are unique, so they are replaced as text."""
    article.lock()
    note = f"photo {old.pk} swapped for {new.pk}"
    article.revise_editions(
        lambda content: {key: _exchanged(value, str(old.pk), str(new.pk)) for key, value in content.items()},
        note=note,
        by=by,
        at=at,
    )
    article.rewrite_windows(at)
    AuditEntry.record("article.updated", at=at, by=by, article=article, note=note)


def _exchanged(value: Any, old: str, new: str) -> Any:
    return value.replace(old, new) if isinstance(value, str) else value
