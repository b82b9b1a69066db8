"""Go on with what was interrupted."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn


class Resume(ReplyAction):
    """Says that the chooser goes on; its form then asks again."""

    ends_turn = False  # the form asks

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_resume"

    def respond(self, turn: Turn) -> Reply:
        """A word before the question."""
        return Reply((wording.talk("chooser_resumed"),))
