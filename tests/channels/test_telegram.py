"""The Telegram channel, with the real client library, against a stand-in of Telegram's API."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import aiohttp
import pytest

from bot.channels import outbox
from bot.content import content
from tests.support import scripted
from tests.support.chat import ChatServer, configured, until
from tests.support.telegram_api import TOKEN, TelegramApi, titles

PEOPLE = itertools.count(500)


class Telegram:
    """A server with the channel, and the service that it talks to."""

    def __init__(self, api: TelegramApi, server: ChatServer, loop: asyncio.AbstractEventLoop) -> None:
        self.api = api
        self.server = server
        self.loop = loop

    def run(self, work: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, 60))

    def bring(self, *updates: dict[str, Any], secret: str | None = None) -> list[int]:
        """Bring updates one after the other; gives the status of each answer."""

        async def work() -> list[int]:
            return [await self.api.bring(self.server.url, update, secret) for update in updates]

        statuses: list[int] = self.run(work())
        return statuses

    def say(self, person: int, text: str) -> list[dict[str, Any]]:
        """Say something in a private chat; gives what the chat then shows in answer."""
        before = len(self.api.sent[person])
        assert self.bring(self.api.message(person, text)) == [200]
        return self.api.sent[person][before:]

    def tap(self, person: int, title: str) -> list[dict[str, Any]]:
        before = len(self.api.sent[person])
        assert self.bring(self.api.tap(person, title)) == [200]
        return self.api.sent[person][before:]

    def until(self, condition: Callable[[], Any]) -> None:
        self.run(until(condition))


@pytest.fixture(scope="module")
def telegram(loop: asyncio.AbstractEventLoop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Telegram]:
    api = TelegramApi()
    loop.run_until_complete(api.start())
    environment = {
        "TELEGRAM_API": api.url,
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_URL": "https://bot.clinic.example",
    }
    with configured(tmp_path_factory.mktemp("telegram"), **environment):
        server = ChatServer(scripted.ScriptedAgent())
        loop.run_until_complete(server.start())
        running = Telegram(api, server, loop)
        running.until(lambda: api.asked("setMyCommands"))
        yield running
        loop.run_until_complete(server.stop())
    loop.run_until_complete(api.stop())


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "FIRST_PAUSE", 0.02)


@pytest.fixture
def person() -> int:
    return next(PEOPLE)


def test_a_question_is_answered(telegram: Telegram, person: int) -> None:
    (message,) = telegram.say(person, "answer")
    assert message["text"] == scripted.ANSWER["text"]
    assert titles(message) == ["Pain medicines", "👍 Helpful", "👎 Not helpful"]
