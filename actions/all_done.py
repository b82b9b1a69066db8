"""Take leave of someone who has no further question."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn


class AllDone(ReplyAction):
    """Ends, where "Is there more?" was answered with "no"."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_all_done"

    def respond(self, turn: Turn) -> Reply:
        """A word of farewell."""
        return Reply((wording.talk("all_done"),), {"misses": 0})
