"""Ask one good question back where someone only says that their back hurts."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn

OPTIONS = ["spasm_after_injury", "overweight_back_pain", "which_exercises", "when_to_see_doctor"]


class AskBack(ReplyAction):
    """Asks what would help most."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_ask_back"

    def respond(self, turn: Turn) -> Reply:
        """The question, with the ways into the document as buttons."""
        return Reply((wording.ask_back("bare_statement_question", OPTIONS),), {"misses": 0, "offered": OPTIONS})
