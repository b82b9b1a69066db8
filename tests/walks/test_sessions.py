"""A conversation that comes back: picked up where it was, and not greeted as if for the first time."""

from __future__ import annotations

from typing import Any

import pytest

from bot.content import content
from tests.conversation import Conversation

NOTICE = content().talk["first_notice"].text


@pytest.fixture
def a_day_later(agent: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call it to let the session expire before the next message."""
    expired: list[bool] = []
    processor = type(agent.processor)

    def has_expired(*_: object) -> bool:
        return bool(expired) and expired.pop()

    monkeypatch.setattr(processor, "_has_session_expired", has_expired)
    return lambda: expired.append(True)


def test_the_notice_comes_once(conversation: Conversation, a_day_later: Any) -> None:
    assert conversation.say("does ice help?")[0]["text"] == NOTICE
    a_day_later()
    reply = conversation.say("hello")
    assert NOTICE not in [message.get("text") for message in reply]
    assert reply[0]["text"] == content().talk["greet_again"].text


def test_it_knows_what_was_talked_about(conversation: Conversation, a_day_later: Any) -> None:
    conversation.say("does ice help?")
    a_day_later()
    assert conversation.says("tell me more")[0]["ids"] == ["ice_and_heat"]


def test_an_open_question_is_not_put_again_but_can_be_gone_back_to(
    conversation: Conversation, a_day_later: Any
) -> None:
    for message in ("which exercises should I do?", "no", "yes, I swim"):
        conversation.say(message)
    a_day_later()
    assert [item["kind"] for item in conversation.says("does ice help?")] == ["answer"]
    # active is kept; whether it is in spasm now is asked again
    assert conversation.says("go on with the questions")[-1]["asks"] == "spasm_now"
    assert conversation.says("no")[-1]["asks"] == "area"


def test_a_care_card_stays_open(conversation: Conversation, a_day_later: Any) -> None:
    conversation.say("I'm 20 weeks pregnant and my back hurts")
    a_day_later()
    assert conversation.says("does ibuprofen help?")[0]["ids"] == ["pregnancy"]
