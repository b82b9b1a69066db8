"""The chooser's result: a short plan drawn only from the document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from bot.dialogue import care, chooser


class ExercisePlan(ReplyAction):
    """Shows the fitting groups with their exercises, cautions first; or the card that holds exercise back."""

    ends_turn = False  # the form ends

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_exercise_plan"

    def respond(self, turn: Turn) -> Reply:
        """The plan as one item."""
        return reply(turn, turn.slots)


def reply(turn: Turn, given: Mapping[str, Any]) -> Reply:
    """The plan made from `given`, the replies by question; they are kept, so that it can be corrected."""
    answers = chooser.plan(given)
    holding = care.holding(care.State.load(turn.slots.get("care")), answers)
    if holding:
        return Reply((wording.card(holding),), {chooser.AREA: None})
    # what was said about spasm and area is about today; being active is kept for a second run
    kept = {chooser.SPASM_NOW: None, chooser.AREA: None, chooser.ACTIVE: given.get(chooser.ACTIVE)}
    plan = {question: given.get(question) for question in chooser.QUESTIONS}
    return Reply((wording.exercise_plan(answers),), {**turn.answered(answers[-1]), **kept, "plan": plan})
