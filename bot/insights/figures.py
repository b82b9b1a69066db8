"""The figures of a report: a period, sums of counts, percentiles, and how exactly a number may be shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from bot.insights.tally import Key, Kind

SMALL = 5  # a smaller number could point at somebody; others are rounded to it

Group = TypeVar("Group", bound=Hashable)
Outer = TypeVar("Outer", bound=Hashable)


@dataclass(frozen=True)
class Period:
    """Some days, the last included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Each day, in order."""
        return [self.first + timedelta(number) for number in range((self.last - self.first).days + 1)]

    def __str__(self) -> str:
        return " to ".join(f"{day.day} {day:%B %Y}" for day in (self.first, self.last))


@dataclass(frozen=True)
class Shown:
    """A number as a report shows it, in words and in the size of what is drawn."""

    text: str
    size: float


def exactly(number: int) -> Shown:
    """The number itself."""
    return Shown(f"{number:,}", number)


def rounded(number: int) -> Shown:
    """The number so that nobody can be singled out, nor be found by taking one number from another."""
    if 0 < number < SMALL:
        return Shown(f"<{SMALL}", SMALL / 2)
    return exactly((number + SMALL // 2) // SMALL * SMALL)


class Figures:
    """Counts, summed as a report needs them."""

    def __init__(self, counts: Mapping[Key, int]) -> None:
        self._by_kind: dict[Kind, list[tuple[Key, int]]] = defaultdict(list)
        for key, number in counts.items():
            self._by_kind[key.kind].append((key, number))

    def _of(self, kinds: tuple[Kind, ...]) -> Iterator[tuple[Key, int]]:
        for kind in kinds:
            yield from self._by_kind[kind]

    def total(self, *kinds: Kind) -> int:
        """How often any of these was counted."""
        return sum(number for _, number in self._of(kinds))

    def by_name(self, *kinds: Kind) -> Counter[str]:
        """The same for each name."""
        return _summed((key.name, number) for key, number in self._of(kinds))

    def by_detail(self, kind: Kind) -> Counter[tuple[str, str]]:
        """The same for each name and detail."""
        return _summed(((key.name, key.detail), number) for key, number in self._of((kind,)))

    def by_day(self, *kinds: Kind) -> Counter[date]:
        """The same for each day."""
        return _summed((key.day, number) for key, number in self._of(kinds))

    def days_of_names(self, kind: Kind) -> dict[str, Counter[date]]:
        """For each name, the same for each day."""
        return _nested((key.name, key.day, number) for key, number in self._of((kind,)))

    def days_of_details(self, kind: Kind) -> dict[str, Counter[date]]:
        """For each detail, the same for each day."""
        return _nested((key.detail, key.day, number) for key, number in self._of((kind,)))

    def milliseconds_of_days(self) -> dict[date, Counter[float]]:
        """For each day, how many turns took up to so many milliseconds, and longer than the next lower number."""
        return _nested((key.day, float(key.name), number) for key, number in self._of((Kind.MILLISECONDS,)))


def _summed(counted: Iterator[tuple[Group, int]]) -> Counter[Group]:
    sums: Counter[Group] = Counter()
    for group, number in counted:
        sums[group] += number
    return sums


def _nested(counted: Iterator[tuple[Outer, Group, int]]) -> dict[Outer, Counter[Group]]:
    sums: dict[Outer, Counter[Group]] = defaultdict(Counter)
    for outer, group, number in counted:
        sums[outer][group] += number
    return sums


def percentile(times: Mapping[float, int], share: float) -> float:
    """The time within which `share` (0 to 1) of the turns were replied to.

    Args:
        times: how many took up to so many milliseconds; not empty.
    """
    wanted, seen = share * sum(times.values()), 0
    for upper in sorted(times):
        seen += times[upper]
        if seen >= wanted:
            return upper
    return max(times)
