"""Build live documents anew from editions."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from articles.models import Article, Edition, LiveDocument, Person, Work
from media.counted import counted
from media.process_pool import in_order


class Command(BaseCommand):
    help = (
        "Build the documents readers get anew from editions and present facts. Interrupted, it goes on where it "
        "stopped: the last article done is kept in var/rebuild_live.json."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="Every article that has editions.")
        which.add_argument("--article", metavar="SLUG", help="One article.")
        parser.add_argument("--batch", type=int, default=100, help="Articles per transaction (default: 100).")
        parser.add_argument(
            "--workers", type=int, default=1, help="Processes at once, on PostgreSQL: one for each core (default: 1)."
        )
        parser.add_argument("--restart", action="store_true", help="Begin at the first article again.")

    def handle(self, *, article: str | None, batch: int, restart: bool, workers: int, **options: Any) -> None:
        if batch < 1 or workers < 1:
            raise CommandError("--batch and --workers must be at least 1.")
        if article:
            self.one(article)
        else:
            self.all(batch, restart, workers)

    def one(self, slug: str) -> None:
        found = Article.objects.filter(slug=slug, editions__isnull=False).distinct()
        if not found:
            raise CommandError(f"No article with editions has the address “{slug}”.")
        count = Article.objects.rebuild(list(found), timezone.now())
        self.stdout.write(f"1 article, {counted(count, 'document')}.")

    def all(self, batch: int, restart: bool, workers: int) -> None:
        """Go through the stories in the order of their keys; the note of progress never runs ahead of what is done."""
        bookmark = settings.VAR_DIR / "rebuild_live.json"
        progress: dict[str, Any] = {"last": None, "articles": 0, "documents": 0, "lost": False}
        if bookmark.exists() and not restart:
            progress |= json.loads(bookmark.read_text())
            self.stdout.write(f"Going on after {counted(progress['articles'], 'article')}.")
        total = published().count()
        for keys, (count, lost) in in_order(rebuild, batches(progress["last"], batch), workers):
            progress["lost"] |= lost
            progress["documents"] += count
            progress["articles"] += len(keys)
            progress["last"] = str(keys[-1])
            bookmark.write_text(json.dumps(progress))
            self.stdout.write(
                f"{progress['articles']} of {counted(total, 'article')}, {counted(progress['documents'], 'document')}"
            )
        if progress["lost"]:
            # What was rendered before the stories it links to were back is rendered once more when it is read.
            LiveDocument.objects.filter(links__isnull=False).mark_stale(timezone.now())
        for model in (Person, Work):
            model.objects.fill_sort_keys()
        bookmark.unlink(missing_ok=True)
        self.stdout.write(
            f"Done: {counted(progress['articles'], 'article')}, {counted(progress['documents'], 'document')}."
        )


def published() -> QuerySet[Article]:
    return Article.objects.filter(Exists(Edition.objects.filter(article=OuterRef("pk")))).order_by("pk")


def batches(last: str | None, size: int) -> Iterator[list[UUID]]:
    """Yield the keys of stories that have editions, after `last`, so many at a time."""
    after = UUID(last or "00000000-0000-0000-0000-000000000000")
    while keys := list(published().filter(pk__gt=after).values_list("pk", flat=True)[:size]):
        yield keys
        after = keys[-1]


def rebuild(keys: list[UUID]) -> tuple[int, bool]:
    """Build the documents of these stories; return how many there are, and whether some story had none before."""
    present = LiveDocument.objects.filter(article=OuterRef("pk"))
    articles = list(Article.objects.filter(pk__in=keys).annotate(has_documents=Exists(present)))
    return Article.objects.rebuild(articles, timezone.now()), not all(article.has_documents for article in articles)  # type: ignore[arg-type]
