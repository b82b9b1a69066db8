"""The exercise chooser: three questions, filled from whatever a message says, and the plan that follows.

Plain Python; Rasa's form asks `fill` for what a message settles and `missing` for what is still to ask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue.messages import Message

FORM = "exercises_form"
SPASM_NOW, ACTIVE, AREA = "spasm_now", "active", "area"
QUESTIONS = (SPASM_NOW, ACTIVE, AREA)

# area → the answer that names its exercises
AREAS = {
    "shoulders": "shoulder_exercises",
    "mid_back": "mid_back_exercises",
    "waist": "waist_exercises",
    "lower_back": "lower_back_exercises",
    "abdomen": "abdominal_exercises",
}
ALL_AREAS = [area for area in AREAS if area != "abdomen"]
# replies that settle a question; "kind of" counts as not active: it brings the document's caution, and loses nothing
REPLIES: dict[str, tuple[str, Any]] = {
    "spasm_yes": (SPASM_NOW, True),
    "spasm_no": (SPASM_NOW, False),
    "active_yes": (ACTIVE, True),
    "active_no": (ACTIVE, False),
    "active_vague": (ACTIVE, False),
}
BY_ANSWER = {answer: area for area, answer in AREAS.items()}


def fill(message: Message, asked: str | None) -> dict[str, Any]:
    """What a message settles.

    Args:
        asked: the question that is open, or `None`; "yes" and "no" mean something only for it.
    """
    said = message.intents[:1]
    if asked in (SPASM_NOW, ACTIVE) and said in (("affirm",), ("deny",)):
        return {asked: said == ("affirm",)}
    settled: dict[str, Any] = {}
    for reply in message.replies:
        if reply in REPLIES:
            question, value = REPLIES[reply]
            settled.setdefault(question, value)
    if asked in (None, AREA) or "area" in message.replies:
        areas = named_areas(message)
        if areas:
            settled[AREA] = areas
        elif asked == AREA and "area" in message.replies:
            settled[AREA] = ALL_AREAS  # "anything", "you pick"
    return settled


def named_areas(message: Message) -> list[str]:
    """The areas that a message names, by body part, by exercise or by a button, in the order named."""
    named = [*message.named_answers, *message.topics]
    return list(dict.fromkeys(BY_ANSWER[answer] for answer in named if answer in BY_ANSWER))


def missing(slots: Mapping[str, Any]) -> list[str]:
    """The questions still to ask, in order. In spasm now there is nothing more to choose."""
    if slots.get(SPASM_NOW):
        return []
    return [question for question in QUESTIONS if slots.get(question) is None]


def plan(slots: Mapping[str, Any]) -> list[str]:
    """The answers that make up the plan, in the order shown."""
    if slots.get(SPASM_NOW):
        return ["spasm_after_injury", "physical_therapy"]
    areas: Sequence[str] = slots.get(AREA) or ALL_AREAS
    caution = [] if slots.get(ACTIVE) else ["starting_exercise"]
    return [*caution, *(AREAS[area] for area in areas)]
