"""One photo in the place of another: in working copies, and in what is live or coming."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from media.permissions import require

from .models import Article, AuditEntry, PhotoUse, Version
from .models.version import content_hash


@transaction.atomic
def fill_by(slot, photo, *, by=None, at=None) -> int:
    """Put an existing photo where a slot stands, in every working copy; the empty slot is deleted. Returns how many stories."""
    require(by, "media.change_photo", to="fill slots")
    at = at or timezone.now()
    if not slot.is_slot:
        raise ValidationError("This photo has its file already. Swap it instead.")
    _check(slot, photo)
    number = _in_working_copies(slot, photo, by=by, at=at)
    AuditEntry.record("photo.slot_filled", at=at, by=by, subject=str(photo.pk), note=f"instead of slot {slot.pk}")
    if not slot.is_used:
        slot.delete()
    return number


@transaction.atomic
def swap(old, new, *, by=None, at=None) -> int:
    """Show `new` instead of `old` in every live and coming edition and in every working copy. Returns how many stories.

    Each story gets a minor edition of its live words; what editors have not published yet stays unpublished.
    """
    require(by, "articles.publish_article", to="swap photos in live stories")
    at = at or timezone.now()
    _check(old, new)
    used = PhotoUse.objects.filter(photo=old.pk)
    keys = set(used.values_list("article", flat=True))
    for article in Article.objects.filter(pk__in=used.of_editions().values("article")).order_by("pk"):
        _check_rights(article, old, new, at)
        _in_editions(article, old, new, by=by, at=at)
    _in_working_copies(old, new, by=by, at=at)
    type(old).objects.filter(pk=old.pk).update(replaced_by=new)
    AuditEntry.record("photo.swapped", at=at, by=by, subject=str(old.pk), note=f"for {new.pk}", documents=len(keys))
    return len(keys)


def _check(old, new) -> None:
    if new.pk == old.pk:
        raise ValidationError("Choose another photo than this one.")
    if new.state != "ready":
        raise ValidationError("The other photo is not ready. Choose one that has its file and is not killed.")


def _check_rights(article, old, new, at) -> None:
    """Raise ValidationError where the new photo may not stand in a place of the old one."""
    for role in article.photo_uses.of_editions().filter(photo=old.pk).values_list("role", flat=True).distinct():
        placement = "card" if role == "social" else role
        decision = new.usable(article.site.use(at, placement=placement, article=article.pk, new=True))
        if not decision:
            raise ValidationError(f"The other photo may not be shown in “{article}”: {decision.reason}")


def _in_working_copies(old, new, *, by, at) -> int:
    articles = Article.objects.filter(photo_uses__edition=None, photo_uses__photo=old.pk).distinct().order_by("pk")
    for article in articles:
        article.body = article.body.replace(str(old.pk), str(new.pk))
        for name in ("lead_photo", "social_photo", "stand_in_photo"):
            if getattr(article, f"{name}_id") == old.pk:
                setattr(article, name, new)
        article.save()
        article.record(by=by, at=at)
    return len(articles)


def _in_editions(article, old, new, *, by, at) -> None:
    article.lock()
    note = f"photo {old.pk} swapped for {new.pk}"
    live = article.live_edition(at)
    if live is not None and _shows(live.version, old):
        ends = {"ends": live.ends, "time_zone": live.time_zone, "without_photos": live.without_photos}
        article._add_edition(
            version=_version(article, live.version, old, new, by, at),
            kind="minor",
            live_from=at,
            note=note,
            by=by,
            at=at,
            **ends,
        )
    for edition in article.coming_editions(at):
        if _shows(edition.version, old):
            _instead(article, edition, _version(article, edition.version, old, new, by, at), note, by, at)
    article.rewrite_windows(at)
    AuditEntry.record("article.updated", at=at, by=by, article=article, note=note)


def _instead(article, edition, version, note, by, at) -> None:
    same = (
        "kind",
        "live_from",
        "ends",
        "time_zone",
        "public_note",
        "override",
        "without_photos",
        "silent",
        "redirect_to",
    )
    article._cancel(edition, by=by, reason=note, at=at)
    article._add_edition(version=version, note=note, by=by, at=at, **{name: getattr(edition, name) for name in same})


def _shows(version, photo) -> bool:
    return any(UUID(str(row.photo_id)) == photo.pk for row in PhotoUse.rows(version.article, version.content))


def _version(article, version, old, new, by, at) -> Version:
    """Keep a version like this one but for the photo; ids are unique enough to be replaced as text."""
    content = {key: _exchanged(value, str(old.pk), str(new.pk)) for key, value in version.content.items()}
    return Version.objects.create(
        article=article, number=article.latest_version.number + 1, at=at, by=by, content=content,
        content_hash=content_hash(content), word_count=version.word_count, reading_time_minutes=version.reading_time_minutes,
    )  # fmt: skip


def _exchanged(value, old: str, new: str):
    return value.replace(old, new) if isinstance(value, str) else value
