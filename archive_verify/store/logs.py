"""Log lines as JSON, with the ids that join them and no personal data."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime

# What a line may carry beside its text.
FIELDS = (
    "request_id", "archive_id", "run_id", "span_id", "worker", "queue", "count", "seconds", "error", "method", "route",
    "status", "milliseconds", "at",
)  # fmt: skip


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time in UTC, level, logger, text, and those of FIELDS that were given."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname, "logger": record.name, "text": record.getMessage(),
        }  # fmt: skip
        line |= {name: value for name in FIELDS if (value := getattr(record, name, None)) is not None}
        if record.exc_info and record.exc_info[0] is not None:
            # where it happened; the text of an error may hold what was read from a paper
            line["error"] = record.exc_info[0].__name__
            line["trace"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(line, ensure_ascii=False)


def log_as_json(*talkative: str) -> None:
    """All loggers of this process write JSON lines to stderr; those named tell of their work, the others of trouble."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in talkative:
        logging.getLogger(name).setLevel(logging.INFO)
