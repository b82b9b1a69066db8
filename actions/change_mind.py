"""Take a correction: "no, I meant the jab"."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn


class ChangeMind(ReplyAction):
    """Answers what the correction names; where it names nothing, asks."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_change_mind"

    def respond(self, turn: Turn) -> Reply:
        """The last thing named is the one that was meant."""
        named = turn.message.named_answers
        if named:
            return Reply((wording.answer(named[-1]),), {"topic": named[-1], "view": "short", "misses": 0})
        return Reply((wording.talk("change_mind", asks="clarify"),))
