"""The website channel, over real sockets, against a server in a process of its own."""

from __future__ import annotations

import asyncio
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import pytest
import socketio

from tests.support.servers import Server

TRANSPORTS = ["websocket", "polling"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(
        ["tests.support.scripted"], tmp_path_factory.mktemp("web"),
        WEB_MESSAGES_PER_MINUTE="60", TRUSTED_PROXIES="127.0.0.1", WEB_ORIGINS="https://clinic.example",
    ).start()  # fmt: skip
    yield running
    running.kill()


class Address(Protocol):
    """Whatever is served somewhere."""

    url: str


class Browser:
    """One client: what it heard, in order."""

    def __init__(self, socket: socketio.AsyncClient) -> None:
        self.socket = socket
        self.heard: list[tuple[str, Any]] = []
        self.token = ""
        for event in ("session_confirm", "bot_uttered", "user_said", "turn_complete", "session_cleared"):
            socket.on(event, self._hear(event))

    def _hear(self, event: str) -> Callable[..., None]:
        return lambda *data: self.heard.append((event, data[0] if data else None))

    def texts(self) -> list[str]:
        return [data["text"] for event, data in self.heard if event == "bot_uttered"]

    async def open(self, token: Any = None, **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await self.socket.call("session_request", {"session_id": token, **more}, timeout=20)
        self.token = answer["session_id"]
        return answer

    async def say(self, message: Any, within: float = 30, **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await self.socket.call("user_uttered", {"message": message, **more}, timeout=within)
        return answer


@asynccontextmanager
async def browser(
    server: Address, transport: str = "websocket", address: str = "127.0.0.1", **headers: str
) -> AsyncIterator[Browser]:
    """Open a connection, from an address of this machine."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=(address, 0))) as session:
        socket = socketio.AsyncClient(reconnection=False, http_session=session)
        client = Browser(socket)
        await socket.connect(server.url, transports=[transport], headers=headers, wait_timeout=20)
        try:
            yield client
        finally:
            await leave(socket)


async def leave(socket: socketio.AsyncClient) -> None:
    """Disconnect. By polling, the client would wait for its last request, up to the server's next ping."""
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(socket.disconnect(), 1)


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 60))


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_question_is_answered(server: Server, transport: str) -> None:
    async def test() -> None:
        async with browser(server, transport) as client:
            await client.open()
            assert await client.say("answer", turn="t1") == {"ok": True, "turn": "t1"}
            await until(lambda: client.heard[-1] == ("turn_complete", {"turn": "t1"}))
            message = client.heard[-2][1]
            assert message["id"] == "t1:0"
            assert message["says"]["ids"] == ["ice_and_heat"]
            button = {"content_type": "text", "title": "Pain medicines", "payload": "/pain_medicines"}
            assert message["quick_replies"] == [button]

    run(test)


def test_a_client_that_knows_only_rasas_events_works(server: Server) -> None:
    """As RasaHQ's widget does it: no acknowledgements, and the session id sent with each message."""

    async def test() -> None:
        async with browser(server) as client:
            await client.socket.emit("session_request", {"session_id": None})
            await until(lambda: bool(client.heard))
            assert client.heard[0][0] == "session_confirm"
            await client.socket.emit("user_uttered", {"message": "hello", "session_id": client.heard[0][1]})
            await until(lambda: client.texts() == ["You said: hello"])

    run(test)


def test_a_message_before_any_session_request_is_answered(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as client:
            assert (await client.say("hello"))["ok"]
            await until(lambda: client.texts() == ["You said: hello"])

    run(test)


def test_another_conversation_can_neither_be_read_nor_written(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as owner, browser(server) as attacker:
            await owner.open()
            await owner.say("my secret")
            session_id = owner.token.split(".")[0]
            forged = f"{session_id}.{int(time.time())}.{'0' * 64}"
            for claim in (session_id, forged, {"id": session_id}, [session_id]):
                answer = await attacker.open(claim, after=None)
                assert answer["turns"] == []
                assert not answer["session_id"].startswith(session_id)
                await attacker.say("from the attacker", session_id=session_id, sender=session_id)
            await owner.say("another")
            assert owner.texts() == ["You said: my secret", "You said: another"]
            assert set(attacker.texts()) == {"You said: from the attacker"}

    run(test)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://clinic.example.evil.example"])
def test_a_foreign_origin_is_refused(server: Server, transport: str, origin: str) -> None:
    async def test() -> None:
        with pytest.raises(socketio.exceptions.ConnectionError):
            async with browser(server, transport, Origin=origin):
                pass

    run(test)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_listed_origins_and_our_own_are_let_in(server: Server, transport: str) -> None:
    async def test() -> None:
        for origin in ("https://clinic.example", server.url):
            async with browser(server, transport, Origin=origin) as client:
                assert (await client.open())["ok"]

    run(test)


def test_a_listed_origin_may_read_the_answers_of_polling(server: Server) -> None:
    request = urllib.request.Request(f"{server.url}/socket.io/?EIO=4&transport=polling")
    request.add_header("Origin", "https://clinic.example")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "https://clinic.example"
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (None, "not_text"),
        (5, "not_text"),
        ({}, "not_text"),
        (["a"], "not_text"),
        ("", "no_text"),
        ("\u200b \n", "no_text"),
        ("x" * 10_001, "too_long"),
    ],
)
def test_what_is_no_message_is_refused_with_the_emergency_line(server: Server, message: Any, reason: str) -> None:
    async def test() -> None:
        async with browser(server) as client:
            await client.open()
            answer = await client.say(message)
            assert (answer["ok"], answer["error"]) == (False, reason)
            assert "999" in answer["messages"][0]["text"]
            assert (await client.say("hello"))["ok"]

    run(test)


def test_events_of_any_shape_leave_the_server_standing(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as client:
            for event in ("session_request", "user_uttered", "clear_session", "feedback", "no_such_event"):
                for data in (None, "text", 5, [], [1, 2], {"session_id": "\ud800", "turn": {}, "message": "\x00"}):
                    await client.socket.emit(event, data)
                await client.socket.emit(event)
                await client.socket.emit(event, (1, 2, 3))
        async with browser(server) as client:
            assert (await client.say("hello"))["ok"]

    run(test)


def test_only_payloads_of_our_own_buttons_are_taken(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as client:
            await client.open()
            for text in ("/ice_and_heat", "/restart", '/ice_and_heat{"x": 1}', "//session_start"):
                await client.say(text)
            await until(lambda: len(client.texts()) == 4)
            said = ["Ice and heat", "restart", 'ice_and_heat{"x": 1}', "session_start"]
            assert client.texts() == [f"You said: {text}" for text in said]

    run(test)


def test_a_failed_turn_says_so_and_gives_the_emergency_number(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as client:
            await client.open()
            answer = await client.say("fail")
            assert (answer["ok"], answer["error"]) == (False, "error")
            assert "999" in answer["messages"][0]["text"]
            assert "999" in client.texts()[0]  # Rasa's other widgets read no acknowledgements

    run(test)


def test_a_message_sent_again_is_taken_once_and_answered_again(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as client:
            await client.open()
            await asyncio.gather(client.say("slow", turn="t1"), client.say("slow", turn="t1", retry=True))
            await client.say("slow", turn="t1", retry=True)
            turns = (await client.open(client.token, after=None))["turns"]
            assert [turn["turn"] for turn in turns] == ["t1"]
            assert {data["id"] for event, data in client.heard if event == "bot_uttered"} == {"t1:0"}

    run(test)


def test_answers_missed_while_away_come_once_and_in_order(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as client:
            await client.open()
            token = client.token
            await client.say("one", turn="t1")
            await client.socket.emit("user_uttered", {"message": "slow two", "turn": "t2"})
            await asyncio.sleep(0.2)  # it is being answered when the line is cut
        await asyncio.sleep(2.5)
        async with browser(server) as client:
            missed = (await client.open(token, after="t1"))["turns"]
            assert [(turn["turn"], turn["text"]) for turn in missed] == [("t2", "slow two")]
            assert [message["id"] for message in missed[0]["messages"]] == ["t2:0"]
            assert client.texts() == []

    run(test)


def test_messages_of_one_session_are_answered_in_order_in_all_its_tabs(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as one, browser(server, "polling") as other:
            await one.open()
            await other.open(one.token, after=None)
            await asyncio.gather(one.say("slow", turn="t1"), one.say("parts 3", turn="t2"))
            await until(lambda: ("turn_complete", {"turn": "t2"}) in other.heard)
            order = ["t1:0", "t2:0", "t2:1", "t2:2"]
            assert [data["id"] for event, data in one.heard if event == "bot_uttered"] == order
            assert [data["id"] for event, data in other.heard if event == "bot_uttered"] == order
            assert ("user_said", {"turn": "t1", "text": "slow"}) in other.heard
            assert not [event for event, _ in one.heard if event == "user_said"]

    run(test)


def test_clearing_deletes_the_conversation_and_starts_another(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as client, browser(server) as tab:
            await client.open()
            old = client.token
            await tab.open(old)
            await client.say("my secret")
            new = (await client.socket.call("clear_session", {}))["session_id"]
            assert new.split(".")[0] != old.split(".")[0]
            await until(lambda: ("session_cleared", {}) in tab.heard)
            assert (await tab.open(old, after=None))["turns"] == []
            assert (await client.say("hello"))["ok"]

    run(test)


def test_a_flood_is_refused_and_others_are_served(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as flooder, browser(server) as other:
            await flooder.open()
            await other.open()
            for number in range(2000):
                await flooder.socket.emit("user_uttered", {"message": f"flood {number}"})
            began = time.monotonic()
            assert (await other.say("hello"))["ok"]
            assert time.monotonic() - began < 5
            await until(lambda: len(flooder.texts()) >= 2000, 40)
            taken = [text for text in flooder.texts() if text.startswith("You said")]
            assert 1 <= len(taken) <= 60
            refused = [text for text in flooder.texts() if not text.startswith("You said")]
            assert all("999" in text for text in refused)

    run(test)


def test_a_warning_sign_gets_its_card_even_beyond_the_limit(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as client:
            await client.open()
            for number in range(100):
                if not (await client.say(f"flood {number}"))["ok"]:
                    break
            else:
                pytest.fail("the limit was not reached")
            assert (await client.say("I am numb between my legs and cannot pee", turn="t1"))["ok"]
            await until(lambda: client.heard[-1] == ("turn_complete", {"turn": "t1"}))
            assert client.heard[-2][1]["says"]["ids"] == ["cauda_equina"]

    run(test)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_message_of_a_megabyte_ends_its_socket_and_no_other(server: Server, transport: str) -> None:
    async def test() -> None:
        async with browser(server) as other, browser(server, transport) as client:
            await other.open()
            await client.open()
            with pytest.raises((socketio.exceptions.SocketIOError, AssertionError)):
                await client.say("x" * 1_000_000, within=3)
            assert (await other.say("hello"))["ok"]

    run(test)


def test_one_address_cannot_hold_all_sockets(server: Server) -> None:
    """An address that our proxy names; direct connections from this machine are not counted."""

    async def test() -> None:
        opened = [Browser(socketio.AsyncClient(reconnection=False)) for _ in range(100)]
        headers = {"X-Forwarded-For": "203.0.113.5"}
        for client in opened:
            await client.socket.connect(server.url, transports=["websocket"], headers=headers)
        refused = socketio.AsyncClient(reconnection=False)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await refused.connect(server.url, transports=["websocket"], headers=headers)
        async with browser(server, **{"X-Forwarded-For": "203.0.113.6"}) as client:
            assert (await client.open())["ok"]
        for held in opened:
            await leave(held.socket)

    run(test)


def test_feedback_is_counted_and_nothing_else_is_taken(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as client:
            await client.open()
            good = {"answer": "ice_and_heat", "helpful": False, "reason": "hard_to_read"}
            assert await client.socket.call("feedback", good) == {"ok": True}
            for change in ({"answer": "x"}, {"answer": []}, {"helpful": "yes"}, {"reason": "it hurts"}, {"reason": {}}):
                assert not (await client.socket.call("feedback", {**good, **change}))["ok"]

    run(test)
    counted = 'lumbar_feedback_total{answer="ice_and_heat",helpful="no",reason="hard_to_read"} 1.0'
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=10) as answer:
        assert counted in answer.read().decode()


def test_a_server_killed_in_the_middle_loses_and_doubles_nothing(tmp_path: Path) -> None:
    server = Server(["tests.support.scripted"], tmp_path).start()

    async def before() -> str:
        async with browser(server) as client:
            await client.open()
            await client.say("one", turn="t1")
            await client.socket.emit("user_uttered", {"message": "slow two", "turn": "t2"})
            await asyncio.sleep(0.3)
            server.kill()
            return client.token

    async def afterwards(token: str) -> None:
        async with browser(server) as client:
            assert (await client.open(token, after="t1"))["turns"] == []
            assert (await client.say("slow two", turn="t2", retry=True))["ok"]
            turns = (await client.open(client.token, after=None))["turns"]
            assert [(turn["turn"], len(turn["messages"])) for turn in turns] == [("t1", 1), ("t2", 1)]

    try:
        token = asyncio.run(before())
        server.start()
        asyncio.run(afterwards(token))
    finally:
        server.kill()


def test_where_the_store_is_away_a_message_that_comes_again_still_gets_its_card(server: Server) -> None:
    """It cannot be looked up whether the message was taken before."""

    async def test() -> None:
        async with browser(server) as client:
            await client.open()
            await client.say("store away 2")
            assert (await client.open(client.token, after=None))["turns"] is None
            await client.say("I can't feel my groin", turn="t1", retry=True)
            await until(lambda: client.heard[-1] == ("turn_complete", {"turn": "t1"}))
            assert client.heard[-2][1]["says"]["ids"] == ["cauda_equina"]
            answer = await client.say("does ice help?", turn="t2", retry=True)
            assert (answer["ok"], answer["error"]) == (False, "error")
            assert "999" in answer["messages"][0]["text"]
            await asyncio.sleep(2)
            assert len((await client.open(client.token, after=None))["turns"]) == 1
            # with the next message the conversation learns what it missed, under the id that its card was shown with
            await client.say("hello", turn="t3")
            turns = (await client.open(client.token, after=None))["turns"]
            assert [turn["turn"] for turn in turns][1:] == ["t1", "t3"]

    run(test)


def test_no_text_is_logged_or_counted(server: Server) -> None:
    async def test() -> None:
        async with browser(server) as client:
            await client.open()
            await client.say("zebra crossing")
            await client.say("fail")

    run(test)
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=10) as answer:
        metrics = answer.read().decode()
    assert 'lumbar_turns_total{channel="web"}' in metrics
    assert 'lumbar_errors_total{channel="web"}' in metrics
    assert "zebra" not in metrics + server.log.read_text()


def test_metrics_are_not_for_others(server: Server) -> None:
    request = urllib.request.Request(f"{server.url}/metrics", headers={"X-Forwarded-For": "203.0.113.5"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 401


@pytest.mark.parametrize("name", ["..%2fpages.py", "%2e%2e/pages.py", "nothing.js"])
def test_only_built_files_are_served(server: Server, name: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.url}/webhooks/web/static/{name}", timeout=10)
    assert refused.value.code == 404
    assert b"import" not in refused.value.read()
