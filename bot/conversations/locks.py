"""One message of a conversation at a time, in the order of arrival."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator

from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore


class ConversationLocks(InMemoryLockStore):
    """Locks within one process. The stock ones let a waiting message look once a second whether its turn has come."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: defaultdict[str, int] = defaultdict(int)
        self._locks: dict[str, asyncio.Lock] = {}

    @contextlib.asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncIterator[TicketLock]:
        """Hold the conversation; `asyncio.Lock` wakes those who wait in the order in which they came."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._waiting[conversation_id] += 1
        try:
            async with lock:
                yield TicketLock(conversation_id)
        finally:
            self._waiting[conversation_id] -= 1
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id], self._locks[conversation_id]
