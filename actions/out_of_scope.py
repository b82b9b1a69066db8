"""Reply to a message that has nothing to do with the subject."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn


class OutOfScope(ReplyAction):
    """Says what can be talked about."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_out_of_scope"

    def respond(self, turn: Turn) -> Reply:
        """The text for anything else."""
        return Reply((wording.out_of_scope(),), {"misses": 0})
