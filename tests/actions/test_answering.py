from __future__ import annotations

import pytest

from actions.all_done import AllDone
from actions.answer import AnswerTopics
from actions.ask_back import OPTIONS, AskBack
from actions.did_you_mean import DidYouMean
from actions.not_understood import NotUnderstood
from actions.offer_again import OfferAgain
from actions.out_of_scope import OutOfScope
from actions.say_otherwise import SayOtherwise
from actions.talk import Talk
from bot.check.project import load
from bot.content import content
from bot.dialogue import chooser
from tests.actions.speaking import speak


@pytest.mark.parametrize("answer_id", content().answers)
def test_an_answer_has_all_its_parts(answer_id: str) -> None:
    answer = content().answers[answer_id]
    source = content().sources[answer.link]
    spoken = speak(AnswerTopics(), answer_id)
    lines = spoken.text.splitlines()
    assert lines[0] == answer.short
    assert answer.referral in lines
    assert answer.caution is None or answer.caution in lines
    assert f"Source: the document, “{source.title}”. It gives this link: {source.url}" in lines
    assert lines[-1] == content().safety[answer.safety]
    notes = [line for line in lines if line.startswith("Not from the document: ")]
    assert [content().notes[key].text in note for key, note in zip(answer.notes, notes)] == [True] * len(answer.notes)
    assert all(content().notes[key].source.url in note for key, note in zip(answer.notes, notes))


@pytest.mark.parametrize("answer_id", content().answers)
def test_an_answer_is_listed_with_its_source(answer_id: str) -> None:
    answer = content().answers[answer_id]
    source = content().sources[answer.link]
    spoken = speak(AnswerTopics(), answer_id)
    assert spoken.says == [
        {
            "kind": "answer",
            "ids": [answer_id],
            "level": None,
            "asks": None,
            "source": {"section": source.section, "title": source.title, "url": source.url},
        }
    ]
    assert spoken.messages[0]["custom"]["data"]["content_version"] == content().version
    assert spoken.payloads == [f"/{other}" for other in answer.follow_ups]
    plan = {} if answer_id in chooser.BY_ANSWER else {"plan": None}  # after another exercise it can still be corrected
    assert spoken.slots == {"topic": answer_id, "view": "short", "misses": 0, "offered": None, **plan}


@pytest.mark.parametrize("kind", content().not_in_document)
def test_what_is_not_in_the_document_names_who_to_ask(kind: str) -> None:
    entry = content().not_in_document[kind]
    spoken = speak(AnswerTopics(), kind)
    assert spoken.text == f"{entry.say}\n{entry.ask}"
    assert spoken.says[0]["kind"] == "not_in_document"
    assert spoken.says[0]["ids"] == ["not_in_document"]
    assert spoken.says[0]["offers"] == entry.nearest
    assert spoken.payloads == [f"/{answer}" for answer in entry.nearest]


def test_two_questions_are_two_items_in_the_order_asked() -> None:
    spoken = speak(AnswerTopics(), "chiropractic", "dose")
    assert spoken.listed == [("answer", ["chiropractic"]), ("not_in_document", ["not_in_document"])]
    assert spoken.slots["topic"] == "dose"


def test_the_first_reply_says_who_is_speaking_and_does_not_list_it() -> None:
    spoken = speak(AnswerTopics(), "ice_and_heat", slots={"noticed": None})
    assert [message["text"].splitlines()[0] for message in spoken.messages] == [
        content().talk["first_notice"].text,
        content().answers["ice_and_heat"].short,
    ]
    assert spoken.listed == [("answer", ["ice_and_heat"])]
    assert spoken.slots["noticed"] is True


TALK = sorted(
    {
        rule.steps[0]["intent"]
        for rule in (*load().rules, *load().stories)
        if {"action": "action_talk"} in rule.steps and not rule.guards
    }
)


@pytest.mark.parametrize("intent", TALK)
def test_talk_says_the_text_of_its_name(intent: str) -> None:
    spoken = speak(Talk(), intent)
    assert spoken.text == content().talk[intent].text
    assert spoken.listed == [("talk", [content().talk[intent].listed_as or intent])]
    assert [button["title"] for message in spoken.messages for button in message["buttons"]] == [
        content().answers[answer].question for answer in content().talk[intent].buttons
    ]


