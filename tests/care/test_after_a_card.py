"""What follows a card: taken back, played down, dealt with, asked about, held."""

from __future__ import annotations

import pytest

from tests.care.registry import CHANNELS, SENTENCES
from tests.conversation import Conversation

pytestmark = pytest.mark.parametrize("conversation", CHANNELS, indirect=True)


@pytest.mark.parametrize(
    "words", ["No", "/deny", "no that never happened, I read it on a leaflet", "sorry, typed that by mistake"]
)
def test_taken_back_it_goes_on(conversation: Conversation, words: str) -> None:
    conversation.say(SENTENCES["cauda_equina"][0])
    reply = conversation.say(words)
    assert reply[-1]["custom"]["data"]["says"][0]["kind"] == "talk"
    assert "999" in reply[0]["text"]
    assert conversation.says("does ice help?")[0]["ids"] == ["ice_and_heat"]


@pytest.mark.parametrize(
    "words",
    [
        *("it's fine now", "probably nothing", "why A&E?", "yes", "can we get back to the exercises"),
        *("not that bad really", "no big deal", "not a big thing"),
    ],
)
def test_played_down_it_is_shown_again(conversation: Conversation, words: str) -> None:
    conversation.say(SENTENCES["cauda_equina"][0])
    first = conversation.says(words)[0]
    assert (first["kind"], first["ids"], first["level"]) == ("care", ["cauda_equina"], "emergency")


def test_repeated_it_is_shown_again(conversation: Conversation) -> None:
    for _ in range(3):
        assert conversation.says(SENTENCES["infection_signs"][0])[0]["ids"] == ["infection_signs"]


def test_a_graver_sign_brings_its_card(conversation: Conversation) -> None:
    conversation.say(SENTENCES["not_settling"][0])
    assert conversation.says(SENTENCES["leg_weakness"][0])[0]["ids"] == ["leg_weakness"]


def test_two_signs_at_once_show_the_graver(conversation: Conversation) -> None:
    says = conversation.says("I have a fever and I can't pee")
    assert [item["level"] for item in says if item["kind"] == "care"] == ["emergency"]


def test_a_hypothetical_that_has_happened_is_no_longer_information(conversation: Conversation) -> None:
    first = conversation.says("what if my groin goes numb?")[0]
    assert (first["informational"], first["asks"]) == (True, "is_it_happening")
    first = conversation.says("yes it has")[0]
    assert (first["ids"], first["informational"]) == (["cauda_equina"], False)


@pytest.mark.parametrize("card", ["infection_signs", "cancer_signs", "kidney_signs", "pregnancy", "child"])
@pytest.mark.parametrize(
    "question", ["does ibuprofen help?", "would a cortisone injection help?", "does a chiropractor help?"]
)
def test_held_until_checked(conversation: Conversation, card: str, question: str) -> None:
    conversation.say(SENTENCES[card][0])
    assert conversation.says(question)[0]["ids"] == [card]
    assert conversation.says("are flat shoes better for my back?")[0]["kind"] == "answer"
    conversation.say("my doctor has checked it and knows all about it")
    assert conversation.says(question)[0]["kind"] == "answer"


def test_medicine_answers_keep_their_caution(conversation: Conversation) -> None:
    conversation.say("I have asthma")
    assert conversation.says("does ibuprofen help?")[0]["ids"] == ["medicine_safety"]
    assert conversation.says("does ice help?")[0]["ids"] == ["ice_and_heat"]


def test_no_medicine_answer_after_suicide_risk(conversation: Conversation) -> None:
    conversation.say(SENTENCES["suicide_risk"][0])
    assert conversation.says("yes I am safe")[0]["kind"] == "care"
    conversation.say("start over")
    assert conversation.says("do muscle relaxants help?")[0]["kind"] == "care"


@pytest.mark.parametrize("words", ["no", "not sure"])
def test_not_safe_brings_999(conversation: Conversation, words: str) -> None:
    conversation.say(SENTENCES["suicide_risk"][0])
    reply = conversation.say(words)
    assert reply[-1]["custom"]["data"]["says"][0]["level"] == "emergency"
    assert "999" in reply[0]["text"]


def test_deleting_data_always_works(conversation: Conversation) -> None:
    conversation.say(SENTENCES["cauda_equina"][0])
    assert conversation.says("delete everything I told you")[0]["ids"] == ["delete_my_data"]


def test_the_chooser_is_resumed(conversation: Conversation) -> None:
    conversation.say("which exercises should I do?")
    conversation.say("no spasm, no injury")
    conversation.say(SENTENCES["cauda_equina"][0])
    says = conversation.says("no, that never happened")
    assert [item["asks"] for item in says] == [None, "active"]


def test_help_on_its_way_and_a_question_about_oneself(conversation: Conversation) -> None:
    conversation.say("my mum can't feel her legs and has wet herself")
    says = conversation.says("the ambulance is on its way. and for me, are flat shoes better?")
    assert says[-1]["ids"] == ["posture_and_footwear"]


def test_the_card_comes_before_the_notice(conversation: Conversation) -> None:
    messages = conversation.say(SENTENCES["cauda_equina"][0])
    assert "A&E" in messages[0]["text"].split("\n")[0]
    assert "I am a bot" in messages[1]["text"]


@pytest.mark.parametrize(
    "words", ["any side effects?", "tell me more", "why?", "no, I meant the jab", "say that again"]
)
def test_follow_ups_are_held_too(conversation: Conversation, words: str) -> None:
    conversation.say("does ibuprofen help?")
    conversation.say(SENTENCES["pregnancy"][0])
    assert conversation.says(words)[0]["ids"] == ["pregnancy"]


@pytest.mark.parametrize("words", ["tell me more", "why?", "what about the other one?", "my back hurts", "asdf qwer"])
def test_while_an_emergency_is_open_the_card_comes_again(conversation: Conversation, words: str) -> None:
    conversation.say("does ice help?")
    conversation.say(SENTENCES["cauda_equina"][0])
    assert conversation.says(words)[0]["ids"] == ["cauda_equina"]


def test_help_on_its_way_does_not_clear_suicide_risk(conversation: Conversation) -> None:
    conversation.say(SENTENCES["suicide_risk"][0])
    conversation.say("my GP knows about it and I am seeing her today")
    assert conversation.says("do muscle relaxants help?")[0]["ids"] == ["suicide_risk"]


def test_a_sign_in_another_language_is_answered_in_it(conversation: Conversation) -> None:
    reply = conversation.say("no puedo orinar y no siento las piernas")
    assert reply[0]["text"].startswith("Llame ahora al 999")
