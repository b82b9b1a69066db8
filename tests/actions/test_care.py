from __future__ import annotations

from typing import Any

import pytest

from actions.care import Care
from bot.content import content
from tests.actions.speaking import speak


def sign(card: str, name: str, **more: Any) -> dict[str, Any]:
    known = {"card": card, "sign": name, "informational": False, "someone_else": False, "language": None, "sure": True}
    return {**known, **more}


SADDLE = sign("cauda_equina", "saddle")
ASKED = {"held": [SADDLE], "asked": SADDLE, "no_medicines": False}


def test_a_card_comes_alone_and_asks() -> None:
    spoken = speak(Care(), "pain_medicines", signs=[SADDLE])
    assert spoken.says == [
        {
            "kind": "care",
            "ids": ["cauda_equina"],
            "level": "emergency",
            "asks": "is_it_happening",
            "informational": False,
        }
    ]
    assert spoken.text.startswith(content().care["cauda_equina"].heading)
    assert spoken.payloads == ["/affirm", "/deny"]
    assert spoken.slots["care"]["held"] == [SADDLE]


def test_the_card_comes_before_the_first_notice() -> None:
    spoken = speak(Care(), signs=[SADDLE], slots={"noticed": None})
    assert spoken.messages[0]["text"].startswith(content().care["cauda_equina"].heading)
    assert spoken.messages[1]["text"] == content().talk["first_notice"].text


def test_a_hypothetical_is_information_and_asks() -> None:
    spoken = speak(Care(), signs=[sign("cauda_equina", "saddle", informational=True)])
    assert spoken.says[0]["informational"] is True
    assert spoken.says[0]["asks"] == "is_it_happening"
    assert spoken.text.startswith("For information:")


def test_yes_to_its_question_brings_the_card_as_real() -> None:
    asked = sign("cauda_equina", "saddle", informational=True)
    spoken = speak(Care(), "affirm", slots={"care": {"held": [], "asked": asked}})
    assert spoken.says[0]["informational"] is False
    assert spoken.slots["care"]["held"][0]["card"] == "cauda_equina"


@pytest.mark.parametrize(("intent", "text"), [("deny", "no it has not"), ("recant", "I was only asking")])
def test_no_takes_it_back_with_a_reminder(intent: str, text: str) -> None:
    spoken = speak(Care(), intent, slots={"care": ASKED}, text=text)
    assert spoken.text == content().care_words["resumed"]
    assert spoken.listed == [("talk", ["deny"])]
    assert spoken.slots["care"]["held"] == []


def test_a_no_that_denies_nothing_brings_the_card_again() -> None:
    spoken = speak(Care(), "deny", slots={"care": ASKED}, text="not a big fall")
    assert spoken.listed == [("care", ["cauda_equina"])]


def test_a_question_while_an_emergency_is_open_gets_the_card_again() -> None:
    spoken = speak(Care(), "posture_and_footwear", slots={"care": ASKED})
    assert spoken.listed == [("care", ["cauda_equina"])]


def test_beside_a_lesser_card_what_it_does_not_hold_is_answered() -> None:
    spoken = speak(Care(), "posture_and_footwear", signs=[sign("medicine_safety", "driving")])
    assert spoken.listed == [("care", ["medicine_safety"]), ("answer", ["posture_and_footwear"])]
    assert spoken.slots["topic"] == "posture_and_footwear"


def test_what_a_lesser_card_holds_is_not_answered() -> None:
    spoken = speak(Care(), "pain_medicines", signs=[sign("medicine_safety", "driving")])
    assert spoken.listed == [("care", ["medicine_safety"])]
    assert spoken.says[0]["level"] == "pharmacist"


def test_no_to_are_you_safe_brings_the_emergency() -> None:
    asked = sign("suicide_risk", next(iter(content().care["suicide_risk"].signs)))
    spoken = speak(Care(), "deny", slots={"care": {"held": [asked], "asked": asked}})
    assert spoken.says[0]["ids"] == ["suicide_risk"]
    assert spoken.says[0]["level"] == "emergency"


@pytest.mark.parametrize("card", content().care)
def test_every_card_of_every_sign_can_be_shown(card: str) -> None:
    for name in content().care[card].signs:
        for someone_else in (False, True):
            spoken = speak(Care(), signs=[sign(card, name, someone_else=someone_else)])
            assert spoken.says[0]["ids"] == [card]
            assert "{" not in spoken.text
            assert spoken.says[0]["level"] in ("emergency", "crisis", "urgent", "gp", "pharmacist")
