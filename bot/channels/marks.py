"""Whether an answer helped: two buttons below it, then a reason. Neither who said so nor what was asked is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot import metrics
from bot.content import content
from bot.insights.tally import tally

# as the website's widget calls them (bot/web/src/texts.json)
REASONS = {
    "not_asked": "Not what I asked",
    "hard_to_read": "Hard to read",
    "missing": "Something is missing",
    "other": "Something else",
}
PREFIX = "mark"


@dataclass(frozen=True)
class Mark:
    """What somebody said of an answer.

    Attributes:
        reason: one of `REASONS`, or `None` where none was given.
    """

    answer: str
    helpful: bool
    reason: str | None = None

    @property
    def payload(self) -> str:
        """What a button sends, such as `mark:ice_and_heat:no:missing`."""
        return ":".join([PREFIX, self.answer, "yes" if self.helpful else "no", *([self.reason] if self.reason else [])])

    @property
    def wants_reason(self) -> bool:
        """Whether it is asked why."""
        return not self.helpful and self.reason is None

    def count(self) -> None:
        """Count it; a reason is counted beside the mark that it explains."""
        metrics.feedback(self.answer, self.helpful, self.reason)
        tally.feedback(self.answer, self.helpful, self.reason)


def read(payload: Any) -> Mark | None:
    """The mark of a payload, or `None` for anything else."""
    parts = payload.split(":") if isinstance(payload, str) else []
    if len(parts) not in (3, 4) or parts[0] != PREFIX or parts[1] not in content().answers:
        return None
    if parts[2] not in ("yes", "no") or not all(reason in REASONS for reason in parts[3:]):
        return None
    return Mark(parts[1], parts[2] == "yes", parts[3] if len(parts) == 4 else None)


def answer_of(message: dict[str, Any]) -> str | None:
    """The answer that a message shows, if it shows one."""
    says = message.get("says") or {}
    return says["ids"][0] if says.get("kind") == "answer" and says.get("ids") else None


def question(answer: str) -> list[tuple[str, str]]:
    """The buttons that ask whether an answer helped: title and payload of each."""
    return [("👍 Helpful", Mark(answer, True).payload), ("👎 Not helpful", Mark(answer, False).payload)]


def reasons(answer: str) -> list[tuple[str, str]]:
    """The buttons that ask why it did not."""
    return [(title, Mark(answer, False, reason).payload) for reason, title in REASONS.items()]
