"""Take a newsroom's archive in: stories that were published elsewhere, live here with the dates they had."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles.imports import archive
from articles.imports.archive_lines import Reader, Unreadable
from articles.models import Article
from media.counted import counted
from media.models import Site
from media.process_pool import in_order

MOST_CHARACTERS = 2_000_000
"""Of the lines of one batch."""


class Command(BaseCommand):
    help = (
        "Take finished stories in from JSON lines (“-” is standard input) and publish them with the dates they had. "
        "Fields are those of the write API, and published_at. Lines that were taken in before are passed over, so "
        "that an interrupted import is begun again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--batch", type=int, default=250, help="Stories per transaction at most (default: 250).")
        parser.add_argument(
            "--workers", type=int, default=1, help="Processes at once, on PostgreSQL: one for each core (default: 1)."
        )

    def handle(self, *, files: list[str], batch: int, workers: int, **options: Any) -> None:
        if batch < 1 or workers < 1:
            raise CommandError("--batch and --workers must be at least 1.")
        taken = already = refused = 0
        with ExitStack() as opened:
            lines = numbered([(name, opened.enter_context(reading(name))) for name in files])
            for piece, (count, known, refusals) in in_order(take, batches(lines, batch), workers):
                taken, already, refused = taken + count, already + known, refused + len(refusals)
                for place, sentence in refusals:
                    self.stderr.write(f"{place}: {sentence}")
                self.stdout.write(
                    f"{counted(taken, 'story', 'stories')} taken in, {already} were here, to {piece[-1][0]}"
                )
        self.stdout.write(
            f"Done: {counted(taken, 'story', 'stories')} taken in, {already} were here, {refused} refused."
        )
        if refused:
            raise CommandError(
                f"Refused: {counted(refused, 'line')}. Correct what is said above and import the files again."
            )


def reading(name: str) -> TextIO:
    try:
        return os.fdopen(os.dup(0), encoding="utf-8") if name == "-" else open(name, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error


def numbered(files: list[tuple[str, TextIO]]) -> Iterator[tuple[str, str]]:
    """Yield (place, line) of every line that holds something; the place is for people."""
    for name, file in files:
        try:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f"{name} line {number}", line.strip()
        except UnicodeDecodeError as error:
            raise CommandError(f"{name} is not UTF-8: save it so and import it again.") from error


def batches(lines: Iterator[tuple[str, str]], size: int) -> Iterator[list[tuple[str, str]]]:
    """Yield so many lines at a time, and fewer long ones: nobody else writes while a batch is written."""
    piece: list[tuple[str, str]] = []
    length = 0
    for place, line in lines:
        if piece and (len(piece) == size or length + len(line) > MOST_CHARACTERS):
            yield piece
            piece, length = [], 0
        piece.append((place, line))
        length += len(line)
    if piece:
        yield piece


def take(piece: list[tuple[str, str]]) -> tuple[int, int, list[tuple[str, str]]]:
    """Take a batch of lines in. Returns how many were taken, how many were here, and (place, sentence) of the others."""
    now, reader = timezone.now(), Reader(Site.objects.default())
    stories, refusals = {}, []
    for place, line in piece:
        try:
            stories[place] = reader.read(line, now)
        except Unreadable as error:
            refusals.append((place, str(error)))
    fingerprints = {story.article.import_fingerprint for story in stories.values()}
    here = set(Article.objects.filter(import_fingerprint__in=fingerprints).values_list("import_fingerprint", flat=True))
    new = {place: story for place, story in stories.items() if story.article.import_fingerprint not in here}
    places = {story.article.pk: place for place, story in new.items()}
    refused = archive.take(list(new.values()), now) if new else []
    refusals += [(places[each.story.article.pk], " ".join(each.sentences)) for each in refused]
    return len(new) - len(refused), len(stories) - len(new), refusals
