"""Tables as CSV files (RFC 4180) that spreadsheets open rightly: UTF-8, moments they sort, no cell they take for a formula."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Any

from django.http import StreamingHttpResponse

from .local_time import local

# What Excel, LibreOffice and Google Sheets may evaluate, also behind spaces and in the wide forms of East Asian keyboards.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def cell(value: Any, zone: tzinfo | None = None) -> str:
    """Return a value as the text of a cell; a moment is one of this zone's clock, without its offset."""
    if isinstance(value, datetime):
        return f"{local(value, zone):%Y-%m-%d %H:%M:%S}" if zone else value.isoformat()
    text = "" if value is None else str(value)
    return f"'{text}" if FORMULA.match(text) else text


def lines(head: Iterable[str], rows: Iterable[Iterable[Any]], zone: tzinfo | None = None) -> Iterator[str]:
    """Yield the lines of a table, each with its end."""
    writer = csv.writer(_Echo())
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow([cell(value, zone) for value in row])


def download(name: str, head: Iterable[str], rows: Iterable[Iterable[Any]], zone: tzinfo) -> StreamingHttpResponse:
    """Return a table as a file that streams. Excel needs the byte order mark to read UTF-8."""
    found = lines(head, rows, zone)
    response = StreamingHttpResponse(_marked(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _marked(found: Iterator[str]) -> Iterator[str]:
    yield "\ufeff" + next(found)
    yield from found


class _Echo:
    """A file that hands back what is written to it, so that a long table streams."""

    def write(self, value: str) -> str:
        return value
