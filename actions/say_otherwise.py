"""Ask for other words after an offer that was turned down."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn


class SayOtherwise(ReplyAction):
    """What "something else" gets, for whoever says "no" instead of tapping it."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_say_otherwise"

    def respond(self, turn: Turn) -> Reply:
        """The question."""
        return Reply((wording.talk("something_else"),), {"offered": None})
