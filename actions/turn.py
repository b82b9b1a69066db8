"""What an action needs to know of the conversation: a plain view of Rasa's tracker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker


@dataclass(frozen=True)
class Turn:
    """One message and the state of its conversation.

    Attributes:
        intent: what the message was read as.
        questions: the topics that it asks about, one or two, in the order asked.
        alternatives: the nearest topics, best first.
        entities: what it names: `{"entity": …, "value": …, "assertion": …}`.
        slots: the state of the conversation (`domain.yml`).
    """

    intent: str
    questions: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    entities: tuple[dict[str, Any], ...] = ()
    slots: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        """The turn that `tracker` is in."""
        message = tracker.latest_message or {}
        reading = message.get("reading") or {}
        intent = (message.get("intent") or {}).get("name") or ""
        return cls(
            intent=intent,
            questions=tuple(reading.get("questions") or [intent]),
            alternatives=tuple(reading.get("alternatives") or []),
            entities=tuple(message.get("entities") or []),
            slots=dict(tracker.slots),
        )
