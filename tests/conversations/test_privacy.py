"""What a person may ask for of what is kept: to know, to agree, to see, to delete."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conversation import Conversation


def asked(says: list[dict[str, Any]]) -> tuple[str, str | None]:
    return says[-1]["ids"][0], says[-1]["asks"]


def stored(agent: Any, sender: str) -> list[str]:
    """The types of the events that the store has of somebody."""
    with Session(agent.tracker_store.engine) as session:
        table = agent.tracker_store.SQLEvent
        return [row.type_name for row in session.query(table).filter(table.sender_id == sender)]


def consent(agent: Any, sender: str) -> bool:
    with Session(agent.tracker_store.engine) as session:
        found = session.execute("SELECT consent FROM conversations WHERE sender_id = :sender", {"sender": sender})
        return bool(found.scalar())


def test_asked_what_is_kept_it_says_so_and_asks_for_consent(conversation: Conversation) -> None:
    reply = conversation.say("what do you keep of this?")
    assert asked(reply[-1]["custom"]["data"]["says"]) == ("privacy", "consent")
    shown = " ".join(message.get("text", "") for message in reply)
    assert "deleted 24 hours after your last message" in shown
    assert "90 days" in shown
    buttons = [button["payload"] for message in reply for button in message.get("buttons", [])]
    assert {"/affirm", "/deny", "/export_my_data", "/delete_my_data"} <= set(buttons)


def test_consent_is_given_and_taken_back(agent: Any, conversation: Conversation) -> None:
    conversation.say("what do you keep of this?")
    assert not consent(agent, conversation.sender)
    assert conversation.says("yes please")[0]["ids"] == ["affirm"]
    assert consent(agent, conversation.sender)
    assert "Is that still all right?" in str(conversation.say("/privacy"))
    assert conversation.says("no")[0]["ids"] == ["deny"]
    assert not consent(agent, conversation.sender)


def test_deleting_asks_once_and_then_deletes(agent: Any, conversation: Conversation) -> None:
    conversation.say("does ice help?")
    assert asked(conversation.says("please delete everything I told you")) == ("delete_my_data", "confirm_delete")
    assert stored(agent, conversation.sender)
    assert asked(conversation.says("yes")) == ("delete_my_data", None)
    assert stored(agent, conversation.sender) == []
    # the next message starts anew: the notice is shown again, and nothing is known of what was said
    reply = conversation.say("tell me more")
    assert "I am a bot." in str(reply)
    assert reply[-1]["custom"]["data"]["says"][0]["asks"] == "clarify"


@pytest.mark.parametrize("words", ["no", "/deny"])
def test_no_deletes_nothing(agent: Any, conversation: Conversation, words: str) -> None:
    conversation.say("delete my data")
    assert conversation.says(words)[0]["ids"] == ["deny"]
    assert stored(agent, conversation.sender)


@pytest.mark.parametrize("between", ["does ice help?", "what do you keep?", "my groin has gone numb", "/start_over"])
def test_a_yes_to_something_else_deletes_nothing(agent: Any, conversation: Conversation, between: str) -> None:
    conversation.say("delete my data")
    conversation.say(between)
    conversation.say("yes")
    assert stored(agent, conversation.sender)


def test_while_a_card_is_open_yes_still_deletes(agent: Any, conversation: Conversation) -> None:
    conversation.say("my groin has gone numb")
    conversation.say("delete my data")
    assert asked(conversation.says("yes")) == ("delete_my_data", None)
    assert stored(agent, conversation.sender) == []


def test_a_sign_that_comes_with_the_yes_gets_its_card(agent: Any, conversation: Conversation) -> None:
    conversation.say("delete my data")
    assert conversation.says("yes, and my groin has gone numb")[0]["ids"] == ["cauda_equina"]
    assert stored(agent, conversation.sender)


def test_not_deleting_leaves_an_open_card_open(conversation: Conversation) -> None:
    conversation.say("my groin has gone numb")
    conversation.say("delete my data")
    conversation.say("no")
    assert conversation.says("does ice help?")[0]["ids"] == ["cauda_equina"]


def test_within_the_chooser_deleting_closes_it_and_knowing_does_not(agent: Any, conversation: Conversation) -> None:
    conversation.say("which exercises should I do?")
    assert [item["asks"] for item in conversation.says("what do you keep of this?")] == [None, "spasm_now"]
    assert [item["asks"] for item in conversation.says("delete my data")] == ["confirm_delete"]
    assert asked(conversation.says("yes")) == ("delete_my_data", None)
    assert stored(agent, conversation.sender) == []


def test_every_message_is_shown_and_the_copy_itself_is_not_kept(conversation: Conversation) -> None:
    conversation.say("does ice help, says the walrus?")
    answer = conversation.say("do muscle relaxants help?")[0]["text"]
    reply = conversation.say("/export_my_data")
    assert reply[-1]["custom"]["data"]["says"] == [
        {"kind": "talk", "ids": ["export_my_data"], "level": None, "asks": None}
    ]
    copy = reply[-2]["text"]
    assert " You: does ice help, says the walrus?" in copy
    assert f" Bot: {answer}" in copy
    again = conversation.say("show me my data")[-2]["text"]
    assert again.count("walrus") == 1


def test_history_of_earlier_sessions_is_shown_too(agent: Any, conversation: Conversation) -> None:
    conversation.say("does ice help, says the walrus?")
    conversation.say("what do you keep?")
    conversation.say("yes")
    two_days = 2 * 86_400
    with Session(agent.tracker_store.engine) as session:
        for row in session.query(agent.tracker_store.SQLEvent).filter_by(sender_id=conversation.sender):
            row.timestamp -= two_days
            row.data = aged(row.data, two_days)
        session.commit()
    assert conversation.says("yes") != []  # an open question of two days ago is not answered by it
    assert stored(agent, conversation.sender)
    assert "walrus" in conversation.say("/export_my_data")[-2]["text"]
    # taken back, what came before this session goes
    conversation.say("/privacy")
    conversation.say("/deny")
    assert "walrus" not in conversation.say("/export_my_data")[-2]["text"]


def aged(data: str, seconds: float) -> str:
    event = json.loads(data)
    event["timestamp"] -= seconds
    return json.dumps(event)
