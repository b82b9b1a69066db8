"""Whether a confidence means what it says: of all readings made at 80 %, are 80 % right?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.shares import Share


@dataclass(frozen=True)
class Read:
    """How one message was read: the likeliest label, the confidence in it (0 to 1), and whether it is acceptable."""

    label: str
    confidence: float
    right: bool


@dataclass(frozen=True)
class Bin:
    """The readings whose confidence lies between `low` and `high`; `mean` is their mean confidence."""

    low: float
    high: float
    mean: float
    share: Share


def bins(reads: Sequence[Read], count: int = 10) -> list[Bin]:
    """The readings by confidence, in `count` bins of equal width; empty bins are left out."""
    found = []
    for index in range(count):
        inside = [read for read in reads if min(int(read.confidence * count), count - 1) == index]
        if inside:
            mean = sum(read.confidence for read in inside) / len(inside)
            share = Share(sum(read.right for read in inside), len(inside))
            found.append(Bin(index / count, (index + 1) / count, mean, share))
    return found


def expected_error(found: Sequence[Bin]) -> float:
    """The mean distance between confidence and share right, weighted by readings (0: perfect)."""
    total = sum(one.share.of for one in found)
    return sum(one.share.of * abs(one.mean - one.share.value) for one in found) / total if total else 0.0
