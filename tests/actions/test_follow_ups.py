from __future__ import annotations

import pytest

from actions.change_mind import ChangeMind
from actions.feedback import REASONS, Feedback
from actions.follow_up import FollowUp
from actions.start_over import StartOver
from actions.stop import Stop
from bot.content import content
from tests.actions.speaking import speak


@pytest.mark.parametrize("view", ["more", "simpler", "why"])
@pytest.mark.parametrize("answer_id", content().answers)
def test_an_answer_has_other_views(answer_id: str, view: str) -> None:
    answer = content().answers[answer_id]
    spoken = speak(FollowUp(), view, slots={"topic": answer_id})
    assert spoken.text.splitlines()[0] == getattr(answer, view)
    assert answer.referral in spoken.text
    assert content().sources[answer.link].url in spoken.text
    assert spoken.text.endswith(content().safety[answer.safety])
    assert spoken.listed == [("answer", [answer_id])]
    assert spoken.says[0]["view"] == view
    assert spoken.slots == {"view": view}


@pytest.mark.parametrize(("view", "shown"), [(None, "short"), ("short", "short"), ("simpler", "simpler")])
def test_repeat_shows_the_last_view_again(view: str | None, shown: str) -> None:
    spoken = speak(FollowUp(), "repeat", slots={"topic": "chiropractic", "view": view})
    assert spoken.text.startswith(getattr(content().answers["chiropractic"], shown))
    assert spoken.says[0]["view"] == shown


@pytest.mark.parametrize(
    "intent", ["more", "simpler", "why", "repeat", "does_it_work", "side_effects", "how_to", "the_other"]
)
def test_with_nothing_to_refer_to_it_asks(intent: str) -> None:
    spoken = speak(FollowUp(), intent)
    assert spoken.text == content().talk[intent].text
    assert spoken.says[0] == {
        "kind": "talk",
        "ids": [content().talk[intent].listed_as or intent],
        "level": None,
        "asks": "clarify",
    }


def test_more_about_what_is_not_in_the_document_is_not_in_it_either() -> None:
    spoken = speak(FollowUp(), "more", slots={"topic": "dose"})
    assert spoken.text.startswith(content().not_in_document["dose"].say)
    assert spoken.listed == [("not_in_document", ["not_in_document"])]


@pytest.mark.parametrize(
    ("intent", "topic", "listed"),
    [
        ("the_other", "ice_and_heat", ("answer", ["spasm_after_injury"])),
        ("side_effects", "pain_medicines", ("answer", ["pain_medicines"])),
        ("side_effects", "steroid_injections", ("answer", ["steroid_injections"])),
        ("side_effects", "posture_and_footwear", ("not_in_document", ["not_in_document"])),
        ("side_effects", "medicine_choice", ("answer", ["pain_medicines"])),
        ("side_effects", "sleep", ("not_in_document", ["not_in_document"])),
        ("side_effects", "massage", ("not_in_document", ["not_in_document"])),
        ("how_to", "waist_exercises", ("not_in_document", ["not_in_document"])),
        ("how_to", "spasm_after_injury", ("answer", ["spasm_after_injury"])),
        ("does_it_work", "muscle_relaxants", ("answer", ["muscle_relaxants"])),
    ],
)
def test_follow_ups_that_name_nothing(intent: str, topic: str, listed: tuple[str, list[str]]) -> None:
    assert speak(FollowUp(), intent, slots={"topic": topic}).listed == [listed]


def test_how_to_do_an_exercise_is_not_made_up() -> None:
    spoken = speak(FollowUp(), "how_to", slots={"topic": "waist_exercises"})
    assert spoken.text.startswith(content().not_in_document["technique"].say)


def test_a_correction_that_names_nothing_is_asked_for_more() -> None:
    spoken = speak(ChangeMind(), "change_mind", slots={"topic": "chiropractic"})
    assert spoken.says[0] == {"kind": "talk", "ids": ["deny"], "level": None, "asks": "clarify"}
    assert spoken.payloads == [f"/{answer}" for answer in content().answers["chiropractic"].follow_ups]
    assert spoken.slots == {}


