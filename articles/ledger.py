"""Publishing writes the usage ledger: which photo readers saw where, from when until when, under which credit."""

from datetime import datetime

from media.models import Usage


def close(article, now: datetime) -> None:
    """End every use of an article that readers no longer see."""
    Usage.objects.filter(article=article.pk, channel="web").end(now)


def enter(document, job, shown, now: datetime) -> None:
    """End the uses that are over and begin those that are new; a changed credit or caption is a new use."""
    rows = {_key(photo, role, line, caption): (photo, role, line, caption) for photo, role, line, caption in shown}
    running = Usage.objects.filter(article=job.article, live_until__isnull=True, channel="web")
    seen = set()
    for usage in running:
        key = (str(usage.photo), usage.role, usage.credit, usage.caption)
        if key in rows and key not in seen:
            seen.add(key)
        else:
            Usage.objects.filter(pk=usage.pk).end(now)
    began = max(document.live_from, now) if running else document.live_from
    Usage.objects.bulk_create(_usage(document, job, *rows[key], began) for key in rows if key not in seen)


def _key(photo, role: str, line: str, caption: str) -> tuple:
    return str(photo.pk), role, line[:500], caption


def _usage(document, job, photo, role: str, line: str, caption: str, began: datetime) -> Usage:
    parts = photo.credit.parts if photo.credit else None
    return Usage(
        photo=photo.pk, supplier_image_id=photo.supplier_image_id, agency=parts.agencies[-1] if parts and parts.agencies else "",
        photographer=", ".join(parts.photographers)[:300] if parts else "", credit=line[:500], caption=caption,
        article=job.article, headline=document.headline, url=document.site.url(document.path), edition=job.number,
        role=role, channel="web", live_from=began,
    )  # fmt: skip
