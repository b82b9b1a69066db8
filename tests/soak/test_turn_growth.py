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
    topics = [content().answers[topic].question for topic in dice.sample(list(content().answers), 4)]
    more, why, exercises = (dice.choice(said()[intent]) for intent in ("more", "why", "which_exercises"))
    return ["hello", topics[0], topics[1], more, topics[2], why, exercises, topics[3]]


class Talk:
    """One conversation."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url
        self._sender = uuid.uuid4().hex
        self.reply: list[dict[str, Any]] = []

    async def say(self, text: str) -> float:
        """Take a turn; gives its milliseconds."""
        began = time.perf_counter()
        reply = await load.ask(self._session, self._url, self._sender, text)
        milliseconds = (time.perf_counter() - began) * 1000
        assert reply is not None
        self.reply = reply
        return milliseconds

    @property
    def topics(self) -> list[tuple[str, list[str]]]:
        """What the last reply is about."""
        return [(item["kind"], item["ids"]) for item in self.reply[-1]["custom"]["data"]["says"]]


async def measure(url: str) -> list[tuple[float, float]]:
    """The milliseconds of early turns, each with those of the same turn at the end of a long conversation.

    The last turns of a long conversation are taken in turn with the first ones of a new one that says the same, so that
    neither what is said nor what else the machine does makes a difference. What is answered in another way is left out:
    it may take longer or shorter for that.
    """
    found = []
    async with load.connections() as session:
        for number in range(GROWTH_CONVERSATIONS):
            dice = random.Random(number)
            texts, person = some_turns(dice), Person(dice, signs=False)
            long, new = Talk(session, url), Talk(session, url)
            for text in texts:
                await long.say(text)
            for _ in range(TURNS - 2 * len(texts)):
                await long.say(person.message(long.reply))
            for place, text in enumerate(texts):
                order = (new, long) if place % 2 else (long, new)
                taken = {talk: await talk.say(text) for talk in order}
                if place >= NOT_TIMED and new.topics == long.topics:
                    found.append((taken[new], taken[long]))
    return found


def test_a_late_turn_takes_hardly_longer_than_an_early_one(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    timed = asyncio.run(measure(server.url))
    third, last = (statistics.median(column) for column in zip(*timed))
    with capsys.disabled():
        print(f"\n{machine.sentence(machine.describe('make soak'))}")
        print(
            f"turns 3 to 8: {third:.1f} ms, turns {TURNS - 5} to {TURNS}: {last:.1f} ms (medians of {len(timed)}",
            end=" ",
        )
        print(f"in {GROWTH_CONVERSATIONS} conversations): {last / third:.2f} times as long")
    assert len(timed) >= 2 * GROWTH_CONVERSATIONS
    assert last <= 1.3 * third
