from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from bot.benchmark import usage
from bot.benchmark.usage import Meter

BUSY = "while True: pass"
# a process that holds 200 MB, and starts another that does the same if one is given
HOLDS = """
import subprocess, sys, time
if len(sys.argv) > 1:
    child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
    child.stdout.readline()
held = bytearray(b"x") * 200_000_000
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def busy() -> Iterator[int]:
    """A process that keeps a core busy."""
    with subprocess.Popen([sys.executable, "-c", BUSY]) as process:
        yield process.pid
        process.kill()


def test_memory_is_that_of_a_process_and_its_children() -> None:
    command = [sys.executable, "-c", HOLDS, HOLDS]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        tree = usage.tree(process.pid)
        held = usage.resident_bytes(process.pid)
        for pid in reversed(tree):
            os.kill(pid, 9)
    assert len(tree) == 2
    assert 400e6 < held < 500e6


def wait_for_work(pid: int) -> None:
    """Wait until a process has worked for a while; on a busy machine that takes longer than its time."""
    before, end = usage.processor_seconds(pid), time.monotonic() + 60
    while usage.processor_seconds(pid) < before + 0.3:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_work_of_the_server_is_its_own(busy: int) -> None:
    meter = Meter(busy)
    wait_for_work(busy)
    span = meter.stop()
    assert 0.3 <= span.own <= span.seconds + 0.1


def test_what_this_process_started_is_not_others_work(busy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = iter([0.0, 10.0])
    monkeypatch.setattr(usage, "busy_seconds", lambda: next(machine))
    meter = Meter(busy)
    wait_for_work(busy)
    span = meter.stop()
    assert span.others * span.seconds <= 10.0 - 0.3


def test_what_this_process_did_not_start_is_others_work() -> None:
    # the shell ends at once, and its child belongs to no one here
    command = ["sh", "-c", f"{sys.executable} -c '{BUSY}' > /dev/null 2>&1 & echo $!"]
    stranger = int(subprocess.run(command, capture_output=True, check=True).stdout)
    try:
        meter = Meter(os.getpid())
        wait_for_work(stranger)
        span = meter.stop()
    finally:
        os.kill(stranger, 9)
    assert span.others * span.seconds > 0.25


def test_a_process_that_ended_has_used_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert usage.resident_bytes(process.pid) == 0
    assert usage.processor_seconds(process.pid) == 0.0


def test_the_whole_machine_is_busier_than_this_process() -> None:
    assert usage.busy_seconds() > usage.processor_seconds(os.getpid()) > 0
