"""Reply to what belongs to the conversation rather than to the document."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from bot.content import content

ANSWERS_TO_CARD = frozenset({"card_question", "play_down"})


class Talk(ReplyAction):
    """Says the text of the conversation id that was read."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_talk"

    def respond(self, turn: Turn) -> Reply:
        """The text with the intent's name; an answer to a card where none is open is more likely a follow-up."""
        topic = turn.slots.get("topic")
        if turn.intent in ANSWERS_TO_CARD and topic in content().answers:
            return Reply((wording.answer(topic),), {"view": "short"})
        return Reply((wording.talk(turn.intent),), {"misses": 0})