def test_start_over_forgets_the_topic_but_not_an_open_card() -> None:
    spoken = speak(StartOver(), "start_over", slots={"topic": "dose", "area": ["waist"], "care": {"held": []}})
    assert spoken.listed == [("talk", ["start_over"])]
    assert {name for name, value in spoken.slots.items() if value is None} == {
        "topic",
        "view",
        "offered",
        "plan",
        "chooser_left",
        "spasm_now",
        "active",
        "area",
        "requested_slot",
    }
    assert "care" not in spoken.slots
    assert spoken.events == ["followup", "active_loop"]


def test_stop_leaves_the_chooser_and_keeps_what_it_learnt() -> None:
    spoken = speak(Stop(), "stop", slots={"active": True})
    assert spoken.text == content().talk["chooser_stopped"].text
    assert spoken.listed == [("talk", ["deny"])]
    assert spoken.slots == {"requested_slot": None}
    assert spoken.events == ["followup", "active_loop"]


def test_feedback_asks_then_asks_why_then_thanks() -> None:
    asked = speak(Feedback(), "feedback", slots={"topic": "dose"})
    assert asked.payloads == ["/feedback_helpful", "/feedback_not_helpful"]
    why = speak(Feedback(), "feedback_not_helpful", slots={"topic": "dose"})
    assert why.says[0]["asks"] == "feedback_reason"
    assert why.payloads == [f"/{reason}" for reason in REASONS]
    assert why.slots == {"feedback": {"topic": "dose", "verdict": "not_helpful"}}
    thanks = speak(Feedback(), "feedback_unclear", slots={"topic": "dose"})
    assert thanks.text == content().talk["feedback_thanks"].text
    assert thanks.slots == {"feedback": {"topic": "dose", "verdict": "unclear"}}
    assert [spoken.listed for spoken in (asked, why, thanks)] == [[("talk", ["feedback"])]] * 3


@pytest.mark.parametrize(
    ("intents", "last", "verdict"),
    [
        (["affirm"], None, "helpful"),
        (["deny"], None, "not_helpful"),
        (["deny"], {"topic": "dose", "verdict": "not_helpful"}, None),
        (["affirm"], {"topic": "dose", "verdict": "not_helpful"}, None),
        (["deny"], {"topic": "sleep", "verdict": "not_helpful"}, "not_helpful"),
    ],
    ids=["yes", "no", "no reason", "yes is no reason", "of another answer"],
)
def test_feedback_can_be_typed(intents: list[str], last: dict[str, str] | None, verdict: str | None) -> None:
    spoken = speak(Feedback(), *intents, slots={"topic": "dose", "feedback": last})
    assert spoken.listed == [("talk", ["feedback"])]
    assert spoken.slots == ({"feedback": {"topic": "dose", "verdict": verdict}} if verdict else {})


@pytest.mark.parametrize("question", ["spasm_now", "active", "area"])
def test_it_says_why_it_asks(question: str) -> None:
    spoken = speak(FollowUp(), "why", slots={"requested_slot": question})
    assert spoken.text == content().talk[f"chooser_why_{question}"].text
    digression = {"requested_slot": question, "topic": "ice_and_heat"}
    assert speak(FollowUp(), "why", slots=digression).text.startswith(content().answers["ice_and_heat"].why)


def test_a_plan_is_said_again_whole() -> None:
    plan = {"spasm_now": False, "active": True, "area": ["waist", "shoulders"]}
    spoken = speak(FollowUp(), "repeat", slots={"topic": "shoulder_exercises", "plan": plan})
    assert spoken.listed == [("answer", ["waist_exercises", "shoulder_exercises"])]


def test_a_goodbye_leaves_the_chooser_too() -> None:
    spoken = speak(Stop(), "goodbye", slots={"requested_slot": "area"})
    assert spoken.text == content().talk["goodbye"].text
    assert spoken.slots == {"chooser_left": True, "requested_slot": None}
