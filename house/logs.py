"""Quiet logs: events with an allow-list of fields, so that no line can hold what a person said or who they are."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from typing_extensions import override

# Whatever is not named here never reaches a log (names from the office, no free text).
ALLOWED = frozenset({
    "event", "level", "timestamp", "process", "channel", "attempt", "attempts", "count", "seconds", "kind", "state",
    "lane", "port", "error", "status", "method", "what",
})  # fmt: skip
# These print addresses with tokens, statements or whole messages below WARNING.
LOUD = ("httpx", "httpcore", "telegram", "sqlalchemy", "apscheduler", "uvicorn", "uvicorn.access", "asyncio",
        "multipart", "python_multipart", "alembic", "aiogram", "hpack", "sse_starlette", "tzlocal", "PIL")  # fmt: skip


def quiet(process: str, level: str = "INFO") -> None:
    """Set up this process's logs: JSON lines on standard error, allow-listed fields only."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s", force=True)
    logging.getLogger().handlers[0].setFormatter(_OnlyTheKind())
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns whenever a tick lasts longer than its second, which is how a ticker should behave.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.clear_contextvars()
    global _process  # noqa: PLW0603 - a process has one name
    _process = process


_process = ""


def _only_allowed(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    kept = {name: value for name, value in event.items() if name in ALLOWED}
    return {"process": _process, **kept}


class _OnlyTheKind(logging.Formatter):
    """A library's own words may quote anything: only who spoke, how loud and which exception are written."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        told = {"process": _process, "event": "library", "what": record.name, "level": record.levelname, "error": kind}
        return json.dumps(told)
