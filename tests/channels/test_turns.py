"""One message in, one reply out, without a server."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage

from bot.channels import payloads, turns
from bot.channels.turns import BadMessage
from bot.content import content
from bot.settings import Settings

SAID = {"custom": {"data": {"says": [{"kind": "talk", "ids": ["greet"]}]}}, "text": "Hello.\n\nAgain."}


def handler(
    *messages: dict[str, Any], seen: list[UserMessage] | None = None
) -> Callable[[UserMessage], Awaitable[None]]:
    """An assistant that says `messages`."""

    async def handle(message: UserMessage) -> None:
        if seen is not None:
            seen.append(message)
        for said in messages:
            await message.output_channel.send_response(message.sender_id, said)

    return handle


def take(handle: Callable[[UserMessage], Awaitable[Any]], text: Any) -> list[dict[str, Any]]:
    return asyncio.run(turns.take(handle, text, "someone", "rest"))


def kinds(reply: list[dict[str, Any]]) -> list[str]:
    return [item["kind"] for item in reply[-1]["custom"]["data"]["says"]]


def test_the_items_of_a_turn_are_merged_into_one_last_message() -> None:
    card = {"text": "A card.", "custom": {"data": {"says": [{"kind": "care", "ids": ["child"]}]}}}
    reply = take(handler(card, {"text": "A notice."}, SAID), "hi")
    assert [message["text"] for message in reply[:-1]] == ["A card.", "A notice.", "Hello.\n\nAgain."]
    assert reply[-1] == {
        "recipient_id": "someone",
        "custom": {
            "data": {
                "says": [{"kind": "care", "ids": ["child"]}, {"kind": "talk", "ids": ["greet"]}],
                "content_version": content().version,
            }
        },
    }


def test_a_failing_turn_says_so_and_gives_the_emergency_lines(caplog: pytest.LogCaptureFixture) -> None:
    async def fails(message: UserMessage) -> None:
        raise RuntimeError("the database is away")

    reply = take(fails, "does a secret umbrella help")
    assert kinds(reply) == ["error"]
    assert reply[0]["text"] == content().talk["error"].text
    assert "999" in reply[0]["text"]
    assert "does a secret umbrella help" not in caplog.text


def test_a_turn_that_takes_too_long_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(message: UserMessage) -> None:
        await asyncio.sleep(30)

    monkeypatch.setattr(turns, "settings", lambda: Settings(turn_timeout=0.05))
    assert kinds(take(hangs, "hi")) == ["error"]


def test_a_turn_is_never_silent() -> None:
    assert kinds(take(handler(), "hi")) == ["error"]
    assert kinds(take(handler({"text": "not listed"}), "hi")) == ["error"]


def test_a_tapped_button_is_resolved_here() -> None:
    seen: list[UserMessage] = []
    take(handler(SAID, seen=seen), "/ice_and_heat")
    assert seen[0].parse_data["intent"] == {"name": "ice_and_heat", "confidence": 1.0}
    assert seen[0].text == content().answers["ice_and_heat"].title


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/restart", "restart"),
        (' /inform{"x":1}', 'inform{"x":1}'),
        ("//restart", "restart"),
        ("/ /restart", "restart"),
        ("\u200b/restart", "restart"),
        ("\u202e/restart", "restart"),
        ("/ice_and_heat ", "ice_and_heat"),
        ("/Ice_And_Heat", "Ice_And_Heat"),
        ('/ice_and_heat{"noticed": true}', 'ice_and_heat{"noticed": true}'),
    ],
)
def test_no_typed_text_is_taken_for_an_intent(typed: str, read: str) -> None:
    seen: list[UserMessage] = []
    take(handler(SAID, seen=seen), typed)
    assert seen[0].text == read
    assert seen[0].parse_data is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a\u0000b\u0007c", "abc"),
        ("one\ntwo\tthree\r\nfour", "one two three  four"),
        ("cafe\u0301", "café"),
        ("\u202ehidden\u202c", "hidden"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("👩\u200d⚕️", "👩\u200d⚕️"),
        ("x\ud800y", "xy"),
    ],
)
def test_a_text_is_cleaned(typed: str, read: str) -> None:
    assert turns.check(typed) == read


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("", 400, "no_text"),
        (" \n\t ", 400, "no_text"),
        ("\u0000\u0001", 400, "no_text"),
        ("\u200b\u200d\u2060", 400, "no_text"),
        ("\ud800", 400, "no_text"),
        ("///", 400, "no_text"),
        (None, 400, "not_text"),
        (5, 400, "not_text"),
        (True, 400, "not_text"),
        (["hi"], 400, "not_text"),
        ({"text": "hi"}, 400, "not_text"),
        ("x" * (turns.MAX_CHARACTERS + 1), 413, "too_long"),
    ],
)
def test_what_cannot_be_read_is_refused(text: Any, status: int, reason: str) -> None:
    with pytest.raises(BadMessage) as refused:
        turns.check(text)
    assert (refused.value.status, refused.value.reason) == (status, reason)
    assert refused.value.text.endswith("In an emergency call 999.")


def test_the_longest_text_is_read_whole() -> None:
    assert len(turns.check("x" * turns.MAX_CHARACTERS)) == turns.MAX_CHARACTERS


@given(st.text(st.characters(codec=None), max_size=80))
def test_whatever_is_typed_is_read_clean_or_refused(text: str) -> None:
    try:
        read = turns.check(text)
    except BadMessage as refused:
        assert refused.status == 400  # noqa: PT017 (either outcome is right)
        return
    assert not read.startswith("/")
    assert read == read.strip()
    assert read.encode("utf-8")
    assert not {unicodedata.category(character) for character in read.replace("\u200d", "")} & {"Cc", "Cf", "Cs", "Co"}


@given(st.one_of(st.none(), st.integers(), st.floats(), st.lists(st.text()), st.text().map(lambda text: f"/{text}")))
def test_only_our_own_buttons_are_resolved(text: Any) -> None:
    assert payloads.resolve(text) is None or text in payloads.known()


def test_every_button_that_the_content_shows_resolves() -> None:
    shown = {
        *(answer for entry in content().answers.values() for answer in entry.follow_ups),
        *(answer for entry in content().not_in_document.values() for answer in entry.nearest),
        *(answer for entry in content().talk.values() for answer in entry.buttons),
    }
    for intent in shown:
        resolved = payloads.resolve(f"/{intent}")
        assert resolved
        assert resolved["intent"]["name"] == intent
        assert len(f"/{intent}".encode()) <= 64  # Telegram's limit
