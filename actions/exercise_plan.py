"""The chooser's result: a short plan drawn only from the document."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from bot.dialogue import care, chooser


class ExercisePlan(ReplyAction):
    """Shows the fitting groups with their exercises, cautions first; or the card that holds exercise back."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_exercise_plan"

    def respond(self, turn: Turn) -> Reply:
        """The plan as one item."""
        answers = chooser.plan(turn.slots)
        holding = care.holding(care.State.load(turn.slots.get("care")), answers)
        if holding:
            return Reply((wording.card(holding),), {chooser.AREA: None})
        # what was said about spasm and area is about today; being active is kept for a second run
        forget = {chooser.SPASM_NOW: None, chooser.AREA: None}
        return Reply((wording.exercise_plan(answers),), {"topic": answers[-1], "view": "short", "misses": 0, **forget})
