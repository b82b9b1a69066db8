"""Take a correction that names nothing: "no, that's not what I meant"."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Item, Reply
from actions.turn import Turn
from bot.content import content


class ChangeMind(ReplyAction):
    """Asks what was meant instead; what names something is answered in context (`bot.dialogue.context`)."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_change_mind"

    def respond(self, turn: Turn) -> Reply:
        """The question, with what the last answer leads to as buttons."""
        asked = wording.talk("change_mind", asks="clarify")
        answer = content().answers.get(turn.context.topic or "")
        nearby = tuple(wording.topic_button(other) for other in answer.follow_ups) if answer else ()
        return Reply((Item(asked.text, asked.says, nearby),))
