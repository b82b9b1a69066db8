"""Bad input over HTTP: a fitting reply or a refusal with a message, no traceback, no other conversation touched."""

from __future__ import annotations

import http.client
import json
import sqlite3
import urllib.error
import urllib.request
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content import content
from tests.serving import Response, Server, new_sender

EMERGENCY = "In an emergency call 999."
STORY = "My back went into spasm after I lifted a box, and I should like to know what helps. "
LEAKS = ("Traceback", 'File "', "Error:", "Exception", ".py")


def is_a_reply(response: Response) -> bool:
    """Whether a response is one by the contract, with words to read."""
    kinds = {item["kind"] for item in response.says}
    return response.status == 200 and bool(response.text.strip()) and bool(kinds) and "error" not in kinds


def is_a_refusal(response: Response) -> bool:
    """Whether a response says in plain words what is wrong, and where to get help."""
    said = response.json
    return 400 <= response.status < 500 and said["message"].endswith(EMERGENCY) and set(said) == {"error", "message"}


def leaks(response: Response) -> list[str]:
    return [mark for mark in LEAKS if mark in response.body]


@pytest.fixture(autouse=True)
def another_conversation_is_untouched(server: Server) -> Any:
    """Around every test: someone asks about ice, and can go on where they were."""
    sender = new_sender()
    assert server.say("Does ice help my back?", sender).says[0]["ids"] == ["ice_and_heat"]
    yield
    after = server.say("tell me more", sender)
    assert [item["ids"] for item in after.says] == [["ice_and_heat"]]
    assert after.texts[0].startswith(content().answers["ice_and_heat"].more)


@pytest.mark.parametrize(
    "message",
    [
        "👍",
        "🧊🧊🧊",
        "¿El hielo ayuda a mi espalda?",
        "هل الثلج يساعد ظهري؟",
        "冰对我的背有帮助吗",
        (STORY * 200)[:10_000],
        "9731 4426",
        "?",
        "'; DROP TABLE events; --",
        "<script>alert(1)</script>",
        "{{7*7}} ${jndi:ldap://x}",
        "Does\u0000 ice\u0007 help?",
        "a" * 10_000,
    ],
    ids=lambda message: message[:12].encode("unicode_escape").decode(),
)
def test_odd_texts_get_a_reply(server: Server, message: str) -> None:
    response = server.say(message)
    assert is_a_reply(response)
    assert not leaks(response)


def stored(server: Server, sender: str) -> list[dict[str, Any]]:
    """The events of a conversation, as the database keeps them."""
    with sqlite3.connect(server.database) as database:
        rows = database.execute("SELECT data FROM events WHERE sender_id = ? ORDER BY id", [sender]).fetchall()
    return [json.loads(data) for (data,) in rows]


@pytest.mark.parametrize(
    "message", ["/restart", '/inform{"x":1}', " /restart", "//back", "\u200b/restart", '/ice_and_heat{"topic":"dose"}']
)
def test_slash_texts_are_read_as_words(server: Server, message: str) -> None:
    sender = new_sender()
    server.say("does ice help?", sender)
    assert is_a_reply(server.say(message, sender))
    events = stored(server, sender)
    assert not {event["event"] for event in events} & {"restart", "rewind", "undo", "reset_slots"}
    assert [event["text"][0] for event in events if event["event"] == "user"] == ["d", message.lstrip("/ \u200b")[0]]
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    assert "x" not in slots
    assert slots["topic"] != "dose"


@pytest.mark.parametrize(
    "message",
    ["", "   \n\t", "\u0000\u0001", "\u200b\u200d", "\ud800", None, 5, 5.5, True, ["x"], {"a": 1}],
    ids=repr,
)
def test_what_is_no_text_is_refused(server: Server, message: object) -> None:
    response = server.say(message)
    assert response.status == 400
    assert is_a_refusal(response)


@pytest.mark.parametrize("length", [10_001, 60_000, 100_000])
def test_what_is_too_long_is_refused(server: Server, length: int) -> None:
    response = server.say("x" * length)
    assert response.status == 413
    assert is_a_refusal(response)
    assert response.json["message"] == content().talk["too_long"].text


