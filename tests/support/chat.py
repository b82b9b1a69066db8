"""The Telegram and Slack channels around an assistant, in the tests' own process and event loop."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from rasa.core.channels.channel import InputChannel, register
from sanic import Sanic
from sanic.touchup.service import TouchUp

from bot.channels import credentials
from bot.conversations.locks import ConversationLocks
from bot.evaluation.servers import free_port
from bot.settings import settings


@contextmanager
def configured(folder: Path, **environment: str) -> Iterator[None]:
    """The settings that these environment variables give, with a database of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{folder / 'conversations.db'}")
        for name, value in environment.items():
            patch.setenv(name, value)
        settings.cache_clear()
        yield
    settings.cache_clear()


_rewrite = TouchUp.run


def rewrite_once(app: Sanic) -> None:
    """Let Sanic rewrite its own methods to be faster, which it can do once in a process."""
    with suppress(KeyError):
        _rewrite(app)


class ChatServer:
    """A server with the channels of credentials.yml, and with nothing else.

    Args:
        agent: the assistant.
    """

    def __init__(self, agent: Any) -> None:
        self.agent = agent
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.channels: dict[str, Any] = {}
        self._server: Any = None

    async def start(self) -> None:
        """Open it, on its own port; a second time as after a restart."""
        app = Sanic(f"chat{uuid.uuid4().hex}", configure_logging=False)
        app.ctx.agent = self.agent
        locks: Any = getattr(self.agent, "lock_store", None) or ConversationLocks()
        opened: list[InputChannel] = credentials.channels(self.agent.tracker_store, locks)
        self.channels = {channel.name(): channel for channel in opened}
        register(opened, app, route="/webhooks/")
        self._server = await app.create_server("127.0.0.1", self.port, return_asyncio_server=True)
        with mock.patch.object(TouchUp, "run", rewrite_once):
            await self._server.startup()
        await self._server.before_start()
        await self._server.after_start()

    async def stop(self) -> None:
        await self._server.before_stop()
        self._server.close()
        await self._server.wait_closed()
        await self._server.after_stop()


async def until(condition: Callable[[], Any], seconds: float = 10) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)
