"""Reply to what belongs to the conversation rather than to the document."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn


class Talk(ReplyAction):
    """Says the text of the conversation id that was read."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_talk"

    def respond(self, turn: Turn) -> Reply:
        """The text with the intent's name."""
        return Reply((wording.talk(turn.intent),), {"misses": 0})
