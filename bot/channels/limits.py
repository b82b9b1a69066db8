"""How much is taken from one sender: a bucket of tokens for each, in this process or in Redis."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable

from redis.exceptions import RedisError

from bot.conversations.shared_locks import PREFIX, connect
from bot.settings import settings

logger = logging.getLogger(__name__)

# buckets that are looked through for full ones, which say nothing and can go
MANY = 10_000


class Limit:
    """A token bucket for each key: `burst` at once, then `per_minute`.

    Attributes:
        burst: what may come at once.
        per_minute: how many come back each minute.
    """

    def __init__(self, burst: float, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.burst = burst
        self.per_minute = per_minute
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def allow(self, key: str) -> bool:
        """Take one token of `key`, if there is one."""
        now = self._clock()
        if len(self._buckets) >= MANY:
            self._forget_full(now)
        left = self._left(key, now)
        if left < 1:
            return False
        self._buckets[key] = (left - 1, now)
        return True

    async def allowed(self, key: str) -> bool:
        """Take one token of `key`, wherever the bucket stands."""
        return self.allow(key)

    def _left(self, key: str, now: float) -> float:
        tokens, at = self._buckets.get(key, (self.burst, now))
        return min(self.burst, tokens + (now - at) * self.per_minute / 60)

    def _forget_full(self, now: float) -> None:
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if self._left(key, now) < self.burst}


# the buckets of `Limit`, by Redis's own clock; a full one says nothing and goes by itself
TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local burst, per_second = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = burst
if kept[1] then tokens = math.min(burst, kept[1] + (now - kept[2]) * per_second) end
if tokens < 1 then return 0 end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - 1), 'at', string.format('%.3f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / per_second * 1000) + 1000)
return 1
"""


class SharedLimit(Limit):
    """A limit that several servers keep together, in Redis; while Redis is away, each by itself.

    Args:
        name: tells the limits of one Redis apart.
        url: the Redis.
    """

    def __init__(self, name: str, burst: float, per_minute: float, url: str) -> None:
        super().__init__(burst, per_minute)
        self._name = name
        self._take = connect(url).register_script(TAKE)

    async def allowed(self, key: str) -> bool:
        """Take one token of `key`, if there is one."""
        hashed = hashlib.sha256(key.encode(errors="replace")).hexdigest()[:32]
        try:
            taken = await self._take([f"{PREFIX}limit:{self._name}:{hashed}"], [self.burst, self.per_minute / 60])
        except RedisError as error:
            logger.warning("Limits are counted here alone (%s)", type(error).__name__)
            return self.allow(key)
        return bool(taken)


def limit(name: str, burst: float, per_minute: float) -> Limit:
    """A limit as the settings want it: shared where there is a Redis."""
    if settings().redis_url:
        return SharedLimit(name, burst, per_minute, settings().redis_url)
    return Limit(burst, per_minute)
