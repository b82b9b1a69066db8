"""What processes take of the machine, from Linux's /proc: memory, processor time, and what others take beside them."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")  # per second
# in /proc/stat, after the word "cpu"; guest time is counted within user time
BUSY = {"user": 0, "nice": 1, "system": 2, "irq": 5, "softirq": 6, "steal": 7}
# in /proc/PID/stat, after the name in brackets
PARENT, USER, SYSTEM = 1, 11, 12


class UsageError(Exception):
    """This machine does not say what processes take."""


def check() -> None:
    """See that this is a Linux machine.

    Raises:
        UsageError: it is not.
    """
    if not (PROC / "stat").exists():
        raise UsageError("The benchmark reads memory and processor time from /proc, so it needs Linux.")


def _stat(pid: int) -> list[str]:
    """The fields of a process after its name; empty where it ended meanwhile."""
    try:
        return (PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def tree(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    parents = {int(path.name): _stat(int(path.name)) for path in PROC.iterdir() if path.name.isdecimal()}
    found = [pid]
    for one in found:
        found += [child for child, fields in parents.items() if fields and int(fields[PARENT]) == one]
    return found


def resident_bytes(pid: int) -> int:
    """The memory that a process and its children hold (resident set)."""
    total = 0
    for one in tree(pid):
        try:
            pages = int((PROC / str(one) / "statm").read_text(encoding="utf-8").split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += pages * os.sysconf("SC_PAGE_SIZE")
    return total


def processor_seconds(pid: int) -> float:
    """The processor time that a process and its running children have used."""
    fields = [_stat(one) for one in tree(pid)]
    return sum(int(one[USER]) + int(one[SYSTEM]) for one in fields if one) / TICKS


def busy_seconds() -> float:
    """The processor time that the whole machine has used, and that its host took from it."""
    numbers = [int(number) for number in (PROC / "stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:]]
    return sum(numbers[place] for place in BUSY.values()) / TICKS


@dataclass(frozen=True)
class Span:
    """A stretch of time.

    Attributes:
        seconds: how long it took.
        own: processor seconds of the server that was measured.
        others: cores, on average, that were busy with anything but this process and what it started.
    """

    seconds: float
    own: float
    others: float


class Meter:
    """Measures what a server takes, and what others take meanwhile, from when it is made until `stop`.

    Args:
        server: the process that is measured, started by this one.
    """

    def __init__(self, server: int) -> None:
        self._server = server
        self._start = time.monotonic(), processor_seconds(server), processor_seconds(os.getpid()), busy_seconds()

    def stop(self) -> Span:
        """What happened since the start."""
        began, server, ours, busy = self._start
        seconds = time.monotonic() - began
        own = processor_seconds(self._server) - server
        others = (busy_seconds() - busy) - (processor_seconds(os.getpid()) - ours)
        return Span(seconds, own, max(0.0, others) / seconds)
