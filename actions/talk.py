"""Reply to what belongs to the conversation rather than to the document."""

from __future__ import annotations

from actions import feedback, wording
from actions.base import ReplyAction
from actions.reply import Item, Reply
from actions.turn import Turn
from bot.content import content

ANSWERS_TO_CARD = frozenset({"card_question", "play_down"})
CLOSES = frozenset({"thank", "goodbye"})


class Talk(ReplyAction):
    """Says the text of the conversation id that was read."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_talk"

    def respond(self, turn: Turn) -> Reply:
        """The text with the intent's name; an answer to a card where none is open is more likely a follow-up."""
        topic = turn.slots.get("topic")
        answered = topic in content().answers
        if turn.intent in ANSWERS_TO_CARD and answered:
            return Reply((wording.answer(str(topic)),), {"view": "short"})
        if turn.intent == "greet" and topic:
            # picked up where it was, not greeted as if for the first time
            return Reply((wording.talk("greet_again"),), {"misses": 0})
        said = wording.talk(turn.intent)
        if turn.intent in CLOSES and answered and not feedback.given(turn):
            said = Item(said.text, said.says, feedback.BUTTONS)
        return Reply((said,), {"misses": 0})
