"""Ask the chooser's question `spasm_now`."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from bot.dialogue import chooser


class AskSpasmNow(ReplyAction):
    """Rasa's form calls this when the slot `spasm_now` is to be asked."""

    ends_turn = False  # the form goes on

    def name(self) -> str:
        """The name that Rasa derives from the slot's."""
        return f"action_ask_{chooser.SPASM_NOW}"

    def respond(self, turn: Turn) -> Reply:
        """The question, with its usual answers as buttons."""
        return Reply((wording.chooser_question(chooser.SPASM_NOW),))
