""" "Did you mean": offered, picked from, learnt; after two misses people to talk to."""

from __future__ import annotations

from typing import Any

import pytest

from bot.language import reading
from tests.conversation import Conversation

VAGUE = "mmh, the usual stuff"
NEAREST = ("ice_and_heat", "sleep", "chiropractic")


@pytest.fixture(autouse=True)
def vague(monkeypatch: pytest.MonkeyPatch) -> None:
    """One message is not understood, whatever the model makes of it."""
    as_read = reading.read

    def read(reader: Any, text: str, parts: Any) -> reading.Reading:
        if text != VAGUE:
            return as_read(reader, text, parts)
        unsure = (reading.Question(reading.UNSURE, 0.2),)
        return reading.Reading(unsure, NEAREST, ((NEAREST[0], 0.2),), (), None)

    monkeypatch.setattr(reading, "read", read)


def test_a_choice_is_learnt(conversation: Conversation) -> None:
    offer = conversation.says(VAGUE)[0]
    assert (offer["kind"], offer["ids"], offer["asks"]) == ("ask", list(NEAREST), "clarify")
    assert conversation.says("the third one")[0]["ids"] == ["chiropractic"]
    assert conversation.says("does heat help?")[0]["ids"] == ["ice_and_heat"]
    assert conversation.says(VAGUE)[0]["ids"] == ["chiropractic"]


@pytest.mark.parametrize("choice", ["/sleep", "/something_else"])
def test_a_button_chooses(conversation: Conversation, choice: str) -> None:
    conversation.say(VAGUE)
    said = conversation.says(choice)[0]
    assert said["kind"] == {"/sleep": "not_in_document", "/something_else": "talk"}[choice]


def test_yes_puts_the_offer_again_and_no_asks_for_other_words(conversation: Conversation) -> None:
    conversation.say(VAGUE)
    assert conversation.says("yes")[0]["ids"] == list(NEAREST)
    reply = conversation.say("no")
    assert "other words" in reply[0]["text"]


def test_two_misses_in_a_row_offer_people(conversation: Conversation) -> None:
    conversation.say(VAGUE)
    assert conversation.says(VAGUE)[0]["ids"] == ["human"]
    assert conversation.says(VAGUE)[0]["kind"] == "ask"


def test_two_misses_apart_do_not(conversation: Conversation) -> None:
    conversation.say(VAGUE)
    conversation.say("is a physio any good?")
    assert conversation.says(VAGUE)[0]["kind"] == "ask"
