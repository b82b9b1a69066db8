"""After each of the answers: more, simpler, why, the source, and a next question right after it."""

from __future__ import annotations

import time
from statistics import median

import pytest

from bot.content import content
from tests.conversation import Conversation

TOPICS = list(content().answers)
FOLLOW_UPS = {"tell me more": "more", "in simpler words please": "simpler", "why?": "why", "say that again": None}


NEXT = {"does ice help?": "ice_and_heat", "is a physio any good?": "physical_therapy"}


@pytest.mark.parametrize("topic", TOPICS)
def test_every_follow_up_works(conversation: Conversation, topic: str) -> None:
    conversation.say("hello")
    if topic == "which_exercises":  # a way into choosing; its text comes where someone asks about it by name
        assert conversation.says(f"/{topic}")[0]["kind"] == "ask"
        return
    for words, view in FOLLOW_UPS.items():
        first = conversation.say(f"/{topic}")
        reply = conversation.say(words)
        said = reply[-1]["custom"]["data"]["says"][0]
        assert (said["kind"], said["ids"]) == ("answer", [topic])
        if view:
            assert getattr(content().answers[topic], view) in reply[0]["text"]
        else:
            assert reply[0]["text"] == first[0]["text"]


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic != "which_exercises"])
def test_the_source_and_a_next_question_work_right_after_it(conversation: Conversation, topic: str) -> None:
    answer = content().answers[topic]
    first = conversation.say(f"/{topic}")
    assert content().sources[answer.link].url in first[-2]["text"]
    source = first[-1]["custom"]["data"]["says"][0]["source"]
    assert source["url"] == content().sources[answer.link].url
    assert conversation.says("where does this come from?")[0]["ids"] == ["sources"]
    # its own buttons lead on, and so does any typed question
    conversation.say(f"/{topic}")
    for question, other in NEXT.items():
        assert conversation.says(question)[0]["ids"] == [other]
    for follow_up in answer.follow_ups:
        said = conversation.says(f"/{follow_up}")[0]
        assert said["ids"] == [follow_up]
        conversation.say("stop")  # the way into the chooser may be among them


@pytest.mark.parametrize("words", FOLLOW_UPS)
def test_with_nothing_to_refer_to_it_asks(conversation: Conversation, words: str) -> None:
    said = conversation.says(words)[0]
    assert (said["kind"], said["asks"]) == ("talk", "clarify")


# Seconds of processor time. Rasa reads the whole conversation anew for each prediction, so that turns grow slower with
# its length (docs/performance.md); after a hundred they must still be too quick to notice.
QUICK = 0.2


def test_a_hundred_turns_stay_right_and_quick(conversation: Conversation) -> None:
    topics = [topic for topic in TOPICS if topic != "which_exercises"]
    took: list[float] = []
    for turn in range(50):
        topic = topics[turn % len(topics)]
        for words in (f"/{topic}", "tell me more"):
            began = time.process_time()
            said = conversation.says(words)[0]
            took.append(time.process_time() - began)
            assert (said["kind"], said["ids"]) == ("answer", [topic])
    assert median(took[-20:]) <= QUICK
