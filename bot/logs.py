"""What is written to the log: one JSON object a line, and never what somebody wrote.

Health words are private. Our own messages hold none. Rasa and other libraries put texts into theirs, so of what they
log at INFO and above only the place is written, with the kind of error; at DEBUG everything is.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import traceback
from collections.abc import MutableMapping, Sequence
from contextvars import ContextVar
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

import structlog

from bot.content import content
from bot.settings import settings

OURS = ("bot", "actions", "__main__")
# what a line of the log names besides its own fields; the server adds the model's when it has loaded one
VERSIONS: dict[str, str] = {}

turns = logging.getLogger("bot.turns")
# the channel of the turn that is being taken: whatever is logged meanwhile, such as a raised care card, names it
channel_of_turn: ContextVar[str | None] = ContextVar("channel_of_turn", default=None)


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line: time, level, logger, what happened or where, and the kind and place of an error."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        if record.name.split(".")[0] in OURS or settings().log_level == "DEBUG":
            line["message"] = record.getMessage()
        else:
            line["at"] = f"{record.module}:{record.lineno}"
        if channel := channel_of_turn.get():
            line["channel"] = channel
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1]:
            line.update(error_of(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


def error_of(error: BaseException) -> dict[str, Any]:
    """An error's kinds, from the last to its causes, and where it was raised. Its message may hold a text."""
    kinds, seen = [], error
    while True:
        kinds.append(type(seen).__name__)
        cause = seen.__cause__ or seen.__context__
        if cause is None or len(kinds) == 5:
            break
        seen = cause
    frames = traceback.extract_tb(error.__traceback__)
    return {"error": kinds, "raised": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-6:]]}


def configure() -> None:
    """Send every logging system, Rasa's two included, and Python's warnings through `JsonLines`."""
    level = getattr(logging, settings().log_level)
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.root.handlers = [handler]
    logging.root.setLevel(level)
    logging.raiseExceptions = False  # else a line that cannot be written is shown with its values
    for ours in OURS:  # some library sets the root's level when it is imported
        logging.getLogger(ours).setLevel(level)
    logging.captureWarnings(True)
    others = level if level == logging.DEBUG else max(level, logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _without_values],
        # Rasa speaks ten times a turn at DEBUG: what nobody keeps is dropped before anything is made of it
        wrapper_class=structlog.make_filtering_bound_logger(others),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    for chatty in ("rasa", "rasa_sdk", "apscheduler", "sanic.root"):
        logging.getLogger(chatty).setLevel(others)


def _without_values(_: Any, __: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Hand an event of structlog on to logging: its name at every level, its values, which hold texts, at DEBUG."""
    shown = str(dict(event)) if settings().log_level == "DEBUG" else event["event"]
    return {"msg": shown, "exc_info": event.get("exc_info")}


@lru_cache(maxsize=1)
def _salt() -> bytes:
    return settings().log_salt.encode() or secrets.token_bytes(32)


def pseudonym(sender: str) -> str:
    """What stands for a sender in the log: the same for the same sender, and of no use without the salt."""
    return hmac.new(_salt(), sender.encode(errors="replace"), hashlib.sha256).hexdigest()[:16]


def turn(channel: str, sender: str, says: Sequence[dict[str, Any]], seconds: float) -> None:
    """Log a turn by what it said.

    Args:
        says: the items of the reply contract.
        seconds: from the message to its reply.
    """
    fields = {
        "channel": channel,
        "sender": pseudonym(sender),
        "says": [{"kind": item["kind"], "ids": item["ids"], "level": item.get("level")} for item in says],
        "ms": round(seconds * 1000, 1),
        "content": content().version,
        **VERSIONS,
    }
    turns.info("turn", extra={"fields": fields})


def refused(channel: str, sender: str, reason: str) -> None:
    """Log a message that was refused before it was read."""
    turns.info("refused", extra={"fields": {"channel": channel, "sender": pseudonym(sender), "reason": reason}})
