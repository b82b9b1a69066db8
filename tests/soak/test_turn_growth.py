"""The three hundredth turn of a conversation takes hardly longer than its third."""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
import uuid
from typing import Any

import aiohttp
import pytest

from bot.benchmark import load
from bot.content import content
from bot.evaluation import machine
from tests.serving import Server
from tests.soak.people import Person, said

GROWTH_CONVERSATIONS = int(os.environ.get("GROWTH_CONVERSATIONS", "8"))
TURNS = int(os.environ.get("TURNS", "300"))
NOT_TIMED = 2  # turns at the beginning


def some_turns(dice: random.Random) -> list[str]:
    """Eight turns: greeting, answers, follow-ups and the chooser. Each conversation begins and ends with its own."""
    topics = [dice.choice(said()[topic]) for topic in dice.sample(list(content().answers), 4)]
    more, why, exercises = (dice.choice(said()[intent]) for intent in ("more", "why", "which_exercises"))
    return ["hello", topics[0], topics[1], more, exercises, topics[2], why, topics[3]]


class Talk:
    """One conversation."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url
        self._sender = uuid.uuid4().hex
        self.reply: list[dict[str, Any]] = []
        self.milliseconds: list[float] = []

    async def say(self, text: str) -> None:
        """Take a turn."""
        began = time.perf_counter()
        reply = await load.ask(self._session, self._url, self._sender, text)
        self.milliseconds.append((time.perf_counter() - began) * 1000)
        assert reply is not None
        self.reply = reply


async def measure(url: str) -> tuple[list[float], list[float]]:
    """The milliseconds of early turns and of late ones.

    The last turns of a long conversation are taken in turn with the first ones of a new one that says the same, so that
    neither what is said nor what else the machine does makes a difference.
    """
    early: list[float] = []
    late: list[float] = []
    async with load.connections() as session:
        for number in range(GROWTH_CONVERSATIONS):
            dice = random.Random(number)
            texts, person = some_turns(dice), Person(dice)
            long, new = Talk(session, url), Talk(session, url)
            for text in texts:
                await long.say(text)
            for _ in range(TURNS - 2 * len(texts)):
                await long.say(person.message(long.reply))
            for text in texts:
                await new.say(text)
                await long.say(text)
            early += new.milliseconds[NOT_TIMED:]
            late += long.milliseconds[TURNS - len(texts) + NOT_TIMED :]
    return early, late


def test_a_late_turn_takes_hardly_longer_than_an_early_one(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    third, last = map(statistics.median, asyncio.run(measure(server.url)))
    with capsys.disabled():
        print(f"\n{machine.sentence(machine.describe('make soak'))}")
        print(
            f"turns {NOT_TIMED + 1} to 8: {third:.1f} ms, turns {TURNS - 5} to {TURNS}: {last:.1f} ms (medians of",
            end=" ",
        )
        print(f"{GROWTH_CONVERSATIONS} conversations): {last / third:.2f} times as long")
    assert last <= 1.3 * third