def test_nothing_that_was_not_understood_is_answered() -> None:
    spoken = speak(NotUnderstood(), "not_understood", slots={"misses": 1})
    assert spoken.listed == [("not_in_document", ["not_in_document"])]
    assert spoken.text.startswith(content().not_in_document["general"].say)
    assert spoken.slots == {"misses": 0}


def test_out_of_scope_says_what_can_be_talked_about() -> None:
    spoken = speak(OutOfScope(), "out_of_scope")
    assert spoken.text == content().talk["out_of_scope"].text
    assert spoken.listed == [("out_of_scope", ["out_of_scope"])]


def test_a_bare_statement_is_asked_what_would_help() -> None:
    spoken = speak(AskBack(), "bare_statement")
    assert spoken.text == content().talk["bare_statement_question"].text
    assert spoken.says[0] == {"kind": "ask", "ids": OPTIONS, "level": None, "asks": "clarify"}
    assert spoken.payloads == [*(f"/{option}" for option in OPTIONS), "/something_else"]


def test_did_you_mean_offers_the_nearest_and_a_way_out() -> None:
    spoken = speak(DidYouMean(), "unsure", alternatives=["sleep", "ice_and_heat"])
    assert spoken.says[0] == {"kind": "ask", "ids": ["sleep", "ice_and_heat"], "level": None, "asks": "clarify"}
    assert spoken.payloads == ["/sleep", "/ice_and_heat", "/something_else"]
    assert spoken.slots == {"misses": 1, "offered": ["sleep", "ice_and_heat"]}


def test_after_two_misses_it_names_people() -> None:
    spoken = speak(DidYouMean(), "unsure", alternatives=["sleep"], slots={"misses": 1})
    assert spoken.text == content().talk["two_misses"].text
    assert spoken.listed == [("talk", ["human"])]
    assert spoken.slots == {"misses": 0, "offered": None}


def test_the_choice_from_an_offer_is_learnt() -> None:
    offered = {"offered": ["sleep", "ice_and_heat"]}
    assert speak(AnswerTopics(), "ice_and_heat", slots=offered).slots["learnt"] == {
        "sleep ice_and_heat": "ice_and_heat"
    }
    assert "learnt" not in speak(AnswerTopics(), "chiropractic", slots=offered).slots


def test_yes_to_an_offer_puts_it_again_and_no_asks_for_other_words() -> None:
    again = speak(OfferAgain(), "affirm", slots={"offered": ["sleep", "dose"]})
    assert again.says[0] == {"kind": "ask", "ids": ["sleep", "dose"], "level": None, "asks": "clarify"}
    assert again.payloads == ["/sleep", "/dose", "/something_else"]
    otherwise = speak(SayOtherwise(), "deny", slots={"offered": ["sleep", "dose"]})
    assert otherwise.text == content().talk["something_else"].text
    assert otherwise.slots == {"offered": None}


@pytest.mark.parametrize("intent", ["thank", "goodbye"])
def test_after_an_answer_a_tap_says_whether_it_helped(intent: str) -> None:
    taps = ["/feedback_helpful", "/feedback_not_helpful"]
    assert speak(Talk(), intent, slots={"topic": "chiropractic"}).payloads == taps
    said = {"topic": "chiropractic", "verdict": "helpful"}
    assert speak(Talk(), intent, slots={"topic": "chiropractic", "feedback": said}).payloads == []
    assert speak(Talk(), intent, slots={"topic": "dose", "feedback": said}).payloads == []


def test_a_greeting_later_on_picks_up_where_it_was() -> None:
    spoken = speak(Talk(), "greet", slots={"topic": "chiropractic"})
    assert spoken.text == content().talk["greet_again"].text
    assert spoken.listed == [("talk", ["greet"])]


def test_no_more_questions_is_a_farewell() -> None:
    spoken = speak(AllDone(), "deny")
    assert spoken.text == content().talk["all_done"].text
    assert spoken.listed == [("talk", ["deny"])]
