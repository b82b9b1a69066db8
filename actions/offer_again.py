"""Ask again which of the offered topics is meant: "yes" does not say."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn


class OfferAgain(ReplyAction):
    """Puts the last offer again."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_offer_again"

    def respond(self, turn: Turn) -> Reply:
        """The same buttons."""
        return Reply((wording.ask_back("offer_again", list(turn.context.offered)),))
