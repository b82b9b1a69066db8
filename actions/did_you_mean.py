"""Ask which topic was meant, when the classifier abstains."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from bot.dialogue.context import OFFERED

MISSES_BEFORE_PEOPLE = 2


class DidYouMean(ReplyAction):
    """Offers the nearest topics; after two misses in a row, people to talk to."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_did_you_mean"

    def respond(self, turn: Turn) -> Reply:
        """The nearest topics as buttons; which of them is chosen will be learnt."""
        misses = int(turn.slots.get("misses") or 0) + 1
        if misses >= MISSES_BEFORE_PEOPLE:
            return Reply((wording.two_misses(),), {"misses": 0, "offered": None})
        nearest = list(turn.message.alternatives[:OFFERED])
        return Reply((wording.ask_back("did_you_mean", nearest),), {"misses": misses, "offered": nearest})
