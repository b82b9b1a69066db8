"""A stand-in of Slack's Web API and Socket Mode on loopback: their routes, JSON, limits, and ways of failing.

https://docs.slack.dev/apis/web-api, https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
import urllib.parse
import uuid
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

BOT_TOKEN = "xoxb-a-token-of-the-tests"
APP_TOKEN = "xapp-a-token-of-the-tests"
SIGNING_SECRET = "0123456789abcdef0123456789abcdef"
TEAM, BOT_USER = "T1TEAM", "U0BOT"
SCOPES = "app_mentions:read,chat:write,commands,im:history"


class Refusal(Exception):
    """What Slack will not do: the code of its error."""


@dataclass
class SlackApi:
    """The stand-in.

    Attributes:
        calls: what was asked of it, in order: method and parameters.
        sent: the messages in each channel, in order; those to a person stand under the person's id.
        ephemeral: the messages that one person alone sees, by channel.
        views: each person's home tab.
        failures: for a method, how its next calls fail: a status, an error code, or "nothing" for no answer at all.
        unreachable: people whom the bot cannot write to.
        answers: what came back over the socket, by envelope.
    """

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    sent: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    ephemeral: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    failures: dict[str, deque[int | str]] = field(default_factory=lambda: defaultdict(deque))
    unreachable: set[str] = field(default_factory=set)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    retry_after: int = 0
    url: str = ""

    def __post_init__(self) -> None:
        self._stamps = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self._sockets: list[web.WebSocketResponse] = []

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_post("/api/{method}", self._handle)
        app.router.add_get("/link", self._link)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        for socket in self._sockets:
            await socket.close()
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    # -- what the bot asks of it --------------------------------------------------------------------------------------

    async def _handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        given = await request.json() if request.content_type == "application/json" else dict(await request.post())
        self.calls.append((method, given))
        if self.failures[method]:
            failure = self.failures[method].popleft()
            if failure == "nothing":
                await asyncio.sleep(30)
            if failure == 429:
                headers = {"Retry-After": str(self.retry_after)} if self.retry_after else {}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            if isinstance(failure, int):
                return web.Response(text="upstream connect error", status=failure)
            return web.json_response({"ok": False, "error": failure})
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if request.headers.get("Authorization") != f"Bearer {wanted}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        try:
            result = getattr(self, f"_{method.replace('.', '_')}", self._unknown)(given)
        except Refusal as refused:
            return web.json_response({"ok": False, "error": str(refused)})
        return web.json_response({"ok": True, **result}, headers={"x-oauth-scopes": SCOPES})

    def _unknown(self, given: dict[str, Any]) -> Any:
        raise Refusal("unknown_method")

    def _auth_test(self, given: dict[str, Any]) -> Any:
        return {"url": "https://clinic.slack.com/", "team": "Clinic", "team_id": TEAM, "user": "lumbar",
                "user_id": BOT_USER, "bot_id": "B0BOT"}  # fmt: skip

    def _apps_connections_open(self, given: dict[str, Any]) -> Any:
        return {"url": self.url.replace("http", "ws") + "/link?ticket=1"}

    def _chat_postMessage(self, given: dict[str, Any]) -> Any:
        if given["channel"] in self.unreachable:
            raise Refusal("messages_tab_disabled")
        self._check(given)
        message = {**given, "ts": self.stamp(), "user": BOT_USER, "bot_id": "B0BOT"}
        self.sent[given["channel"]].append(message)
        return {"channel": given["channel"], "ts": message["ts"], "message": message}

    def _chat_postEphemeral(self, given: dict[str, Any]) -> Any:
        self._check(given)
        self.ephemeral[given["channel"]].append(given)
        return {"message_ts": self.stamp()}

    def _chat_update(self, given: dict[str, Any]) -> Any:
        self._check(given)
        for message in itertools.chain.from_iterable(self.sent.values()):
            if message["ts"] == given["ts"]:
                message["blocks"] = given["blocks"]
                return {"ts": given["ts"]}
        raise Refusal("message_not_found")

    def _views_publish(self, given: dict[str, Any]) -> Any:
        if given["view"]["type"] != "home":
            raise Refusal("invalid_arguments")
        self._check_blocks(given["view"]["blocks"], 100)
        self.views[given["user_id"]] = given["view"]
        return {"view": given["view"]}

    def _check(self, given: dict[str, Any]) -> None:
        if not given.get("text") and not given.get("blocks"):
            raise Refusal("no_text")
        if len(given.get("text") or "") > 40_000:
            raise Refusal("msg_too_long")
        self._check_blocks(given.get("blocks") or [], 50)

    def _check_blocks(self, blocks: list[dict[str, Any]], most: int) -> None:
        if len(blocks) > most or sum(len(block_text(block)) for block in blocks) > 13_000:
            raise Refusal("msg_blocks_too_long")
        for block in blocks:
            if not allowed(block):
                raise Refusal("invalid_blocks")

    def stamp(self) -> str:
        """A time stamp that no other message has."""
        return f"{int(time.time())}.{next(self._stamps):06}"

    # -- what it brings to the bot over HTTP --------------------------------------------------------------------------

    async def bring(
        self,
        server: str,
        body: dict[str, Any] | str,
        headers: dict[str, str] | None = None,
        at: float | None = None,
        secret: str = SIGNING_SECRET,
    ) -> tuple[int, Any]:
        """Bring an event (an object) or a form (a text), signed as Slack does; gives status and body of the answer.

        Args:
            at: when it was signed.
        """
        self._session = self._session or aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        sent = body if isinstance(body, str) else json.dumps(body)
        kind = "application/x-www-form-urlencoded" if isinstance(body, str) else "application/json"
        stamp = str(int(time.time() if at is None else at))
        digest = hmac.new(secret.encode(), f"v0:{stamp}:{sent}".encode(), hashlib.sha256).hexdigest()
        signed = {"X-Slack-Signature": f"v0={digest}", "X-Slack-Request-Timestamp": stamp, "Content-Type": kind}
        url = f"{server}/webhooks/slack/webhook"
        async with self._session.post(url, data=sent.encode(), headers={**signed, **(headers or {})}) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None

    def event(self, **event: Any) -> dict[str, Any]:
        stamp = self.stamp()
        return {
            "token": "deprecated", "team_id": TEAM, "api_app_id": "A1", "type": "event_callback",
            "event_id": f"Ev{uuid.uuid4().hex}", "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            "event": {"ts": stamp, "event_ts": stamp, **event},
        }  # fmt: skip

    def message(self, person: str, text: str, **more: Any) -> dict[str, Any]:
        """An event of a message to the bot alone."""
        return self.event(type="message", user=person, text=text, channel=direct(person), channel_type="im", **more)

    def mention(self, person: str, text: str, channel: str = "C1OPEN", **more: Any) -> dict[str, Any]:
        return self.event(type="app_mention", user=person, text=f"<@{BOT_USER}> {text}", channel=channel, **more)

    def press(self, person: str, title: str) -> dict[str, Any]:
        """The interaction of a press on the newest button with that title."""
        for message in reversed(self.sent[direct(person)]):
            for element in elements(message):
                if element["text"]["text"] == title:
                    return self.press_value(person, element["value"], message)
        raise AssertionError(f"no button says {title!r}")

    def press_value(self, person: str, value: str, message: dict[str, Any] | None = None) -> dict[str, Any]:
        shown = message or {"ts": self.stamp(), "text": "", "blocks": []}
        thread = {"thread_ts": shown["thread_ts"]} if shown.get("thread_ts") else {}
        return {
            "type": "block_actions", "team": {"id": TEAM, "domain": "clinic"}, "user": {"id": person, "team_id": TEAM},
            "api_app_id": "A1", "token": "deprecated", "trigger_id": uuid.uuid4().hex,
            "container": {"type": "message", "message_ts": shown["ts"], "channel_id": direct(person), **thread},
            "channel": {"id": direct(person), "name": "directmessage"},
            "message": {"type": "message", "bot_id": "B0BOT", **shown},
            "actions": [{"type": "button", "action_id": "button-0", "block_id": "b", "value": value,
                         "action_ts": self.stamp()}],
        }  # fmt: skip

    def texts(self, channel: str) -> list[str]:
        """What is shown in a channel, put together from the blocks of each message."""
        return [shown_text(message) for message in self.sent[channel]]

    def asked(self, method: str) -> list[dict[str, Any]]:
        """The parameters of each call of a method."""
        return [given for name, given in self.calls if name == method]

    # -- and over the socket ------------------------------------------------------------------------------------------

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        async for received in socket:
            if received.type == aiohttp.WSMsgType.TEXT:
                answer = json.loads(received.data)
                self.answers[answer["envelope_id"]] = answer
        return socket

    @property
    def connected(self) -> bool:
        return any(not socket.closed for socket in self._sockets)

    async def bring_over_socket(self, kind: str, payload: dict[str, Any], envelope: str | None = None) -> str:
        """Bring something over the newest socket; gives the id of its envelope."""
        name = envelope or uuid.uuid4().hex
        socket = next(socket for socket in reversed(self._sockets) if not socket.closed)
        await socket.send_json(
            {"type": kind, "envelope_id": name, "payload": payload, "accepts_response_payload": True}
        )
        return name

    async def drop_sockets(self) -> None:
        """Close all sockets, as Slack does every few hours."""
        for socket in self._sockets:
            await socket.close()


def direct(person: str) -> str:
    """The channel that somebody has with the bot alone."""
    return f"D{person[1:]}"


def form(payload: dict[str, Any]) -> str:
    """An interaction as Slack sends it: JSON within a form."""
    return urllib.parse.urlencode({"payload": json.dumps(payload)})


def elements(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a message."""
    blocks = [block for block in message.get("blocks") or [] if block["type"] == "actions"]
    return [element for block in blocks for element in block["elements"]]


