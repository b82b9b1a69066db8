"""Answer what a message means after what was said before."""

from __future__ import annotations

from actions import exercise_plan, follow_up, wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from bot.dialogue import chooser, context


class InContext(ReplyAction):
    """Does what `bot.dialogue.context` makes of the message."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_in_context"

    def respond(self, turn: Turn) -> Reply:
        """The answer, the follow-up, whom to ask, or the corrected plan.

        Raises:
            ValueError: the message stands for itself, so that this action should not have been called.
        """
        meaning = context.resolve(turn.context, turn.message)
        if meaning is None:
            raise ValueError("nothing to resolve: action_in_context is for messages that lean on what was said before")
        if meaning.act == "plan" and meaning.plan is not None:
            return corrected_plan(turn, dict(meaning.plan))
        if meaning.act == "follow_up":
            return follow_up.reply(meaning.follow_up, turn)
        if meaning.act == "who":
            return Reply((follow_up.view_of(turn.slots["topic"], "referral"),), {"view": "short"})
        return Reply(tuple(wording.topic(topic) for topic in meaning.topics), turn.answered(meaning.topics[-1]))


def corrected_plan(turn: Turn, given: dict[str, object]) -> Reply:
    """The plan anew, or the chooser again where the correction leaves something to ask."""
    if chooser.missing(given):
        return Reply((wording.talk("chooser_resumed"),), {**given, "plan": None}, then=chooser.FORM)
    return exercise_plan.reply(turn, given)
