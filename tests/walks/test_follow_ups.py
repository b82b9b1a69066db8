"""After each of the answers: more, simpler, why, the source, and a next question."""

from __future__ import annotations

import pytest

from bot.content import content
from tests.conversation import Conversation

FOLLOW_UPS = {"tell me more": "more", "in simpler words please": "simpler", "why?": "why", "say that again": None}


@pytest.mark.parametrize("topic", content().answers)
def test_every_follow_up_works(conversation: Conversation, topic: str) -> None:
    conversation.say("hello")
    for words, view in FOLLOW_UPS.items():
        first = conversation.say(f"/{topic}")
        if topic == "which_exercises":  # a way into choosing, not a text
            assert first[-1]["custom"]["data"]["says"][0]["kind"] == "ask"
            return
        reply = conversation.say(words)
        said = reply[-1]["custom"]["data"]["says"][0]
        assert (said["kind"], said["ids"]) == ("answer", [topic])
        if view:
            assert getattr(content().answers[topic], view) in reply[0]["text"]
        else:
            assert reply[0]["text"] == first[0]["text"]
    assert conversation.says("where does this come from?")[0]["ids"] == ["sources"]
    assert conversation.says("does ice help?")[0]["ids"] == ["ice_and_heat"]


@pytest.mark.parametrize("words", FOLLOW_UPS)
def test_with_nothing_to_refer_to_it_asks(conversation: Conversation, words: str) -> None:
    said = conversation.says(words)[0]
    assert (said["kind"], said["asks"]) == ("talk", "clarify")


def test_a_hundred_turns_stay_right(conversation: Conversation) -> None:
    topics = [topic for topic in content().answers if topic != "which_exercises"]
    for turn in range(100):
        topic = topics[turn % len(topics)]
        assert conversation.says(f"/{topic}")[0]["ids"] == [topic]
