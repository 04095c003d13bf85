"""Import finished stories from files."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.imports import documents
from articles.imports.packed import Unopened
from articles.imports.story import Known, NotImported, Suggestion, Understanding, understand
from articles.models import Article
from articles.text.limits import TooLarge
from media.counted import counted


class Command(BaseCommand):
    help = (
        "Read finished stories from files (.txt, .docx, .html, .md, a Google Docs .zip; “-” is standard input) and make a "
        "draft of each. Links, emphasis and lists are kept. The same text twice is recognised, not duplicated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="Say what was understood and write nothing.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object per file.")

    def handle(self, *, files: list[str], dry_run: bool, json: bool, **options: Any) -> None:
        texts = [(name, read_file(name)) for name in files]
        known, failed = Known.load(), 0
        for name, data in texts:
            try:
                document = documents.of_file(data, name)
                found = understand(document.lines if document.html else document.text, known)
            except (NotImported, TooLarge, Unopened) as error:
                failed += 1
                self.stderr.write(f"{name}: {error}")
                continue
            article = found.already if dry_run or found.already else found.draft()
            self.stdout.write((as_json if json else as_words)(name, found, article))
        if failed:
            raise CommandError(f"Not imported: {failed} of {counted(len(texts), 'file')}.")


def read_file(name: str) -> bytes:
    try:
        return open(0, "rb").read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error


def as_json(name: str, found: Understanding, article: Article | None) -> str:
    about = {
        "file": name,
        "already_imported": found.already is not None,
        "article": str(article.pk) if article else None,
        "slug": article.slug if article else None,
    }
    return json.dumps(found.to_json() | about, ensure_ascii=False)


def as_words(name: str, found: Understanding, article: Article | None) -> str:
    story = found.story
    lines = [
        f"{name}: {outcome(found, article)}",
        f"  title      {story.title}{' (proposed: the text has none)' if story.title_proposed else ''}",
        f"  date       {story.date or 'none found'}",
        f"  byline     {story.byline or 'none found'}{unknown(found)}",
        f"  headings   {len(story.headings)}, photo slots {len(story.photos)}, blocks {len(story.blocks)}",
        f"  people     {listed(found.people)}",
        f"  works      {listed(found.works)}",
    ]
    lines += [f"  new name   {name} (in a caption; not created)" for name in found.proposed]
    lines += [f"  line {note.line:<5} {note.sentence} “{note.text[:80]}”" for note in story.notes]
    return "\n".join(lines)


def outcome(found: Understanding, article: Article | None) -> str:
    if found.already:
        return f"imported before as “{found.already.slug}”, left alone"
    return f"draft “{article.slug}” made" if article else "understood, nothing written"


def unknown(found: Understanding) -> str:
    return f" (no author of that name: {', '.join(found.unknown_authors)})" if found.unknown_authors else ""


def listed(suggestions: Iterable[Suggestion]) -> str:
    return ", ".join(str(each.row) + (" (ambiguous)" if each.ambiguous else "") for each in suggestions) or "none"
