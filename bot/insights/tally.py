"""What a server counts for its owner: how often a thing was shown on a day. Never who asked, what was typed, or when.

Counts wait in memory until `counts.py` adds them to the database, so that a turn writes nothing for them.
"""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timezone
from enum import Enum
from typing import Any, NamedTuple

# times are counted in steps, 20 of them to each factor of 10: each step is 12 % longer than the one before
STEPS_PER_DECADE = 20
SHORTEST = 1.0  # milliseconds; nothing is counted as shorter


class Kind(str, Enum):
    """What is counted; what `name` and `detail` of a key say for each."""

    TURN = "turn"  # a message that was read and replied to
    MILLISECONDS = "milliseconds"  # the same, by the time it took; name: the step's upper end
    ANSWER = "answer"  # an answer that was shown; name: its id
    NOT_IN_DOCUMENT = "not_in_document"  # name: the subject, an id of not_in_document.yml
    CLARIFY = "clarify"  # asked back; name: `ask`, or `talk` where there was nothing to refer to
    TWO_MISSES = "two_misses"  # not understood twice running, and sent to people
    OUT_OF_SCOPE = "out_of_scope"
    CARE = "care"  # a care card that was shown; name: its id; detail: its level
    CARE_INFORMATION = "care_information"  # the same, of a sign that was only asked about
    FEEDBACK = "feedback"  # name: the answer; detail: `helpful`, `not_helpful`, or the reason why not
    ERROR = "error"  # a turn that failed without a card


class Key(NamedTuple):
    """What a count is of."""

    day: date
    kind: Kind
    name: str = ""
    detail: str = ""


class Tally:
    """Counts that are not in the database yet. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Key] = Counter()

    def turn(self, says: Iterable[Mapping[str, Any]], seconds: float) -> None:
        """Count a turn.

        Args:
            says: the items of the reply contract.
            seconds: from the message to its reply.
        """
        day = today()
        keys = [Key(day, Kind.TURN), Key(day, Kind.MILLISECONDS, step(seconds))]
        keys += (Key(day, *counted) for item in says for counted in _counted(item))
        self.add(Counter(keys))

    def feedback(self, answer: str, helpful: bool, reason: str | None) -> None:
        """Count a reader's mark on an answer. A reason comes beside the mark that it explains."""
        self.add({Key(today(), *_marked(answer, helpful, reason)): 1})

    def add(self, counts: Mapping[Key, int]) -> None:
        """Count what was counted elsewhere, or what was taken and could not be written."""
        with self._lock:
            self._counts.update(counts)

    def take(self) -> dict[Key, int]:
        """Everything that was counted since the last time."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return counts


def _counted(item: Mapping[str, Any]) -> Iterator[tuple[Kind, str, str]]:
    """The kind, name and detail of what an item of the reply contract is counted as."""
    kind, about = item["kind"], item.get("about") or ""
    if kind == "answer":
        yield from ((Kind.ANSWER, answer, "") for answer in item["ids"])
    elif kind == "care":
        counted_as = Kind.CARE_INFORMATION if item.get("informational") else Kind.CARE
        yield from ((counted_as, card, item.get("level") or "") for card in item["ids"])
    elif kind == "not_in_document":
        yield Kind.NOT_IN_DOCUMENT, about, ""
    elif kind in (Kind.OUT_OF_SCOPE, Kind.ERROR):
        yield Kind(kind), "", ""
    elif item.get("asks") == "clarify":
        yield Kind.CLARIFY, kind, ""
    elif about == Kind.TWO_MISSES:
        yield Kind.TWO_MISSES, "", ""
    if "mark" in item:
        yield _marked(**item["mark"])


def _marked(answer: str, helpful: bool, reason: str | None) -> tuple[Kind, str, str]:
    """The same of a mark on an answer."""
    return Kind.FEEDBACK, answer, "helpful" if helpful else reason or "not_helpful"


def step(seconds: float) -> str:
    """The upper end, in milliseconds, of the step that a time falls into."""
    place = math.ceil(STEPS_PER_DECADE * math.log10(max(seconds * 1000, SHORTEST)))
    return f"{10 ** (place / STEPS_PER_DECADE):.1f}"


def today() -> date:
    """The day in UTC: servers may stand in several time zones."""
    return datetime.now(timezone.utc).date()


tally = Tally()
