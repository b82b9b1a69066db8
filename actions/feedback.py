"""Whether an answer helped: a tap, a reason from a list, no free text."""

from __future__ import annotations

from typing import Any

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
BUTTONS = (button("Helpful", "feedback_helpful"), button("Not helpful", "feedback_not_helpful"))
# the same, as the channels' own marks on an answer call it (bot/channels/marks.py)
MARKS = {
    "feedback_wrong_topic": "not_asked",
    "feedback_unclear": "hard_to_read",
    "feedback_too_little": "missing",
}
# "yes" and "no" to "Was that helpful?"; after a reason was asked for, neither names one
TYPED = {"affirm": "feedback_helpful", "deny": "feedback_not_helpful"}


class Feedback(ReplyAction):
    """Asks whether the last answer helped, then why not; the slot keeps the answer's id and the verdict."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_feedback"

    def respond(self, turn: Turn) -> Reply:
        """The next step of the feedback."""
        if turn.intent == "feedback":
            return Reply((Item(content().talk["feedback_ask"].text, says("talk", ["feedback"]), BUTTONS),))
        said = TYPED.get(turn.intent, turn.intent)
        verdict = said.removeprefix("feedback_")
        if said == "feedback_not_helpful" and not given(turn):
            reasons = tuple(button(title, intent) for intent, title in REASONS.items())
            listed = says("talk", ["feedback"], "feedback_reason", **mark(turn, said))
            asked = Item(content().talk["feedback_reason"].text, listed, reasons)
            return Reply((asked,), {"feedback": {"topic": turn.slots.get("topic"), "verdict": verdict}})
        if said in TYPED.values() and given(turn):
            return Reply((wording.talk("feedback_thanks"),))  # no reason wanted: what was said before stands
        thanks = Item(content().talk["feedback_thanks"].text, says("talk", ["feedback"], **mark(turn, said)))
        return Reply((thanks,), {"feedback": {"topic": turn.slots.get("topic"), "verdict": verdict}})


def mark(turn: Turn, said: str) -> dict[str, Any]:
    """What the reply contract says of a mark, for whoever counts them; nothing where it is not on an answer."""
    answer = turn.slots.get("topic")
    if answer not in content().answers:
        return {}
    return {"mark": {"answer": answer, "helpful": said == "feedback_helpful", "reason": MARKS.get(said)}}


def given(turn: Turn) -> bool:
    """Whether something was said of the last answer already."""
    last = turn.slots.get("feedback") or {}
    return bool(last) and last.get("topic") == turn.slots.get("topic")
