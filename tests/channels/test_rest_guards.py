"""Who may use the REST channel, and which bodies it reads."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from bot.channels import rest
from bot.channels.turns import BadMessage
from bot.language.standby import standby
from bot.settings import Settings


def request(ip: str = "127.0.0.1", body: bytes = b"", **headers: str) -> Any:
    named = CIMultiDict((name.replace("_", "-"), value) for name, value in headers.items())
    return SimpleNamespace(ip=ip, body=body, headers=named)


def status(guard: Any, argument: Any) -> int:
    try:
        guard(argument)
    except BadMessage as refused:
        return refused.status
    return 200


@pytest.mark.parametrize(
    ("token", "asked", "expected"),
    [
        ("", request(), 200),
        ("", request("::1"), 200),
        ("", request("192.0.2.7"), 401),
        ("", request("192.0.2.7", authorization="Bearer "), 401),
        ("", request(x_forwarded_for="192.0.2.7"), 401),
        ("", request(x_forwarded_for="127.0.0.1"), 401),
        ("", request(forwarded="for=192.0.2.7"), 401),
        ("", request(x_real_ip="192.0.2.7"), 401),
        ("s3cret", request(), 200),
        ("s3cret", request("192.0.2.7", authorization="Bearer s3cret"), 200),
        ("s3cret", request(x_forwarded_for="192.0.2.7", authorization="Bearer s3cret"), 200),
        ("s3cret", request("192.0.2.7", authorization="Bearer s3cre"), 401),
        ("s3cret", request("192.0.2.7", authorization="Bearer sécret"), 401),
        ("s3cret", request("192.0.2.7", authorization="Basic s3cret"), 401),
        ("s3cret", request("192.0.2.7"), 401),
        ("s3cret", request(x_forwarded_for="192.0.2.7"), 401),
    ],
)
def test_who_is_let_in(monkeypatch: pytest.MonkeyPatch, token: str, asked: Any, expected: int) -> None:
    monkeypatch.setattr(rest, "settings", lambda: Settings(rest_token=token))
    assert status(rest.authorise, asked) == expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("application/x-www-form-urlencoded", 415),
        ("text/plain", 415),
        ("multipart/form-data; boundary=application/json", 415),
        ("", 415),
    ],
)
def test_only_json_is_read(declared: str, expected: int) -> None:
    assert status(rest.read_body, request(body=b"{}", content_type=declared)) == expected


def test_a_body_without_a_type_is_refused() -> None:
    assert status(rest.read_body, request(body=b"{}")) == 415


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"sender": "a", "more": [1]}', 200),
        (b"", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"5", 400),
        (b"null", 400),
        (b'{"sender": "a"', 400),
        (b"\xff\xfe", 400),
        (b"[" * 20_000, 400),
        (b'{"pad": "' + b"x" * rest.MAX_BODY + b'"}', 413),
    ],
)
def test_only_an_object_of_a_fitting_size_is_read(body: bytes, expected: int) -> None:
    assert status(rest.read_body, request(body=body, content_type="application/json")) == expected


@given(st.binary(max_size=200))
def test_whatever_is_sent_is_read_or_refused(body: bytes) -> None:
    assert status(rest.read_body, request(body=body, content_type="application/json")) in (200, 400)


@pytest.mark.parametrize("sender", ["a", "A:b_c-9", "x" * 128])
def test_senders_that_are_ids(sender: str) -> None:
    assert rest.read_sender(sender) == sender


@pytest.mark.parametrize(
    "sender", [None, "", 5, ["a"], "x" * 129, "a b", "a/b", "a\n", "\n", "a\u0000b", "\ud800", "é", "a'; --"]
)
def test_senders_that_are_none(sender: Any) -> None:
    assert status(rest.read_sender, sender) == 400


def test_a_sender_beyond_the_limit_is_refused_but_a_warning_sign_gets_its_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "settings", lambda: Settings(web_messages_per_minute=15.0))
    standby.warm_up()
    channel = rest.RestChannel()
    elsewhere = request("192.0.2.7")

    async def send() -> None:
        allowed = [await channel._within_limit(elsewhere, "a") for _ in range(6)]
        assert allowed == [True] * 5 + [False]
        assert await channel._within_limit(elsewhere, "b")
        assert all([await channel._within_limit(request(), "a") for _ in range(50)])  # this machine is not limited
        card = await channel._beyond_limit("I can't feel my groin and I can't pee", "a")
        assert card[-1]["custom"]["data"]["says"][0]["ids"] == ["cauda_equina"]
        for text in ("does ice help?", "x" * 10_001, None, 5):
            with pytest.raises(BadMessage) as refused:
                await channel._beyond_limit(text, "a")
            assert refused.value.status == 429

    asyncio.run(send())
