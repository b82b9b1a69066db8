"""A stored conversation as its reader saw it, turn by turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.events import BotUttered, Event, UserUttered

Message = dict[str, Any]


@dataclass
class StoredTurn:
    """One message and its reply.

    Attributes:
        id: the id of the message that the turn answers.
        text: the message as the reader sees it: a button's title, never its payload.
        messages: the texts of the reply, each with its buttons and its entry of the reply contract.
    """

    id: str
    text: str
    messages: list[Message] = field(default_factory=list)


def message_of(event: BotUttered) -> Message | None:
    """What one event showed, or `None` if it showed no text."""
    if not event.text:
        return None
    message: Message = {"text": event.text}
    if event.data.get("buttons"):
        message["buttons"] = event.data["buttons"]
    says = ((event.data.get("custom") or {}).get("data") or {}).get("says")
    if says:
        message["says"] = says[0]
    return message


def turns_of(events: Iterable[Event]) -> list[StoredTurn]:
    """The turns of a conversation, in order."""
    turns: list[StoredTurn] = []
    for event in events:
        if isinstance(event, UserUttered):
            turns.append(StoredTurn(event.message_id or "", event.text or ""))
        elif isinstance(event, BotUttered) and turns:
            message = message_of(event)
            if message:
                turns[-1].messages.append(message)
    return turns


def after(turns: list[StoredTurn], seen: str | None) -> list[StoredTurn]:
    """The turns that came after turn `seen`; all of them if it is unknown."""
    for place, turn in enumerate(turns):
        if turn.id == seen:
            return turns[place + 1 :]
    return turns
