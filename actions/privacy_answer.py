"""Take "yes" or "no" to a question about one's data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from bot.dialogue import privacy


class PrivacyAnswer(ReplyAction):
    """Does what was agreed to: the store acts on the slots when the turn is saved (bot/conversations/store.py)."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_privacy_answer"

    def respond(self, turn: Turn) -> Reply:
        """Say what is done."""
        question = turn.slots.get(privacy.QUESTION) if has_spoken(turn.events) else None
        step = privacy.answered(turn.message, question)
        return Reply((wording.timed_talk(step.texts),), step.slots)


def has_spoken(events: Sequence[dict[str, Any]]) -> bool:
    """Whether the bot has said something in this session: a question asked yesterday is not open today."""
    session: list[str | None] = []
    for event in events:
        session = [] if event.get("event") == "session_started" else [*session, event.get("event")]
    return "bot" in session
