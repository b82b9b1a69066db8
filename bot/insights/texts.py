"""What people typed that was not understood: only of those who agreed that their conversation is kept."""

from __future__ import annotations

import itertools
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.redaction import redact
from bot.insights.tally import Kind

NEWEST = 20_000  # conversations that are read at most: half a minute
SENDERS = 500  # read at once
EVENTS = 200  # read at once: an event may be long

# those that were used last come first
CONSENTING = sa.text(
    "SELECT sender_id, expires_at FROM conversations WHERE consent AND expires_at >= :now"
    " AND (expires_at, sender_id) < (:before, :sender) ORDER BY expires_at DESC, sender_id DESC LIMIT :limit"
)
# one conversation at a time, as turns read them: asked for several, PostgreSQL may read the whole table each time.
# Consent is looked at again: it may be taken back while this reads.
SPOKEN = sa.text(
    "SELECT id, type_name, data FROM events WHERE sender_id = :sender AND id > :id AND type_name IN ('user', 'bot')"
    " AND timestamp >= :since AND timestamp < :until"
    " AND EXISTS (SELECT 1 FROM conversations WHERE sender_id = :sender AND consent) ORDER BY id LIMIT :limit"
)


@dataclass(frozen=True)
class Text:
    """A message that was not understood.

    Attributes:
        words: as typed, with names and numbers of persons taken out.
        kind: how it was answered.
        about: the subject that the document does not answer, where it was seen.
    """

    words: str
    kind: Kind
    about: str = ""


def not_understood(connection: Connection, first: date, last: date, most: int) -> list[Text]:
    """The texts of some days, of the `NEWEST` conversations that were used last.

    It reads in short statements and holds none of the store back: what is deleted meanwhile may still be among them,
    and no turn and no deletion has to wait.

    Args:
        last: the last day, included.
        most: how many texts at most.
    """
    texts = (
        text
        for sender in itertools.islice(_consenting(connection), NEWEST)
        for text in _texts(_spoken(connection, sender, _start(first), _start(last + timedelta(1))))
    )
    return list(itertools.islice(texts, most))


def _start(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp()


def _consenting(connection: Connection) -> Iterator[str]:
    """The senders who agreed to be remembered."""
    before, sender = math.inf, ""
    while True:
        values = {"now": time.time(), "before": before, "sender": sender, "limit": SENDERS}
        rows = connection.execute(CONSENTING, values).all()
        if not rows:
            return
        yield from (row.sender_id for row in rows)
        sender, before = rows[-1].sender_id, rows[-1].expires_at


def _spoken(connection: Connection, sender: str, since: float, until: float) -> Iterator[Any]:
    """The messages of a conversation, in order."""
    values = {"sender": sender, "since": since, "until": until, "id": 0, "limit": EVENTS}
    while True:
        rows = connection.execute(SPOKEN, values).all()
        yield from rows
        if len(rows) < EVENTS:
            return
        values["id"] = rows[-1].id


def _texts(rows: Iterator[Any]) -> Iterator[Text]:
    typed: Any = None
    for row in rows:
        if row.type_name == "user":
            typed = row
        elif typed is not None and (how := _missed(json.loads(row.data))):
            said = json.loads(typed.data)
            if not _is_button(said):
                yield Text(redact(said.get("text") or ""), *how)
            typed = None  # a reply may miss in two ways


def _missed(event: dict[str, Any]) -> tuple[Kind, str] | None:
    """How a message of the assistant says that it did not understand, or `None`."""
    custom = (event.get("data") or {}).get("custom") or {}
    for item in (custom.get("data") or {}).get("says") or []:
        if item["kind"] in (Kind.NOT_IN_DOCUMENT, Kind.OUT_OF_SCOPE):
            return Kind(item["kind"]), item.get("about") or ""
        if item.get("about") == Kind.TWO_MISSES:
            return Kind.TWO_MISSES, ""
        if item.get("asks") == "clarify":
            return Kind.CLARIFY, ""
    return None


def _is_button(said: dict[str, Any]) -> bool:
    return bool(((said.get("parse_data") or {}).get("reading") or {}).get("button"))
