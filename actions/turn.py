"""What an action needs to know of the conversation: a plain view of Rasa's tracker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

from bot.dialogue.messages import Message, read_message


@dataclass(frozen=True)
class Turn:
    """One message and the state of its conversation.

    Attributes:
        message: what was said, as it was read.
        slots: what is remembered (`domain.yml` names the slots).
        events: Rasa's events up to this turn, oldest first.
    """

    message: Message
    slots: dict[str, Any] = field(default_factory=dict)
    events: tuple[dict[str, Any], ...] = ()

    @property
    def intent(self) -> str:
        """What the message was read as, first."""
        return self.message.intents[0] if self.message.intents else ""

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        """The turn that `tracker` is in."""
        return cls(read_message(tracker.latest_message), dict(tracker.slots), tuple(tracker.events))
