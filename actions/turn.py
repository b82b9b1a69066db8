"""What an action needs to know of the conversation: a plain view of Rasa's tracker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

from bot.dialogue import chooser, context
from bot.dialogue.context import Context
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

    @property
    def context(self) -> Context:
        """What was said before."""
        return Context.of(self.slots)

    def answered(self, topic: str) -> dict[str, Any]:
        """The slots after an answer about `topic`; where an offer stands, the choice from it is learnt."""
        offered = self.context.offered
        learnt = {"learnt": {**self.context.learnt, context.key_of(offered): topic}} if topic in offered else {}
        plan = {} if topic in chooser.BY_ANSWER else {"plan": None}
        return {"topic": topic, "view": "short", "misses": 0, "offered": None, **learnt, **plan}

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        """The turn that `tracker` is in."""
        return cls(read_message(tracker.latest_message), dict(tracker.slots), tuple(tracker.events))
