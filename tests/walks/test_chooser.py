"""The exercise chooser: said up front, in any order, corrected, left, interrupted, run again."""

from __future__ import annotations

from typing import Any

import pytest

from bot.content import content
from tests.conversation import Conversation


def asks(says: list[dict[str, Any]]) -> str | None:
    """What the last item asks."""
    question: str | None = says[-1]["asks"]
    return question


def test_three_questions_then_the_plan(conversation: Conversation) -> None:
    assert asks(conversation.says("which exercises should I do?")) == "spasm_now"
    assert asks(conversation.says("no")) == "active"
    assert asks(conversation.says("yes")) == "area"
    reply = conversation.say("waist and shoulders")
    assert set(reply[-1]["custom"]["data"]["says"][0]["ids"]) == {"waist_exercises", "shoulder_exercises"}
    for answer in ("waist_exercises", "shoulder_exercises"):
        for exercise in content().answers[answer].exercises:
            assert exercise in reply[0]["text"]


@pytest.mark.parametrize("words", ["all of them", "anything, you pick", "no preference"])
def test_anything_gives_every_group(conversation: Conversation, words: str) -> None:
    for message in ("which exercises should I do?", "no", "yes"):
        conversation.say(message)
    assert len(conversation.says(words)[0]["ids"]) == 4


def test_in_spasm_there_is_no_exercise_list(conversation: Conversation) -> None:
    conversation.say("which exercises should I do?")
    reply = conversation.say("yes it has gone again")
    assert reply[-1]["custom"]["data"]["says"][0]["ids"] == ["spasm_after_injury", "physical_therapy"]
    assert not any(exercise in reply[0]["text"] for exercise in content().answers["waist_exercises"].exercises)


@pytest.mark.parametrize("words", ["no", "not really, I sit at a desk all day", "used to be, not any more"])
def test_not_active_brings_the_caution_first(conversation: Conversation, words: str) -> None:
    conversation.say("which exercises should I do?")
    conversation.say("no spasm, no injury")
    conversation.say(words)
    assert conversation.says("waist")[0]["ids"] == ["starting_exercise", "waist_exercises"]


def test_a_digression_is_answered_and_the_question_put_again(conversation: Conversation) -> None:
    conversation.say("which exercises should I do?")
    says = conversation.says("does ice help?")
    assert [item["ids"] for item in says] == [["ice_and_heat"], ["which_exercises"]]
    assert asks(says) == "spasm_now"


def test_left_it_stays_left(conversation: Conversation) -> None:
    conversation.say("which exercises should I do?")
    says = conversation.says("forget the questions")
    assert [item["kind"] for item in says] == ["talk"]
    assert [item["kind"] for item in conversation.says("does ice help?")] == ["answer"]


def test_a_second_run_does_not_ask_again_what_it_knows(conversation: Conversation) -> None:
    for message in ("which exercises should I do?", "no", "yes", "waist"):
        conversation.say(message)
    assert asks(conversation.says("which exercises should I do?")) == "spasm_now"
    assert asks(conversation.says("no")) == "area"


@pytest.mark.parametrize(
    "answer", ["waist_exercises", "shoulder_exercises", "mid_back_exercises", "lower_back_exercises"]
)
def test_the_areas_are_buttons(conversation: Conversation, answer: str) -> None:
    for message in ("which exercises should I do?", "/deny", "/affirm"):
        conversation.say(message)
    assert conversation.says(f"/{answer}")[0]["ids"] == [answer]
