from __future__ import annotations

from bot.benchmark.profile import PLACES
from bot.benchmark.stopwatch import Stopwatch


def test_every_place_that_is_timed_is_there() -> None:
    with Stopwatch().watching(*PLACES):
        pass
