"""One message of a conversation at a time, in the order of arrival, across servers: a queue for each in Redis.

The stock lock of Rasa reads, changes and writes back in three steps, and loses 1 turn in 8 when two servers meet.
Here a message joins its conversation's queue when it arrives; whose ticket is first holds the conversation. Tickets of
servers that were killed are passed over after `HEARTBEAT_LIFE`, and any ticket after the longest time of a turn.
Should Redis forget (it was restarted), two servers may hold one conversation; the store then refuses the second turn.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import uuid
from collections.abc import AsyncIterator

import redis.asyncio
from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError, RedisError, TimeoutError

logger = logging.getLogger(__name__)

PREFIX = "lumbar:"
HEARTBEAT_EVERY, HEARTBEAT_LIFE = 1.0, 5.0  # seconds
POLL_FIRST, POLL_LAST = 0.005, 0.05  # seconds between looks at the queue, growing
TIMEOUT = 2.0  # seconds for Redis to answer

# A ticket is `server:random`. Repeating this changes nothing, so it may be tried again.
JOIN = """
redis.call('SET', KEYS[2] .. ARGV[2], 1, 'PX', ARGV[3])
redis.call('SET', KEYS[3] .. ARGV[1], 1, 'PX', ARGV[4])
if not redis.call('LPOS', KEYS[1], ARGV[1]) then redis.call('RPUSH', KEYS[1], ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
"""
# 1: it is the ticket's turn; 0: others are before it; -1: it is not in the queue any more
IS_FIRST = """
while true do
  local head = redis.call('LINDEX', KEYS[1], 0)
  if not head then return -1 end
  if head == ARGV[1] then return 1 end
  local server = string.match(head, '^([^:]+):')
  if redis.call('EXISTS', KEYS[2] .. server) == 1 and redis.call('EXISTS', KEYS[3] .. head) == 1 then
    if redis.call('LPOS', KEYS[1], ARGV[1]) then return 0 end
    return -1
  end
  redis.call('LPOP', KEYS[1])
end
"""
LEAVE = """
redis.call('LREM', KEYS[1], 0, ARGV[1])
redis.call('DEL', KEYS[3] .. ARGV[1])
"""


class LostPlace(Exception):
    """A message's place in the queue is gone: Redis was restarted meanwhile."""


def connect(url: str) -> redis.asyncio.Redis:
    """A client with time-outs, which tries again where the connection failed."""
    client: redis.asyncio.Redis = redis.asyncio.from_url(
        url,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        health_check_interval=15,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 3),
        retry_on_error=[ConnectionError, TimeoutError],
    )
    return client


class SharedLocks(InMemoryLockStore):
    """Locks in Redis.

    Args:
        client: the connection to Redis.
        longest_turn: seconds after which a turn is over in any case.
    """

    def __init__(self, client: redis.asyncio.Redis, longest_turn: float) -> None:
        super().__init__()
        self._client = client
        self._life = int((longest_turn + 1) * 1000)
        self._server = uuid.uuid4().hex
        self._heartbeat: asyncio.Task[None] | None = None
        self._join = client.register_script(JOIN)
        self._is_first = client.register_script(IS_FIRST)
        self._leave = client.register_script(LEAVE)

    @contextlib.asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncIterator[TicketLock]:
        """Hold the conversation.

        Raises:
            redis.exceptions.RedisError: Redis is away.
            LostPlace: Redis was restarted while this waited.
        """
        if self._heartbeat is None or self._heartbeat.done():
            self._heartbeat = asyncio.get_running_loop().create_task(self._beat())
        ticket = f"{self._server}:{uuid.uuid4().hex}"
        keys = [
            f"{PREFIX}queue:{hashlib.sha256(conversation_id.encode(errors='replace')).hexdigest()[:32]}",
            f"{PREFIX}server:",
            f"{PREFIX}ticket:",
        ]
        try:
            await self._join(keys, [ticket, self._server, int(HEARTBEAT_LIFE * 1000), self._life])
            await self._wait(keys, ticket)
            yield TicketLock(conversation_id)
        finally:
            await asyncio.shield(self._give_back(keys, ticket))

    async def _wait(self, keys: list[str], ticket: str) -> None:
        pause = POLL_FIRST
        while True:
            first = await self._is_first(keys, [ticket])
            if first == 1:
                return
            if first == -1:
                raise LostPlace
            await asyncio.sleep(pause)
            pause = min(POLL_LAST, pause * 1.5)

    async def _give_back(self, keys: list[str], ticket: str) -> None:
        try:
            await self._leave(keys, [ticket])
        except RedisError as error:  # the turn is stored all the same; the ticket ends by itself
            logger.warning("A lock could not be given back (%s)", type(error).__name__)

    async def _beat(self) -> None:
        """Say now and then that this server is alive."""
        while True:
            with contextlib.suppress(RedisError):
                await self._client.set(f"{PREFIX}server:{self._server}", 1, px=int(HEARTBEAT_LIFE * 1000))
            await asyncio.sleep(HEARTBEAT_EVERY)

    async def close(self) -> None:
        """Stop and disconnect."""
        if self._heartbeat:
            self._heartbeat.cancel()
        await self._client.close()
