"""A long conversation is not read from its beginning, and nobody can tell."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.shared.core.events import UserUttered

from bot.conversations.snapshot import TURNS
from tests.conversation import Conversation

SMALL_TALK = ("does ice help?", "why?", "thanks", "are injections risky?", "tell me more")


def texts_read(agent: Any, conversation: Conversation) -> list[str]:
    tracker = asyncio.run(agent.tracker_store.retrieve(conversation.sender))
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def texts_stored(agent: Any, conversation: Conversation) -> list[str]:
    tracker = asyncio.run(agent.tracker_store.retrieve_full_tracker(conversation.sender))
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def test_a_turn_reads_the_last_turns_and_what_the_others_led_to(agent: Any, conversation: Conversation) -> None:
    said = []
    before = None
    for number in range(23):
        said.append(SMALL_TALK[number % len(SMALL_TALK)])
        before = conversation.says(said[-1])
        read = texts_read(agent, conversation)
        assert read == said[-len(read) :]
        assert len(read) <= TURNS
        assert texts_stored(agent, conversation) == said
    tracker = asyncio.run(agent.tracker_store.retrieve(conversation.sender))
    whole = asyncio.run(agent.tracker_store.retrieve_full_tracker(conversation.sender))
    assert tracker.current_slot_values() == whole.current_slot_values()
    assert before == last_reply(agent, conversation, said[-5:])


def last_reply(agent: Any, conversation: Conversation, texts: list[str]) -> Any:
    """The last reply in a new conversation that says only `texts`."""
    other = Conversation(agent, conversation._loop)
    return [other.says(text) for text in texts][-1]


@pytest.mark.parametrize("digressions", range(1, 4 * TURNS))
def test_an_open_question_is_gone_back_to_however_long_it_takes(
    agent: Any, conversation: Conversation, digressions: int
) -> None:
    assert conversation.says("which exercises should I do?")[0]["asks"] == "spasm_now"
    for number in range(digressions):
        says = conversation.says(("are injections risky?", "does ice help?")[number % 2])
        assert [item["kind"] for item in says] == ["answer", "ask"]
    assert conversation.says("no")[0]["asks"] == "active"
    assert conversation.says("yes")[0]["asks"] == "area"


@pytest.mark.parametrize("turns", [1, TURNS, 6 * TURNS])
def test_a_card_holds_answers_back_however_long_ago_it_was(agent: Any, conversation: Conversation, turns: int) -> None:
    assert conversation.says("I want to kill myself")[0]["ids"] == ["suicide_risk"]
    for _ in range(turns):
        conversation.says("hello")
    assert conversation.says("which painkillers can I take?")[0]["kind"] == "care"


def test_everything_is_shown_and_each_message_once(agent: Any, conversation: Conversation) -> None:
    said = [f"does ice help number {number}?" for number in range(4 * TURNS + 1)]
    for text in said:
        conversation.say(text)
    shown = "\n".join(message["text"] for message in conversation.say("show my data") if "text" in message)
    assert [shown.count(text) for text in said] == [1] * len(said)
    assert shown.index(said[0]) < shown.index(said[-1]) < shown.index("show my data")
