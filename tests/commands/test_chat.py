from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.turns import BadMessage, Message
from bot.commands import chat

BUTTONS = [{"title": "Ice and heat", "payload": "/ice_and_heat"}, {"title": "Yes", "payload": "/affirm"}]
REPLY: list[Message] = [
    {"recipient_id": "a", "text": "Hello.", "buttons": BUTTONS},
    {"recipient_id": "a", "text": "More?", "buttons": [{"title": "Something else", "payload": "/something_else"}]},
    {"recipient_id": "a", "custom": {"data": {"says": []}}},
]


def typing(*lines: str) -> Callable[[str], str]:
    """Types these lines, then Ctrl-D."""
    waiting = iter(lines)

    def read(_: str) -> str:
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    return read


def converse(take: Any, *lines: str) -> list[str]:
    written: list[str] = []
    asyncio.run(chat.converse(take, typing(*lines), written.append))
    return written


def test_a_reply_is_shown_with_its_buttons_numbered_through() -> None:
    assert chat.shown(REPLY).splitlines() == [
        "",
        "Hello.",
        "  [1] Ice and heat",
        "  [2] Yes",
        "",
        "More?",
        "  [3] Something else",
    ]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [("2", "/affirm"), (" 1 ", "/ice_and_heat"), ("3", "3"), ("0", "0"), ("2 weeks", "2 weeks"), ("²", "²")],
)
def test_a_number_presses_the_button_that_has_it(typed: str, sent: str) -> None:
    assert chat.pressed(typed, BUTTONS) == sent


def test_messages_go_through_and_ctrl_d_ends() -> None:
    sent: list[str] = []

    async def take(text: str) -> list[Message]:
        sent.append(text)
        return REPLY

    written = converse(take, "hello", "3", "bye")
    assert sent == ["hello", "/something_else", "bye"]
    assert written == [chat.shown(REPLY)] * 3 + ["\nGoodbye."]


def test_a_refused_message_shows_why_and_the_conversation_goes_on() -> None:
    async def take(text: str) -> list[Message]:
        if not text:
            raise BadMessage(400, "no_text")
        return REPLY

    written = converse(take, "", "hello")
    assert written[0] == BadMessage(400, "no_text").text
    assert written[1] == chat.shown(REPLY)


def test_the_buttons_are_those_of_the_last_reply() -> None:
    sent: list[str] = []

    async def take(text: str) -> list[Message]:
        sent.append(text)
        return REPLY if text == "hello" else [{"recipient_id": "a", "text": "Fine."}]

    converse(take, "hello", "bye", "1")
    assert sent == ["hello", "bye", "1"]
