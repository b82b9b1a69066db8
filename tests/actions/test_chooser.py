from __future__ import annotations

import pytest

from actions.ask_active import AskActive
from actions.ask_area import AskArea
from actions.ask_spasm_now import AskSpasmNow
from actions.base import ReplyAction
from actions.exercise_plan import ExercisePlan
from actions.validate_exercises_form import ValidateExercisesForm
from bot.content import content
from tests.actions.speaking import speak

WAIST = {"entity": "body_part", "value": "waist", "answer": "waist_exercises", "assertion": "present"}


@pytest.mark.parametrize(
    ("action", "question", "payloads"),
    [
        (AskSpasmNow(), "spasm_now", ["/affirm", "/deny"]),
        (AskActive(), "active", ["/affirm", "/deny"]),
        (
            AskArea(),
            "area",
            ["/shoulder_exercises", "/mid_back_exercises", "/waist_exercises", "/lower_back_exercises"],
        ),
    ],
)
def test_the_questions(action: ReplyAction, question: str, payloads: list[str]) -> None:
    spoken = speak(action)
    assert spoken.text == content().talk[f"chooser_{question}"].text
    assert spoken.says == [{"kind": "ask", "ids": ["which_exercises"], "level": None, "asks": question}]
    assert spoken.payloads == payloads


@pytest.mark.parametrize(
    ("intent", "asked", "reading", "entities", "settled", "next_question"),
    [
        ("which_exercises", None, [], [], {}, "spasm_now"),
        ("which_exercises", None, ["active_yes"], [WAIST], {"active": True, "area": ["waist"]}, "spasm_now"),
        ("deny", "spasm_now", [], [], {"spasm_now": False}, "active"),
        ("affirm", "spasm_now", [], [], {"spasm_now": True}, None),
        ("active_vague", "active", ["active_vague"], [], {"active": False}, "spasm_now"),
        ("waist_exercises", "area", [], [], {"area": ["waist"]}, "spasm_now"),
        (
            "something_else",
            "area",
            ["area"],
            [],
            {"area": ["shoulders", "mid_back", "waist", "lower_back"]},
            "spasm_now",
        ),
        ("ice_and_heat", "spasm_now", [], [], {}, "spasm_now"),
    ],
    ids=["nothing said", "said up front", "no", "yes ends it", "kind of", "a button", "you pick", "something else"],
)
def test_a_message_settles_what_it_says(
    intent: str,
    asked: str | None,
    reading: list[str],
    entities: list[dict[str, object]],
    settled: dict[str, object],
    next_question: str | None,
) -> None:
    slots = {"requested_slot": asked}
    spoken = speak(
        ValidateExercisesForm(), intent, slots=slots, replies=reading, entities=entities, text="these are enough words"
    )
    started = {} if asked else {"topic": None, "offered": None, "plan": None, "chooser_left": None}
    assert spoken.slots == {**settled, **started, "requested_slot": next_question}
    assert spoken.messages == []


def test_a_plan_names_exercises_and_cautions_and_nothing_else() -> None:
    spoken = speak(ExercisePlan(), slots={"spasm_now": False, "active": True, "area": ["waist", "shoulders"]})
    assert spoken.listed == [("answer", ["waist_exercises", "shoulder_exercises"])]
    assert "Side bend, Oblique crunches on the floor" in spoken.text
    assert "Lateral raises with dumbbells, Overhead press" in spoken.text
    assert spoken.text.count("If you are not active now, talk to your doctor before you begin.") == 1
    assert spoken.text.endswith(content().safety["red_flags"])
    assert spoken.slots == {
        "topic": "shoulder_exercises",
        "view": "short",
        "misses": 0,
        "offered": None,
        "spasm_now": None,
        "area": None,
        "active": True,
        "plan": {"spasm_now": False, "active": True, "area": ["waist", "shoulders"]},
    }


def test_in_spasm_no_exercise_is_listed() -> None:
    spoken = speak(ExercisePlan(), slots={"spasm_now": True})
    assert spoken.listed == [("answer", ["spasm_after_injury", "physical_therapy"])]
    named = [exercise for answer in content().answers.values() for exercise in answer.exercises]
    assert not [exercise for exercise in named if exercise in spoken.text]
    assert "as long as" in spoken.text


def test_whoever_is_not_active_is_sent_to_a_doctor_first() -> None:
    spoken = speak(ExercisePlan(), slots={"spasm_now": False, "active": False, "area": ["mid_back"]})
    assert spoken.listed == [("answer", ["starting_exercise", "mid_back_exercises"])]
    assert spoken.text.index("doctor") < spoken.text.index("Lat pull-down")


def test_a_card_that_holds_exercise_back_is_shown_instead_of_a_plan() -> None:
    held = {"held": [{"card": "cauda_equina", "sign": "saddle"}]}
    spoken = speak(ExercisePlan(), slots={"spasm_now": False, "active": True, "area": ["waist"], "care": held})
    assert spoken.listed == [("care", ["cauda_equina"])]
    assert spoken.slots == {"area": None}