def test_a_huge_body_is_refused_before_it_is_read(server: Server) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=20)
    connection.putrequest("POST", "/webhooks/rest/webhook")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(20_000_000))
    connection.endheaders()
    answered = connection.getresponse()
    response = Response(answered.status, answered.read().decode())
    connection.close()
    assert response.status == 413
    assert is_a_refusal(response)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"text"',
        b"5",
        b"null",
        b"[" * 20_000,
        b"\xff\xfe",
        b'{"sender": "a", "message": "hi"',
        b'{"message": "hi"}',
        b'{"sender": null, "message": "hi"}',
        b'{"sender": "", "message": "hi"}',
        b'{"sender": 5, "message": "hi"}',
        b'{"sender": ["a"], "message": "hi"}',
        b'{"sender": "\\ud800", "message": "hi"}',
        b'{"sender": "a\\u0000b", "message": "hi"}',
        b'{"sender": "a\\n", "message": "hi"}',
        b'{"sender": "' + b"a" * 129 + b'", "message": "hi"}',
    ],
    ids=lambda body: body[:40].decode("latin-1"),
)
def test_bodies_that_are_no_message_are_refused(server: Server, body: bytes) -> None:
    response = server.post(body)
    assert response.status == 400
    assert is_a_refusal(response)
    assert not leaks(response)


MESSAGE = b'{"sender": "tests", "message": "hi"}'


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content_type": "application/json; charset=utf-8"}, 200),
        ({"content_type": "application/x-www-form-urlencoded"}, 415),
        ({"content_type": "text/plain"}, 415),
        ({"x_forwarded_for": "192.0.2.7"}, 401),
        ({"x_forwarded_for": "127.0.0.1"}, 401),
        ({"forwarded": "for=192.0.2.7"}, 401),
        ({"x_forwarded_for": "192.0.2.7", "authorization": "Bearer "}, 401),
    ],
)
def test_headers_decide_who_and_what_is_let_in(server: Server, headers: dict[str, str], status: int) -> None:
    response = server.post(MESSAGE, **headers)
    assert response.status == status
    assert is_a_reply(response) if status == 200 else is_a_refusal(response)


@pytest.mark.parametrize("path", ["/conversations/tests/tracker", "/model", "/model/train", "/domain", "/version"])
def test_rasas_own_api_is_closed(server: Server, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(server.url + path, timeout=10)
    assert refused.value.code == 404


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.fixed_dictionaries({}, optional={"sender": JSON | st.just("fuzz"), "message": JSON, "metadata": JSON})
    | JSON
)
def test_whatever_json_comes_is_answered_or_refused(server: Server, body: Any) -> None:
    response = server.post(json.dumps(body).encode())
    assert is_a_reply(response) if response.status == 200 else is_a_refusal(response)
    assert not leaks(response)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=st.text(min_size=1, max_size=60))
def test_whatever_is_typed_is_answered_or_refused(server: Server, message: str) -> None:
    response = server.say(message)
    assert is_a_reply(response) if response.status == 200 else is_a_refusal(response)
    assert not leaks(response)


def test_what_people_type_is_not_logged(server: Server) -> None:
    server.say("my wobbly kneecap whistles, does ice help")
    server.say({"wobbly": "kneecap"})
    assert "wobbly" not in server.printed()


def test_no_response_is_kept_by_caches_or_read_as_something_else(server: Server) -> None:
    body = b'{"sender": "someone", "message": "hello"}'
    request = urllib.request.Request(f"{server.url}/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("message_id", ["", "a b", "x" * 65, 5, ["a"], "é"])
def test_a_message_id_that_is_none_is_refused(server: Server, message_id: object) -> None:
    body = json.dumps({"sender": "someone", "message": "hello", "message_id": message_id}).encode()
    assert server.post(body).status == 400


def test_a_repeated_message_is_answered_again_and_not_taken_again(server: Server) -> None:
    sender = new_sender()
    body = json.dumps({"sender": sender, "message": "does ice help?", "message_id": "one"}).encode()
    first, second = server.post(body), server.post(body)
    assert (first.texts, first.says) == (second.texts, second.says)
    assert server.say("show my data", sender).text.count("You: does ice help?") == 1
