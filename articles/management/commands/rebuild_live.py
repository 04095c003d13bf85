"""Build live documents anew from editions."""

import json
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Exists, OuterRef
from django.utils import timezone

from articles import documents
from articles.models import Article, LiveDocument


class Command(BaseCommand):
    help = (
        "Build the documents readers get anew from editions and present facts. Interrupted, it goes on where it "
        "stopped: the last article done is kept in var/rebuild_live.json."
    )

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="Every article that has editions.")
        which.add_argument("--article", metavar="SLUG", help="One article.")
        parser.add_argument("--batch", type=int, default=100, help="Articles per transaction (default: 100).")
        parser.add_argument("--restart", action="store_true", help="Begin at the first article again.")

    def handle(self, *, article, batch, restart, **options):
        if batch < 1:
            raise CommandError("--batch must be at least 1.")
        if article:
            self.one(article)
        else:
            self.all(batch, restart)

    def one(self, slug):
        found = Article.objects.filter(slug=slug, editions__isnull=False).distinct()
        if not found:
            raise CommandError(f"No article with editions has the address “{slug}”.")
        count = documents.rebuild(list(found), timezone.now())
        self.stdout.write(f"1 article, {count} document{'' if count == 1 else 's'}.")

    def all(self, batch, restart):
        """Go through the articles in the order of their keys, a transaction and a note of progress per batch."""
        bookmark = settings.VAR_DIR / "rebuild_live.json"
        progress = {"last": None, "articles": 0, "documents": 0, "lost": False}
        if bookmark.exists() and not restart:
            progress |= json.loads(bookmark.read_text())
            self.stdout.write(f"Going on after {progress['articles']} articles.")
        present = LiveDocument.objects.filter(article=OuterRef("pk"))
        published = Article.objects.filter(editions__isnull=False).distinct().order_by("pk")
        total = published.count()
        while articles := list(
            published.filter(pk__gt=progress["last"] or UUID(int=0)).annotate(has_documents=Exists(present))[:batch]
        ):
            progress["lost"] |= not all(article.has_documents for article in articles)
            progress["documents"] += documents.rebuild(articles, timezone.now())
            progress["articles"] += len(articles)
            progress["last"] = str(articles[-1].pk)
            bookmark.write_text(json.dumps(progress))
            self.stdout.write(f"{progress['articles']} of {total} articles, {progress['documents']} documents")
        if progress["lost"]:
            # What was rendered before the stories it links to were back is rendered once more when it is read.
            LiveDocument.objects.filter(links__isnull=False).mark_stale(timezone.now())
        bookmark.unlink(missing_ok=True)
        self.stdout.write(f"Done: {progress['articles']} articles, {progress['documents']} documents.")
