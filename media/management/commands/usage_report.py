"""manage.py usage_report: print the uses of a period, for an agency."""

import csv
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.ledger.report import COLUMNS, rows
from media.models import Usage


class Command(BaseCommand):
    help = "Writes every use of photos in a period to standard output, for an agency or for all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="start", required=True, metavar="DAY", help="The first day, such as 2026-03-01 (UTC)."
        )
        parser.add_argument("--to", dest="end", required=True, metavar="DAY", help="The last day; all of it counts.")
        parser.add_argument("--agency", default="", help="Only this distributor’s photos.")
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *args: Any, start: str, end: str, agency: str, format: str, **options: Any) -> None:
        found = Usage.objects.between(day(start), day(end) + timedelta(days=1)).order_by("live_from", "id")
        if agency:
            found = found.of_agency(agency)
        if format == "json":
            for row in rows(found):
                self.stdout.write(json.dumps(row, ensure_ascii=False))
            return
        writer = csv.writer(self.stdout, lineterminator="")
        writer.writerow([name for name, _ in COLUMNS])
        for row in rows(found):
            writer.writerow(row.values())


def day(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        raise CommandError(f"“{text}” is no day. Write it as 2026-03-01.") from error
