"""Reply to a message that fits nothing that is known."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn


class NotUnderstood(ReplyAction):
    """Says that the document does not answer this, and who to ask."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_not_understood"

    def respond(self, turn: Turn) -> Reply:
        """The general refusal."""
        return Reply((wording.not_in_document("general"),), {"misses": 0})
