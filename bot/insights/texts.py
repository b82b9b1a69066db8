"""What people typed that was not understood: only of those who agreed that their conversation is kept."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.redaction import redact
from bot.insights.tally import Kind

CONVERSATIONS = 100  # read at once
EVENTS = 200  # read at once: an event may be long

# those that were used last come first, a batch at a time
CONSENTING = sa.text(
    "SELECT sender_id, expires_at FROM conversations WHERE consent AND expires_at >= :now"
    " AND (expires_at, sender_id) < (:before, :sender) ORDER BY expires_at DESC, sender_id DESC LIMIT :limit"
)
# consent is looked at again with the events: it may be taken back while this reads
SPOKEN = sa.text(
    "SELECT events.sender_id, events.id, events.type_name, events.data FROM events"
    " JOIN conversations ON conversations.sender_id = events.sender_id"
    " WHERE conversations.consent AND conversations.sender_id IN :senders AND type_name IN ('user', 'bot')"
    " AND timestamp >= :since AND timestamp < :until AND (events.sender_id, events.id) > (:sender, :id)"
    " ORDER BY events.sender_id, events.id LIMIT :limit"
).bindparams(sa.bindparam("senders", expanding=True))


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
    """The texts of some days, those of the conversations that were used last.

    It reads in short statements and holds none of the store back: what is deleted meanwhile may still be among them,
    and no turn and no deletion has to wait.

    Args:
        last: the last day, included.
        most: how many texts at most.
    """
    found: list[Text] = []
    for senders in _consenting(connection):
        for text in _texts(_spoken(connection, senders, _start(first), _start(last + timedelta(1)))):
            found.append(text)
            if len(found) == most:
                return found
    return found


def _start(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp()


def _consenting(connection: Connection) -> Iterator[list[str]]:
    """The senders who agreed to be remembered, some at a time."""
    before, sender = math.inf, ""
    while True:
        values = {"now": time.time(), "before": before, "sender": sender, "limit": CONVERSATIONS}
        rows = connection.execute(CONSENTING, values).all()
        if not rows:
            return
        yield [row.sender_id for row in rows]
        sender, before = rows[-1].sender_id, rows[-1].expires_at


def _spoken(connection: Connection, senders: Sequence[str], since: float, until: float) -> Iterator[Any]:
    """The messages of some conversations, one conversation after the other, in order."""
    sender, after = "", 0
    while True:
        values = {"senders": senders, "since": since, "until": until, "sender": sender, "id": after, "limit": EVENTS}
        rows = connection.execute(SPOKEN, values).all()
        yield from rows
        if len(rows) < EVENTS:
            return
        sender, after = rows[-1].sender_id, rows[-1].id


def _texts(rows: Iterator[Any]) -> Iterator[Text]:
    typed: Any = None
    for row in rows:
        if row.type_name == "user":
            typed = row
        elif typed is not None and typed.sender_id == row.sender_id and (how := _missed(json.loads(row.data))):
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
