"""What a message means after what was said before."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue import context
from bot.dialogue.context import Context, Meaning
from bot.dialogue.messages import Matter, Message, read_message

PLAN = {"spasm_now": False, "active": True, "area": ["waist"]}


def named(answer: str | None, assertion: str = "present") -> dict[str, Any]:
    return {"entity": "treatment", "value": "thing", "answer": answer, "assertion": assertion}


def message(text: str, intent: str, confidence: float = 0.6, **more: Any) -> Message:
    """A message read as `intent`; `matter` is given as intent, confidence, topics."""
    matter, entities, ranking = (more.pop(name, None) for name in ("matter", "entities", "ranking"))
    reading = {"questions": [intent], **more}
    if matter:
        reading["matter"] = dict(zip(("intent", "confidence", "topics"), matter))
    return read_message(
        {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "entities": entities or [],
            "intent_ranking": ranking or [],
            "reading": reading,
        }
    )


def about(topic: str, share: float) -> tuple[str, float, list[list[Any]]]:
    return "unsure", 0.2, [[topic, share]]


@pytest.mark.parametrize(
    ("said", "topics"),
    [
        (message("no, the gel", "deny", matter=about("pain_medicines", 0.9)), ("pain_medicines",)),
        (message("no, the gel", "deny", matter=about("chiropractic", 0.9)), ("chiropractic",)),
        (message("not when it is raw", "not_understood", matter=about("pain_medicines", 0.06)), ("pain_medicines",)),
        (message("not when it is raw", "not_understood", matter=about("chiropractic", 0.06)), None),
        (message("no, the raw kind", "deny", matter=about("pain_medicines", 0.01)), ("pain_medicines",)),
        (message("no, the raw kind", "deny", matter=about("chiropractic", 0.01)), None),
        (message("no, that jab", "recant", entities=[named("steroid_injections")]), ("steroid_injections",)),
        (
            message("jab or cold", "unsure", entities=[named("steroid_injections"), named("ice_and_heat")]),
            ("steroid_injections",),
        ),
        (message("wrong thing", "deny"), None),
        (message("yes I use a gel", "affirm", matter=about("pain_medicines", 0.9)), None),
        (message("yes, and a gel?", "affirm", matter=about("pain_medicines", 0.9)), ("pain_medicines",)),
        (message("bye", "goodbye", matter=about("pain_medicines", 0.9)), None),
    ],
    ids=[
        *("what the rest is about", "even if far", "near suffices", "far does not"),
        *("picked by a word", "none that is near", "named", "what is not last"),
        *("nothing else said", "telling", "asking", "taken at its word"),
    ],
)
def test_after_an_answer_the_rest_of_the_message_counts(said: Message, topics: tuple[str, ...] | None) -> None:
    found = context.resolve(Context(topic="ice_and_heat"), said)
    assert found == (Meaning("answer", topics) if topics else None)


def test_a_correction_means_the_last_thing_named() -> None:
    said = message(
        "no, not the chiropractor, I meant the jab",
        "change_mind",
        entities=[named("chiropractic", "denied"), named("pain_medicines"), named("steroid_injections")],
    )
    assert context.resolve(Context(), said) == Meaning("answer", ("steroid_injections",))


@pytest.mark.parametrize(("nearest", "answered"), [("ice_and_heat", True), ("sleep", False)])
def test_a_first_message_is_answered_where_what_it_names_and_the_classifier_agree(nearest: str, answered: bool) -> None:
    said = message("something for it, cold", "unsure", alternatives=[nearest], entities=[named("ice_and_heat")])
    assert context.resolve(Context(), said) == (Meaning("answer", ("ice_and_heat",)) if answered else None)


@pytest.mark.parametrize(
    ("text", "place"), [("the second one", 1), ("number one", 0), ("the last", -1), ("the third", None), ("that", None)]
)
def test_an_offer_is_picked_from_by_place(text: str, place: int | None) -> None:
    offered = ("sleep", "dose")
    found = context.resolve(Context(offered=offered), message(text, "the_other"))
    assert found == (Meaning("answer", (offered[place],)) if place is not None else None)


def test_what_was_chosen_once_is_not_asked_again() -> None:
    doubt = message("that stuff", "unsure", alternatives=["sleep", "dose", "work", "diets"])
    assert context.resolve(Context(), doubt) is None
    learnt = {context.key_of(("sleep", "dose", "work")): "dose"}
    assert context.resolve(Context(learnt=learnt), doubt) == Meaning("answer", ("dose",))


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        (message("who would I see for it?", "human"), Meaning("who")),
        (message("can I speak to a person?", "human"), None),
        (message("just yes or no", "affirm"), Meaning("follow_up", follow_up="simpler")),
        (
            message("I am lost", "deny", ranking=[{"name": "simpler", "confidence": 0.4}]),
            Meaning("follow_up", follow_up="simpler"),
        ),
        (message("I am lost", "deny", ranking=[{"name": "simpler", "confidence": 0.1}]), None),
        (message("no, plainer", "deny", matter=("simpler", 0.8, [])), Meaning("follow_up", follow_up="simpler")),
        (message("no, that is all", "deny", 0.9, matter=("more", 0.8, [])), None),
    ],
    ids=["whom to ask", "a person", "yes or no", "nearly a follow-up", "hardly one", "the rest is one", "sure"],
)
def test_follow_ups_in_other_words(said: Message, meaning: Meaning | None) -> None:
    assert context.resolve(Context(topic="chiropractic"), said) == meaning
    assert context.resolve(Context(), said) is None


@pytest.mark.parametrize(
    ("said", "plan"),
    [
        (
            message("it has gone again", "bare_statement", replies=["spasm_yes"], matter=("x", 0, [])),
            {"spasm_now": True},
        ),
        (message("has it gone again?", "unsure", replies=["spasm_yes"], matter=("x", 0, [])), None),
        (message("the same", "unsure", replies=["spasm_no"], matter=("x", 0, [])), None),
        (message("yes", "affirm", replies=["active_no"]), None),
        (message("sorry, I do nothing", "staying_active", replies=["active_no"]), {"active": False}),
        (message("I do nothing, is that bad", "staying_active", replies=["active_no"]), None),
        (
            message("no, shoulders", "deny", entities=[named("shoulder_exercises")], matter=("x", 0, [])),
            {"area": ["shoulders"]},
        ),
    ],
    ids=[
        "in spasm after all",
        "a question",
        "nothing new",
        "a bare yes",
        "active after all",
        "a topic",
        "another area",
    ],
)
def test_a_plan_is_corrected(said: Message, plan: dict[str, Any] | None) -> None:
    found = context.resolve(Context(topic="waist_exercises", plan=PLAN), said)
    assert (found.plan if found else None) == ({**PLAN, **plan} if plan else None)


def test_after_exercises_a_part_of_the_body_asks_for_exercises() -> None:
    waist = message("and my tummy?", "overweight_back_pain", 0.9, entities=[named("abdominal_exercises")])
    assert context.resolve(Context(topic="waist_exercises"), waist) == Meaning("answer", ("abdominal_exercises",))
    assert context.resolve(Context(topic="chiropractic"), waist) is None


def test_a_button_means_what_it_sends() -> None:
    tapped = read_message(
        {"text": "No", "intent": {"name": "deny"}, "reading": {"questions": ["deny"], "button": True}}
    )
    assert context.resolve(Context(topic="chiropractic", plan=PLAN), tapped) is None


def test_matter_is_read_from_the_message() -> None:
    read = message("no, ice", "deny", matter=("ice_and_heat", 0.8, [["ice_and_heat", 0.9]]))
    assert read.matter == Matter("ice_and_heat", 0.8, (("ice_and_heat", 0.9),))