def titles(message: dict[str, Any]) -> list[str]:
    return [element["text"]["text"] for element in elements(message)]


def block_text(block: dict[str, Any]) -> str:
    """The words that a block shows, buttons aside."""
    if block["type"] == "header":
        return str(block["text"]["text"])
    if block["type"] == "rich_text":
        return "".join(element["text"] for section in block["elements"] for element in section["elements"])
    return ""


def shown_text(message: dict[str, Any]) -> str:
    """The words that a message shows."""
    return "\n".join(filter(None, map(block_text, message.get("blocks") or []))) or str(message["text"])


def allowed(block: dict[str, Any]) -> bool:
    """Whether a block is within Slack's limits."""
    if block["type"] == "header":
        return 1 <= len(block["text"]["text"]) <= 150
    if block["type"] == "actions":
        names = [element["action_id"] for element in block["elements"]]
        sizes = all(
            1 <= len(element["text"]["text"]) <= 75 and len(element["value"]) <= 2000 for element in block["elements"]
        )
        return 1 <= len(names) <= 25 and len(set(names)) == len(names) and sizes
    if block["type"] == "rich_text":
        return all(
            section["elements"] and all(map(allowed_words, section["elements"])) for section in block["elements"]
        )
    return block["type"] in ("context", "divider")


def allowed_words(element: dict[str, Any]) -> bool:
    return bool(element["text"]) and (element["type"] == "text" or element["url"].startswith("http"))
