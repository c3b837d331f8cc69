"""Log lines with the ids that join them and no personal data, for programs or for people."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime

from archive_verify.store.config import ServiceSettings

# What a line may carry beside its text.
FIELDS = (
    "request_id", "user_id", "archive_id", "run_id", "span_id", "worker", "queue", "count", "seconds", "error",
    "method", "route", "status", "milliseconds", "at",
)  # fmt: skip
_HEAD = ("time", "level", "logger", "text")


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time in UTC, level, logger, text, and those of FIELDS that were given."""
        return json.dumps(_told(record), ensure_ascii=False)


class TextLines(logging.Formatter):
    """The same for people's eyes: `time level logger: text name=value ...`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and below it where an error happened."""
        told = _told(record)
        trace = told.pop("trace", "")
        head = "{time} {level} {logger}: {text}".format_map({name: told.pop(name) for name in _HEAD})
        values = "".join(f" {name}={value}" for name, value in told.items())
        # a line is one line, whatever a value holds
        line = (head + values).replace("\r", "\\r").replace("\n", "\\n")
        return f"{line}\n{trace}".rstrip()


def _told(record: logging.LogRecord) -> dict[str, object]:
    line: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname, "logger": record.name, "text": record.getMessage(),
    }  # fmt: skip
    line |= {name: value for name in FIELDS if (value := getattr(record, name, None)) is not None}
    if record.exc_info and record.exc_info[0] is not None:
        # where it happened; the text of an error may hold what was read from a paper
        line["error"] = record.exc_info[0].__name__
        line["trace"] = "".join(traceback.format_tb(record.exc_info[2]))
    return line


def log_to_stderr(*talkative: str) -> None:
    """All loggers of this process write lines to stderr, as the settings say; those named tell of their work, the
    others of trouble."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if ServiceSettings().log_format == "json" else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in talkative:
        logging.getLogger(name).setLevel(logging.INFO)
