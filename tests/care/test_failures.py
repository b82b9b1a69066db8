"""Down, not silent: whatever fails, a warning sign still gets its card, and any other message the emergency lines."""

from __future__ import annotations

from typing import Any

import pytest

from bot.content import content
from tests.care.registry import CHANNELS, PARTS, SENTENCES
from tests.conversation import Conversation

pytestmark = pytest.mark.parametrize("conversation", CHANNELS, indirect=True)


@pytest.mark.parametrize("part", PARTS)
def test_a_sign_gets_its_card(agent: Any, conversation: Conversation, part: str) -> None:
    conversation.say("hello")
    with PARTS[part](agent):
        says = conversation.says(SENTENCES["cauda_equina"][0])
    assert (says[0]["kind"], says[0]["ids"], says[0]["level"]) == ("care", ["cauda_equina"], "emergency")


@pytest.mark.parametrize("part", [part for part in PARTS if part != "care screen"])
def test_any_other_message_gets_the_emergency_lines(agent: Any, conversation: Conversation, part: str) -> None:
    with PARTS[part](agent):
        messages = conversation.say("does ice help?")
    assert messages[-1]["custom"]["data"]["says"] == [{"kind": "error", "ids": [], "level": None, "asks": None}]
    words = content().contacts.words
    for line in ("emergency_number", "urgent_number", "samaritans"):
        assert words[line] in messages[0]["text"]


@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_lost_once_it_is_back(agent: Any, conversation: Conversation, part: str) -> None:
    assert conversation.says("does ice help?")[0]["ids"] == ["ice_and_heat"]
    with PARTS[part](agent):
        conversation.say("tell me more")
    assert conversation.says("tell me more")[0]["ids"] == ["ice_and_heat"]


@pytest.mark.parametrize("part", PARTS)
def test_a_card_shown_meanwhile_counts_once_it_is_back(agent: Any, conversation: Conversation, part: str) -> None:
    with PARTS[part](agent):
        conversation.say("I take warfarin and my back hurts")
    says = conversation.says("which painkillers help a back spasm?")
    assert "medicine_safety" in [card for item in says for card in item["ids"]], "the blood thinner was forgotten"
