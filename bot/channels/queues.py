"""Messages that services bring late, twice or out of order: each is taken once, and a conversation's one by one."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

KEPT = 10_000  # ids of messages that are remembered


class Once:
    """Work that is asked for again when its answer was slow or was lost, and is done once."""

    def __init__(self) -> None:
        self._tasks: OrderedDict[str, asyncio.Task[None]] = OrderedDict()

    def run(self, key: str, work: Callable[[], Coroutine[Any, Any, None]]) -> tuple[asyncio.Task[None], bool]:
        """Begin the work of `key`, unless that was done before.

        Returns:
            The task that does it, or did it, and whether it is new.
        """
        known = self._tasks.get(key)
        if known is not None:
            return known, False
        task = self._tasks[key] = asyncio.create_task(work())
        while len(self._tasks) > KEPT and next(iter(self._tasks.values())).done():
            self._tasks.popitem(last=False)
        return task, True

    def failed(self, key: str) -> bool:
        """Whether the work of `key` failed; it is then forgotten, and done when it is asked for again."""
        task = self._tasks.get(key)
        if task is None or not task.done() or task.exception() is None:
            return False
        del self._tasks[key]
        return True

    async def finish(self, seconds: float) -> None:
        """Wait for what is under way, but no longer than `seconds`."""
        running = [task for task in self._tasks.values() if not task.done()]
        if running:
            await asyncio.wait(running, timeout=seconds)


class InOrder:
    """One message of a conversation at a time. Of those that wait, the one that was written first comes first."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[float, int, asyncio.Future[None]]]] = {}
        self._arrivals = itertools.count()

    @contextlib.asynccontextmanager
    async def turn(self, conversation: str, place: float) -> AsyncIterator[None]:
        """Hold a conversation.

        Args:
            place: what grows from each message of it to the next.
        """
        waiting = self._waiting.get(conversation)
        if waiting is None:
            waiting = self._waiting[conversation] = []
        else:
            mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(waiting, (place, next(self._arrivals), mine))
            await mine
        try:
            yield
        finally:
            while waiting:
                following = heapq.heappop(waiting)[2]
                if not following.done():  # one that was cancelled waits no more
                    following.set_result(None)
                    break
            else:
                del self._waiting[conversation]

    def waiting(self, conversation: str) -> int:
        """How many messages of a conversation wait for their turn."""
        return len(self._waiting.get(conversation, ()))


class Succession:
    """Numbers that a service gives one after the other: one that overtook another waits a moment for it.

    Attributes:
        patience: seconds; the one that is missing may have gone to another server, or may never come.
    """

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._arrived: OrderedDict[int, None] = OrderedDict()
        self._missed: dict[int, asyncio.Event] = {}

    async def arrive(self, number: int) -> None:
        """Wait until the number before has arrived; not where none has arrived yet that is smaller."""
        before = number - 1
        if before not in self._arrived and any(known < number for known in self._arrived):
            missed = self._missed.setdefault(before, asyncio.Event())
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(missed.wait(), self.patience)
            self._missed.pop(before, None)
        self._arrived[number] = None
        if number in self._missed:
            self._missed[number].set()
        while len(self._arrived) > 100:
            self._arrived.popitem(last=False)
