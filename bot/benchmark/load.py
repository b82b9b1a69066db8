"""Clients that put load on a server, and what they measure.

The open loop sends at times fixed beforehand, whether or not earlier turns were answered, and counts a turn's time from
the moment at which it was due: a server that stalls is charged for every message that had to wait (no coordinated
omission).
"""

from __future__ import annotations

import asyncio
import math
import random
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp

from bot.evaluation.servers import WEBHOOK

TURNS_IN_CONVERSATION = 5
CONVERSATIONS_AT_ONCE = 24
TIMEOUT = aiohttp.ClientTimeout(total=60)
PERCENTILES = (50, 95, 99)


@dataclass(frozen=True)
class Times:
    """The milliseconds of each turn, and how many turns failed (no reply, or one that says that something failed)."""

    milliseconds: tuple[float, ...]
    failed: int = 0

    def percentile(self, percent: float) -> float:
        """The time within which `percent` of the turns were answered (nearest rank); 0 without turns."""
        if not self.milliseconds:
            return 0.0
        ordered = sorted(self.milliseconds)
        return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]

    def __add__(self, other: Times) -> Times:
        return Times(self.milliseconds + other.milliseconds, self.failed + other.failed)


def connections(headers: Mapping[str, str] | None = None) -> aiohttp.ClientSession:
    """Connections to a server, as many at once as there are messages on the way; each sends `headers`."""
    return aiohttp.ClientSession(headers=headers, timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=0))


async def ask(session: aiohttp.ClientSession, url: str, sender: str, text: str) -> list[dict[str, Any]] | None:
    """Send one message to the server at `url`; gives its reply, or `None` where the turn failed."""
    try:
        async with session.post(url + WEBHOOK, json={"sender": sender, "message": text}) as response:
            reply: list[dict[str, Any]] = await response.json()
            return None if response.status != 200 or not reply or _says_error(reply) else reply
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return None


class Client:
    """Sends messages to one server.

    Args:
        url: its address.
        texts: the messages, used over and over in this order.
        headers: sent with each.
    """

    def __init__(self, url: str, texts: Sequence[str], headers: Mapping[str, str] | None = None) -> None:
        self._url = url
        self._texts = texts
        self._headers = headers
        self._run = uuid.uuid4().hex[:12]
        self._sent = count()
        self.failed = 0

    async def __aenter__(self) -> Client:
        """Open the connections."""
        self._session = connections(self._headers)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close them."""
        await self._session.close()

    async def turn(self) -> None:
        """Send the next message and wait for its reply."""
        number = next(self._sent)
        sender = f"{self._run}-{conversation(number)}"
        if await ask(self._session, self._url, sender, self._texts[number % len(self._texts)]) is None:
            self.failed += 1


def conversation(number: int) -> int:
    """Which conversation message `number` belongs to: some run side by side, each for a few turns."""
    block, place = divmod(number, CONVERSATIONS_AT_ONCE * TURNS_IN_CONVERSATION)
    return block * CONVERSATIONS_AT_ONCE + place % CONVERSATIONS_AT_ONCE


def _says_error(reply: Sequence[Mapping[str, Any]]) -> bool:
    says = [item for message in reply for item in message.get("custom", {}).get("data", {}).get("says", [])]
    return any(item["kind"] == "error" for item in says)


async def one_after_another(client: Client, turns: int) -> Times:
    """One person who sends the next message when the last was answered."""
    times = []
    failed = client.failed
    for _ in range(turns):
        start = time.perf_counter()
        await client.turn()
        times.append((time.perf_counter() - start) * 1000)
    return Times(tuple(times), client.failed - failed)


async def capacity(client: Client, clients: int, seconds: float) -> float:
    """Turns per second with `clients` that each send the next message when the last was answered."""
    done = 0
    end = time.perf_counter() + seconds

    async def send() -> None:
        nonlocal done
        while time.perf_counter() < end:
            await client.turn()
            done += 1

    start = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(clients)))
    return done / (time.perf_counter() - start)


def arrivals(rate: float, seconds: float, seed: int) -> Iterator[float]:
    """The seconds at which messages arrive: at random (Poisson), `rate` a second on average."""
    dice = random.Random(seed)
    at = dice.expovariate(rate)
    while at < seconds:
        yield at
        at += dice.expovariate(rate)


async def open_loop(client: Client, rate: float, seconds: float, seed: int) -> Times:
    """Messages that arrive at `rate` a second whatever the server does; each timed from when it was due."""
    failed = client.failed
    times: list[float] = []
    start = time.perf_counter()

    async def send(due: float) -> None:
        await client.turn()
        times.append((time.perf_counter() - start - due) * 1000)

    waiting = []
    for due in arrivals(rate, seconds, seed):
        await asyncio.sleep(max(0.0, start + due - time.perf_counter()))
        waiting.append(asyncio.create_task(send(due)))
    await asyncio.gather(*waiting)
    return Times(tuple(times), client.failed - failed)
