"""Sending what was said: in order for each chat, and again until the service takes it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable

logger = logging.getLogger(__name__)

Send = Callable[[], Awaitable[None]]

FIRST_PAUSE = 1.0  # seconds before the second try; each pause is twice the one before it
LONGEST_PAUSE = 60.0
GIVE_UP_AFTER = 3600.0  # an answer that comes hours later helps nobody


class Later(Exception):
    """The service is away, or asks to wait.

    Attributes:
        after: seconds that it asks for, or `None`.
    """

    def __init__(self, after: float | None = None) -> None:
        super().__init__(after)
        self.after = after


class Gone(Exception):
    """Nobody can be reached there: the chat is closed, or its owner has blocked the bot."""


class Refused(Exception):
    """The service will never take this message. The reason names no words of it."""


class Outbox:
    """What waits to be sent.

    Args:
        channel: whose it is, for the log.
    """

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._last: dict[str, asyncio.Task[bool]] = {}

    def put(self, chat: str, sends: Iterable[Send]) -> asyncio.Task[bool]:
        """Send to a chat what is to be said there, after all that was put before.

        Args:
            sends: each sends one message, and raises `Later`, `Gone` or `Refused` where it cannot.

        Returns:
            A task: whether all of it was taken.
        """
        task = asyncio.create_task(self._deliver(self._last.get(chat), list(sends)))
        self._last[chat] = task
        task.add_done_callback(lambda done: self._last.pop(chat) if self._last.get(chat) is done else None)
        return task

    async def finish(self, seconds: float) -> None:
        """Wait for what is under way, but no longer than `seconds`; say how much is lost."""
        waiting = list(self._last.values())
        if not waiting:
            return
        _, unsent = await asyncio.wait(waiting, timeout=seconds)
        for task in unsent:
            task.cancel()
        if unsent:
            logger.error("Replies on channel %s that could not be sent before the end: %s", self._channel, len(unsent))

    async def _deliver(self, before: asyncio.Task[bool] | None, sends: list[Send]) -> bool:
        if before:
            await asyncio.wait([before])
        taken = True
        for send in sends:
            try:
                await self._send(send)
            except Gone:
                return False
            except Exception as error:
                # the error's own text may name the chat, or carry words of the message
                logger.error("A message on channel %s could not be sent: %s", self._channel, _name(error))
                taken = False
        return taken

    async def _send(self, send: Send) -> None:
        """Send one message, again and again while the service is away.

        Raises:
            Gone: nobody is there.
            Refused: the service will not take it.
            Later: it was away for too long.
        """
        began = time.monotonic()
        pause = FIRST_PAUSE
        while True:
            try:
                return await send()
            except Later as later:
                if time.monotonic() - began > GIVE_UP_AFTER:
                    raise
                await asyncio.sleep(pause if later.after is None else later.after)
                pause = min(2 * pause, LONGEST_PAUSE)


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if isinstance(error, Refused) else type(error).__name__
