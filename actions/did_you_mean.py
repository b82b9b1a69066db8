"""Ask which topic was meant, when the classifier abstains."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from bot.content import content

MISSES_BEFORE_PEOPLE = 2
OFFERED = 3


class DidYouMean(ReplyAction):
    """Offers the nearest topics; after two misses in a row, people to talk to."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_did_you_mean"

    def respond(self, turn: Turn) -> Reply:
        """What the message names, if it names one thing; otherwise the nearest topics as buttons."""
        named = turn.message.named_answers
        if len(named) == 1 and turn.slots.get("topic"):
            # "and heat?", "no, the jab": with a topic open, the thing named is the question
            return Reply((wording.answer(named[0]),), {"topic": named[0], "view": "short", "misses": 0})
        neighbours = [other for other in turn.message.alternatives if other in related(turn.slots.get("topic"))]
        if neighbours:
            return Reply((wording.answer(neighbours[0]),), {"topic": neighbours[0], "view": "short", "misses": 0})
        misses = int(turn.slots.get("misses") or 0) + 1
        if misses >= MISSES_BEFORE_PEOPLE:
            return Reply((wording.talk("two_misses"),), {"misses": 0})
        return Reply((wording.ask_back("did_you_mean", list(turn.message.alternatives[:OFFERED])),), {"misses": misses})


def related(topic: str | None) -> list[str]:
    """What someone may well ask after an answer: the answers that it leads to."""
    answer = content().answers.get(topic or "")
    return answer.follow_ups if answer else []
