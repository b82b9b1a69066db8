"""A conversation with the assistant inside the test process, through the turn that every channel takes."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings


class Conversation:
    """One sender's conversation."""

    def __init__(self, agent: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.agent = agent
        self._loop = loop
        self.sender = uuid.uuid4().hex

    def say(self, text: str) -> list[dict[str, Any]]:
        """Send a message; gives the messages of the reply."""
        from bot.channels import turns

        return self._loop.run_until_complete(turns.take(self.agent.handle_message, text, self.sender, "rest"))

    def says(self, text: str) -> list[dict[str, Any]]:
        """Send a message; gives the items of the reply contract."""
        says: list[dict[str, Any]] = self.say(text)[-1]["custom"]["data"]["says"]
        return says


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def agent(loop: asyncio.AbstractEventLoop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The trained assistant, loaded once, with a database of its own."""
    from bot import server

    database: Path = tmp_path_factory.mktemp("care") / "conversations.db"
    settings = Settings(database_url=f"sqlite:///{database}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "settings", lambda: settings)
        yield loop.run_until_complete(server.load_agent())


@pytest.fixture
def conversation(agent: Any, loop: asyncio.AbstractEventLoop) -> Conversation:
    return Conversation(agent, loop)
