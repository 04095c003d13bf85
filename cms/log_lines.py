"""Log lines: to read on a screen, or as JSON, one object a line, for whoever collects them."""

import json
import logging
from datetime import UTC, datetime
from logging import LogRecord

# What every record has; anything else was given by `extra` and is written as well.
USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request_id", "request"}


UNSEEN = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160), 0x2028, 0x2029) if chr(code) not in "\n\t"}


class LineFormatter(logging.Formatter):
    """Lets nothing that was sent to us look like a line of ours: what follows a line break is set in."""

    def format(self, record: LogRecord) -> str:
        return super().format(record).translate(UNSEEN).replace("\n", "\n    ")


class JsonFormatter(logging.Formatter):
    """Gives `at, level, logger, request_id, message`, `exception` where there is one, and what the caller added."""

    def format(self, record: LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname, "logger": record.name, "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }  # fmt: skip
        if meta := getattr(getattr(record, "request", None), "META", None):
            line["client"] = meta.get("REMOTE_ADDR", "")
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        added = {name: value for name, value in vars(record).items() if name not in USUAL}
        return json.dumps(added | line, default=str, ensure_ascii=False)
