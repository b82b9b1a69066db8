"""How much is taken from one sender: a bucket of tokens for each."""

from __future__ import annotations

import time
from collections.abc import Callable

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

    def _left(self, key: str, now: float) -> float:
        tokens, at = self._buckets.get(key, (self.burst, now))
        return min(self.burst, tokens + (now - at) * self.per_minute / 60)

    def _forget_full(self, now: float) -> None:
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if self._left(key, now) < self.burst}
