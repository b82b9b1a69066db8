"""Score a running assistant on the held-out questions and dialogues, and hold the figures against the targets."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content import content
from bot.evaluation.shares import Share
from bot.settings import ROOT

FOLDER = ROOT / "tests" / "questions"


class EvaluationError(Exception):
    """The assistant cannot be scored. The message says what is missing."""


@dataclass(frozen=True)
class Paths:
    """The held-out files, and the script that asks and judges them."""

    questions: Path = FOLDER / "questions.jsonl"
    dialogues: Path = FOLDER / "dialogues.jsonl"
    scorer: Path = FOLDER / "measure.py"

    def check(self) -> None:
        """See that all are there.

        Raises:
            EvaluationError: names what is missing.
        """
        missing = [str(path) for path in (self.questions, self.dialogues, self.scorer) if not path.is_file()]
        if missing:
            raise EvaluationError(f"missing: {', '.join(missing)}")


@dataclass(frozen=True)
class Target:
    """A figure that counts as good.

    Attributes:
        name: what is counted, for the reader.
        counts: the scorer's counts that are added up.
        goal: the share that is wanted.
        at_most: the share is to stay at or below the goal rather than reach it.
    """

    name: str
    counts: tuple[str, ...]
    goal: float
    at_most: bool = False


TARGETS = (
    Target("questions answered from the right entry", ("right:answer",), 0.92),
    Target("emergencies and crises caught", ("caught:emergency+crisis",), 0.98),
    Target(
        "urgent, GP and pharmacist signs at the right level",
        ("right:care:urgent", "right:care:gp", "right:care:pharmacist"),
        0.90,
    ),
    Target("care raised on benign questions", ("false_alarm:any_card",), 0.03, at_most=True),
    Target("questions outside the document recognised", ("right:not_in_document",), 0.90),
    Target("two questions in one message, both answered", ("both_answered",), 0.80),
    Target("dialogues with every turn as expected", ("dialogues",), 0.85),
    Target("turns of dialogues as expected", ("turns",), 0.95),
    Target("remarks understood", ("right:talk",), 0.0),
    Target("other subjects recognised", ("right:out_of_scope",), 0.0),
)


@dataclass(frozen=True)
class Figure:
    """A target with what was measured. `met` is `None` where no goal is set or nothing was counted."""

    target: Target
    share: Share

    @property
    def met(self) -> bool | None:
        """Whether the share reaches the goal, the interval left aside."""
        if not self.target.goal or not self.share.of:
            return None
        return self.share.value <= self.target.goal if self.target.at_most else self.share.value >= self.target.goal

    @property
    def goal(self) -> str:
        """The goal in words."""
        if not self.target.goal:
            return "none set"
        return f"{'at most' if self.target.at_most else 'at least'} {self.target.goal:.0%}"

    @property
    def verdict(self) -> str:
        """The outcome in a word."""
        return {None: "", True: "met", False: "missed"}[self.met]


def ask(url: str, paths: Paths, with_dialogues: bool = True) -> dict[str, Any]:
    """Ask every question over REST and give back what the scorer found (its own JSON).

    Raises:
        EvaluationError: the scorer failed; its messages stand above.
    """
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "scores.json"
        command = [sys.executable, str(paths.scorer), "--url", url, "--out", str(out)]
        command += ["--questions", str(paths.questions)]
        if with_dialogues:
            command += ["--dialogues", str(paths.dialogues)]
        if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
            raise EvaluationError(f"{paths.scorer} failed; its messages stand above.")
        scores: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return scores


def texts(paths: Paths) -> list[str]:
    """The messages of the held-out questions."""
    lines = paths.questions.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines if line.strip()]


def counts(scores: Mapping[str, Any]) -> dict[str, Share]:
    """The scorer's counts by name, those of questions and of dialogues together."""
    found: dict[str, Share] = {}
    for part, values in scores.items():
        if part not in ("misses", "turn_ms"):
            found.update({name: Share(row[0], row[1]) for name, row in values.items() if isinstance(row, list)})
    return found


def figures(scores: Mapping[str, Any]) -> list[Figure]:
    """The main figures, in the order of the targets."""
    found = counts(scores)
    return [Figure(target, _sum([found[name] for name in target.counts if name in found])) for target in TARGETS]


def _sum(shares: Sequence[Share]) -> Share:
    return Share(sum(share.right for share in shares), sum(share.of for share in shares))


def misses(scores: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The questions that were not answered rightly: `id`, `text`, `kind`, `ids`, `level` and `got`."""
    return [miss for part in scores.get("misses", {}).values() for miss in part if "kind" in miss]


def failed_turns(scores: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The first wrong turn of each dialogue that went wrong: `id`, `turn`, `user`, `expect`, `got`."""
    return [miss for part in scores.get("misses", {}).values() for miss in part if "turn" in miss]


def acceptable(label: str, row: Mapping[str, Any]) -> bool:
    """Whether reading a question of the held-out set as `label` is right, going by the label alone."""
    if row["kind"] == "not_in_document":
        return label in content().not_in_document or label in row["ids"]
    if row["kind"] == "out_of_scope":
        return label == "out_of_scope" or label in content().not_in_document
    return label in row["ids"]


def said(item: Sequence[Any]) -> str:
    """An entry of the reply contract (kind, ids, …) in a few words."""
    kind, ids = str(item[0]), [str(one) for one in item[1] or []]
    return kind if ids in ([], [kind]) else f"{kind}: {', '.join(ids)}"


def confusions(found: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, int]]:
    """(expected, said first, how often) over the misses, the most frequent first."""
    pairs = Counter(
        (said((miss["kind"], miss["ids"][:1])), said(miss["got"][0]) if miss["got"] else "nothing") for miss in found
    )
    return [(expected, got, number) for (expected, got), number in pairs.most_common()]
