"""A conversation through the website channel, over a real socket, with the assistant inside the test process."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import socketio
from rasa.core.channels.channel import register
from sanic import Sanic

from bot.channels.web import WebChannel
from bot.evaluation.servers import free_port

ERROR = {"kind": "error", "ids": [], "level": None, "asks": None}
WITHIN = 30  # seconds; a busy machine is slow


class WebConversation:
    """One visitor's conversation; it is spoken with as `tests.conversation.Conversation` is.

    What comes over the socket is given in the form of a REST reply, its entries of the contract merged into one last
    message.
    """

    def __init__(self, socket: socketio.AsyncClient, loop: asyncio.AbstractEventLoop) -> None:
        self._socket = socket
        self._loop = loop
        self._said: list[dict[str, Any]] = []
        self._complete = asyncio.Event()
        socket.on("bot_uttered", self._said.append)
        socket.on("turn_complete", lambda _: self._complete.set())

    def say(self, text: str) -> list[dict[str, Any]]:
        """Send a message; gives the messages of the reply."""
        return self._loop.run_until_complete(self._say(text))

    def says(self, text: str) -> list[dict[str, Any]]:
        """Send a message; gives the items of the reply contract."""
        says: list[dict[str, Any]] = self.say(text)[-1]["custom"]["data"]["says"]
        return says

    async def _say(self, text: str) -> list[dict[str, Any]]:
        self._said.clear()
        self._complete.clear()
        answer = await self._socket.call("user_uttered", {"message": text, "turn": uuid.uuid4().hex}, timeout=WITHIN)
        if answer["ok"]:
            await asyncio.wait_for(self._complete.wait(), WITHIN)
            says = [message["says"] for message in self._said if "says" in message]
        else:
            says = [ERROR]
        # a refusal is sent twice, for widgets that read acknowledgements and for those that do not
        shown = self._said if answer["ok"] else answer["messages"]
        return [*shown, {"custom": {"data": {"says": says}}}]


@lru_cache(maxsize=1)
def served(agent: Any, loop: asyncio.AbstractEventLoop) -> str:
    """The address of the channel around an agent. It is served once, while its loop runs."""
    app = Sanic("web-conversations", configure_logging=False)
    app.ctx.agent = agent
    register([WebChannel(agent.tracker_store)], app, route="/webhooks/")
    port = free_port()
    serving = app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
    server: Any = loop.run_until_complete(serving)
    loop.run_until_complete(server.startup())
    return f"http://127.0.0.1:{port}"


@contextmanager
def web_conversation(agent: Any, loop: asyncio.AbstractEventLoop) -> Iterator[WebConversation]:
    """Open a conversation with an agent."""
    url = served(agent, loop)
    socket = socketio.AsyncClient(reconnection=False)

    async def start() -> None:
        await socket.connect(url, transports=["websocket"])
        await socket.call("session_request", {"session_id": None, "after": None}, timeout=WITHIN)

    loop.run_until_complete(start())
    try:
        yield WebConversation(socket, loop)
    finally:
        loop.run_until_complete(socket.disconnect())
