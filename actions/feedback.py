"""Whether an answer helped: a tap, a reason from a list, no free text."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Item, Reply, button, says
from actions.turn import Turn
from bot.content import content

REASONS = {
    "feedback_wrong_topic": "Not what I asked",
    "feedback_unclear": "Hard to understand",
    "feedback_too_little": "Not enough detail",
}


class Feedback(ReplyAction):
    """Asks whether the last answer helped, then why not; the slot keeps the answer's id and the verdict."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_feedback"

    def respond(self, turn: Turn) -> Reply:
        """The next step of the feedback."""
        given = {"topic": turn.slots.get("topic"), "verdict": turn.intent.removeprefix("feedback_")}
        if turn.intent == "feedback":
            buttons = (button("Helpful", "feedback_helpful"), button("Not helpful", "feedback_not_helpful"))
            return Reply((Item(content().talk["feedback_ask"].text, says("talk", ["feedback"]), buttons),))
        if turn.intent == "feedback_not_helpful":
            reasons = tuple(button(title, intent) for intent, title in REASONS.items())
            asked = Item(content().talk["feedback_reason"].text, says("talk", ["feedback"], "feedback_reason"), reasons)
            return Reply((asked,), {"feedback": given})
        return Reply((wording.talk("feedback_thanks"),), {"feedback": given})
