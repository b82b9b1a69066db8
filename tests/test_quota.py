from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

import pytest

from bot.benchmark import usage
from tests import quota

BUSY = "while True: pass"


@pytest.fixture
def two() -> Iterator[list[int]]:
    """Two processes that take all the processor time that they get."""
    processes = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(2)]
    yield [process.pid for process in processes]
    for process in processes:
        process.kill()
        process.wait()


def cores(pids: Sequence[int], seconds: float) -> float:
    """How many cores processes take."""
    began, used = time.monotonic(), sum(map(usage.processor_seconds, pids))
    time.sleep(seconds)
    return (sum(map(usage.processor_seconds, pids)) - used) / (time.monotonic() - began)


@pytest.mark.parametrize("means", [quota.held, quota.stopped_now_and_then])
def test_processes_are_held_together_and_let_go(
    two: list[int], means: Callable[[Sequence[int], float], AbstractContextManager[object]]
) -> None:
    with means(two, 0.25):
        cores(two, 0.2)
        assert cores(two, 3) == pytest.approx(0.25, abs=0.05)
    assert cores(two, 2) > 0.4


def test_without_control_groups_processes_are_stopped_now_and_then(
    two: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: float) -> None:
        raise PermissionError

    monkeypatch.setattr(quota, "_make_group", refuse)
    with quota.held(two, 0.25) as means:
        assert means == "SIGSTOP and SIGCONT"
        assert cores(two, 2) < 0.4
