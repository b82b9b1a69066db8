"""A stand-in of Telegram's Bot API on loopback: its routes, its JSON, its limits, and the ways in which it fails.

https://core.telegram.org/bots/api
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

TOKEN = "4242:A-token-of-the-tests"
BOT = {"id": 4242, "is_bot": True, "first_name": "Lumbar", "username": "lumbar_test_bot"}
ERRORS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    429: "Too Many Requests: retry after",
    500: "Internal Server Error",
}


def units(text: str) -> int:
    """How Telegram counts a text."""
    return len(text.encode("utf-16-le")) // 2


class BadRequest(Exception):
    """What Telegram will not do, in its words."""

    def __init__(self, description: str, code: int = 400) -> None:
        super().__init__(description)
        self.description = description
        self.code = code


@dataclass
class TelegramApi:
    """The stand-in.

    Attributes:
        calls: what was asked of it, in order: method and parameters.
        sent: the messages in each chat, in order.
        webhook: what `setWebhook` was given.
        failures: for a method, how its next calls fail: a status, or "nothing" for no answer at all.
        blocked: chats that take no messages.
    """

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    sent: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    webhook: dict[str, Any] = field(default_factory=dict)
    failures: dict[str, deque[int | str]] = field(default_factory=lambda: defaultdict(deque))
    blocked: set[int] = field(default_factory=set)
    retry_after: int = 0
    url: str = ""

    def __post_init__(self) -> None:
        self._updates = itertools.count(1000)
        self._messages = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    # -- what the bot asks of it --------------------------------------------------------------------------------------

    async def _handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        given = {key: _value(value) for key, value in (await request.post()).items()}
        self.calls.append((method, given))
        if self.failures[method]:
            failure = self.failures[method].popleft()
            if failure == "nothing":
                await asyncio.sleep(30)
            return self._error(int(failure) if failure != "nothing" else 500)
        if request.match_info["token"] != TOKEN:
            return self._error(401, "Unauthorized")
        try:
            result = getattr(self, f"_{method}", self._unknown)(given)
        except BadRequest as refused:
            return self._error(refused.code, refused.description)
        return web.json_response({"ok": True, "result": result})

    def _error(self, status: int, description: str = "") -> web.Response:
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": description or ERRORS[status]}
        if status == 429:
            body |= {"parameters": {"retry_after": self.retry_after}} if self.retry_after else {}
        return web.json_response(body, status=status)

    def _unknown(self, given: dict[str, Any]) -> Any:
        raise BadRequest("Not Found", 404)

    def _getMe(self, given: dict[str, Any]) -> Any:
        return BOT

    def _setWebhook(self, given: dict[str, Any]) -> Any:
        if not str(given["url"]).startswith("https://"):
            raise BadRequest("Bad Request: bad webhook: HTTPS url must be provided for webhook")
        self.webhook = given
        return True

    def _getWebhookInfo(self, given: dict[str, Any]) -> Any:
        return {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": 0}

    def _setMyCommands(self, given: dict[str, Any]) -> Any:
        return True

    def _sendChatAction(self, given: dict[str, Any]) -> Any:
        return True

    def _answerCallbackQuery(self, given: dict[str, Any]) -> Any:
        if len(str(given.get("text", ""))) > 200:
            raise BadRequest("Bad Request: MESSAGE_TOO_LONG")
        return True

    def _sendMessage(self, given: dict[str, Any]) -> Any:
        chat, text = int(given["chat_id"]), str(given.get("text", ""))
        if chat in self.blocked:
            raise BadRequest("Forbidden: bot was blocked by the user", 403)
        if not text.strip():
            raise BadRequest("Bad Request: message text is empty")
        if units(text) > 4096:
            raise BadRequest("Bad Request: message is too long")
        for entity in given.get("entities") or []:
            if entity["offset"] < 0 or entity["offset"] + entity["length"] > units(text):
                raise BadRequest("Bad Request: can't parse entities")
        self._check_keyboard(given)
        message = {**given, "text": text, "message_id": next(self._messages)}
        self.sent[chat].append(message)
        return {"message_id": message["message_id"], "date": int(time.time()), "chat": {"id": chat, "type": "private"}}

    def _editMessageReplyMarkup(self, given: dict[str, Any]) -> Any:
        self._check_keyboard(given)
        for message in self.sent[int(given["chat_id"])]:
            if message["message_id"] == int(given["message_id"]):
                message["reply_markup"] = given["reply_markup"]
                return True
        raise BadRequest("Bad Request: message to edit not found")

    def _check_keyboard(self, given: dict[str, Any]) -> None:
        rows = (given.get("reply_markup") or {}).get("inline_keyboard", [])
        if sum(len(row) for row in rows) > 100 or any(not 1 <= len(row) <= 8 for row in rows):
            raise BadRequest("Bad Request: too many inline keyboard buttons")
        for button in itertools.chain.from_iterable(rows):
            if "url" not in button and not 1 <= len(button["callback_data"].encode()) <= 64:
                raise BadRequest("Bad Request: BUTTON_DATA_INVALID")
            if not button["text"]:
                raise BadRequest("Bad Request: inline keyboard button text is empty")

    # -- what it brings to the bot ------------------------------------------------------------------------------------

    def number(self) -> int:
        return next(self._updates)

    async def bring(self, server: str, update: dict[str, Any], secret: str | None = None) -> int:
        """Bring an update to the webhook as Telegram would; gives the status of the answer."""
        self._session = self._session or aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        path = "/" + self.webhook["url"].split("/", 3)[3]
        secret = self.webhook["secret_token"] if secret is None else secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        async with self._session.post(server + path, json=update, headers=headers) as answer:
            return answer.status

    def message(self, person: int, text: str | None = None, **more: Any) -> dict[str, Any]:
        """An update with a private message."""
        message = {
            "message_id": next(self._messages),
            "from": {"id": person, "is_bot": False, "first_name": "Test"},
            "chat": {"id": person, "first_name": "Test", "type": "private"},
            "date": int(time.time()),
            **({"text": text} if text is not None else {}),
            **more,
        }
        return {"update_id": self.number(), "message": message}

    def tap(self, person: int, title: str) -> dict[str, Any]:
        """An update for a tap on the newest button with that title."""
        for message in reversed(self.sent[person]):
            keyboard = message.get("reply_markup") or {}
            for button in itertools.chain.from_iterable(keyboard.get("inline_keyboard", [])):
                if button["text"] == title:
                    return self.tap_data(person, button["callback_data"], message)
        raise AssertionError(f"no button says {title!r}")

    def tap_data(self, person: int, data: str, message: dict[str, Any] | None = None) -> dict[str, Any]:
        shown = message or {"message_id": 1}
        query = {
            "id": str(next(self._messages)),
            "from": {"id": person, "is_bot": False, "first_name": "Test"},
            "message": {
                "message_id": shown["message_id"],
                "from": BOT,
                "chat": {"id": person, "type": "private"},
                "date": int(time.time()),
                "text": shown.get("text", ""),
                **({"reply_markup": shown["reply_markup"]} if shown.get("reply_markup") else {}),
            },
            "chat_instance": "1",
            "data": data,
        }
        return {"update_id": self.number(), "callback_query": query}

    def texts(self, chat: int) -> list[str]:
        return [message["text"] for message in self.sent[chat]]

    def asked(self, method: str) -> list[dict[str, Any]]:
        """The parameters of each call of a method."""
        return [given for name, given in self.calls if name == method]


def titles(message: dict[str, Any]) -> list[str]:
    """What the buttons below a message say."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def _value(value: Any) -> Any:
    """A parameter: Telegram takes lists and objects as JSON."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
