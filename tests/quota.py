"""Hold processes to a share of a core: by a control group of Linux where one may be made (as root), else by stopping
them and letting them go on, as the tool cpulimit does; that tool holds each process by itself, and not some together.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

PERIOD = 0.04  # seconds within which the share is kept: short, so that a turn is slowed and not held up
LOOK = 0.002  # seconds between two looks at what processes have used
CONTROL_GROUPS = Path("/sys/fs/cgroup")
names = count()


@contextmanager
def held(pids: Sequence[int], cores: float) -> Iterator[str]:
    """Hold processes, together, to `cores`; gives the name of the means."""
    try:
        group, settings = _make_group(cores)
    except OSError:  # not root, or in a container that has none
        with stopped_now_and_then(pids, cores):
            yield "SIGSTOP and SIGCONT"
        return
    try:
        with in_group(group, settings, pids):
            yield "control group"
    finally:
        group.rmdir()


def _make_group(cores: float) -> tuple[Path, Mapping[str, str]]:
    """A new control group, with what is to be written where in it: version 1's if it has processor time, else 2's.

    Raises:
        OSError: none can be made.
    """
    period = int(PERIOD * 1e6)
    quota = int(cores * period)
    first = CONTROL_GROUPS / "cpu"
    if first.exists():
        parent, settings = first, {"cpu.cfs_period_us": f"{period}", "cpu.cfs_quota_us": f"{quota}"}
    else:
        parent, settings = CONTROL_GROUPS, {"cpu.max": f"{quota} {period}"}
        (parent / "cgroup.subtree_control").write_text("+cpu")
    group = parent / f"lumbar-{os.getpid()}-{next(names)}"
    group.mkdir()
    return group, settings


@contextmanager
def in_group(group: Path, settings: Mapping[str, str], pids: Sequence[int]) -> Iterator[None]:
    """Have processes in a control group, and after that in the one above it."""
    for name, value in settings.items():
        (group / name).write_text(value)
    _move(pids, group)
    try:
        yield
    finally:
        _move(pids, group.parent)


def _move(pids: Sequence[int], group: Path) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # it ended
            (group / "cgroup.procs").write_text(str(pid))


@contextmanager
def stopped_now_and_then(pids: Sequence[int], cores: float) -> Iterator[None]:
    """Stop processes when they have used their share of a period, until the next begins."""
    done = threading.Event()
    thread = threading.Thread(target=_stop_and_go, args=(pids, cores, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _stop_and_go(pids: Sequence[int], cores: float, done: threading.Event) -> None:
    allowed, running = _used(pids), True
    began = time.monotonic()
    while not done.wait(LOOK):
        now = time.monotonic()
        used = _used(pids)
        # what was not used in a period is gone; what was used beyond it is taken from the next ones
        allowed = min(allowed + cores * (now - began), used + cores * PERIOD)
        began = now
        if running and used > allowed:
            running = False
            _signal(pids, signal.SIGSTOP)
        elif not running and used + cores * PERIOD / 2 < allowed:
            running = True
            _signal(pids, signal.SIGCONT)
    _signal(pids, signal.SIGCONT)


def _signal(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _used(pids: Sequence[int]) -> float:
    """The processor seconds of processes, by their clocks: /proc counts in hundredths of a second."""
    total = 0.0
    for pid in pids:
        with suppress(OSError):
            total += time.clock_gettime(~pid << 3 | 2)  # the clock of a process, as clock_getcpuclockid makes its id
    return total
