"""The comparison as Markdown, JSON and a chart; ratios first."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from bot import charts
from bot.benchmark import measure
from bot.benchmark.contestants import DEFAULT, LUMBAR, Contestant
from bot.benchmark.load import PERCENTILES
from bot.benchmark.measure import Figures
from bot.evaluation import machine, questions

MEGABYTE = 1e6
BAR = 420  # the longest bar of the chart, in pixels
ROW = 46
LABEL = 250
COLOURS = {LUMBAR: "#0b5394", DEFAULT: "#b45f06"}


@dataclass(frozen=True)
class Row:
    """One measure of both assistants. `more_is_better` says which way the ratio is read."""

    name: str
    unit: str
    lumbar: float
    default: float
    more_is_better: bool = False

    @property
    def times_better(self) -> float:
        """How many times better Lumbar is (below 1: worse); 0 where it cannot be said."""
        over, under = (self.lumbar, self.default) if self.more_is_better else (self.default, self.lumbar)
        return over / under if under else 0.0

    def shown(self, value: float) -> str:
        """A value with its unit."""
        return f"{value:,.0f} {self.unit}" if value >= 100 else f"{value:.3g} {self.unit}"


@dataclass(frozen=True)
class Result:
    """Everything that one run measured."""

    described: Mapping[str, str]
    examples: int
    contestants: Mapping[str, Contestant]
    figures: Mapping[str, Figures]

    @property
    def refused(self) -> str | None:
        """Why the two may not be compared, or `None`."""
        return measure.comparable(list(self.figures.values()))


def rows(result: Result) -> list[Row]:
    """Every measure except accuracy."""
    one, other = result.figures[LUMBAR], result.figures[DEFAULT]
    here, there = result.contestants[LUMBAR], result.contestants[DEFAULT]
    found = [
        Row(f"time per turn, one client, p{p}", "ms", one.one_client.percentile(p), other.one_client.percentile(p))
        for p in PERCENTILES
    ]
    for share in measure.SHARES_OF_CAPACITY:
        found += [
            Row(
                f"time per turn, open loop at {share:.0%} of its capacity, p{p}",
                "ms",
                one.open_loop[share].percentile(p),
                other.open_loop[share].percentile(p),
            )
            for p in PERCENTILES
        ]
    return [
        *found,
        Row("turns per second", "", one.capacity, other.capacity, more_is_better=True),
        Row("processor time per turn, one client", "ms", one.processor_ms, other.processor_ms),
        Row("memory after 1,000 turns", "MB", one.memory_bytes / MEGABYTE, other.memory_bytes / MEGABYTE),
        Row("start until first answer", "s", statistics.median(one.ready), statistics.median(other.ready)),
        Row("training, by the clock", "s", here.training.seconds, there.training.seconds),
        Row("training, processor time", "s", here.training.processor_seconds, there.training.processor_seconds),
        Row("size of the packages", "MB", here.environment_bytes / MEGABYTE, there.environment_bytes / MEGABYTE),
        Row("size of model and encoder", "MB", here.model_bytes / MEGABYTE, there.model_bytes / MEGABYTE),
    ]


def spread(result: Result) -> tuple[float, float]:
    """The lowest and the highest ratio of the medians over the rounds of one client: how steady the first ratio is."""
    pairs = zip(result.figures[LUMBAR].rounds, result.figures[DEFAULT].rounds)
    ratios = [other.percentile(50) / one.percentile(50) for one, other in pairs]
    return min(ratios), max(ratios)


def accuracy(result: Result) -> list[tuple[str, str, str]]:
    """(what, Lumbar's share, the default configuration's share) on the held-out questions."""
    one, other = (questions.figures(result.figures[name].scores) for name in (LUMBAR, DEFAULT))
    return [(a.target.name, str(a.share), str(b.share)) for a, b in zip(one, other) if a.share.of]


def text(result: Result) -> str:
    """The report as Markdown."""
    parts = ["# Lumbar beside Rasa's default configuration"]
    if result.refused:
        parts.append(f"**Not compared.** {result.refused} Run it again when the machine is quieter.")
    else:
        head = ["Measure", "Lumbar is better by", LUMBAR, DEFAULT]
        parts.append(_table(head, [_cells(row) for row in rows(result)]))
        low, high = spread(result)
        parts.append(f"Median time per turn by rounds: {low:.1f} to {high:.1f} times better.")
    parts.append("## Accuracy on the held-out questions")
    parts.append(_table(["What", LUMBAR, DEFAULT], accuracy(result)))
    parts.append("## How it was measured")
    parts.append(conditions(result))
    return "\n\n".join(parts) + "\n"


def _cells(row: Row) -> list[str]:
    better = math.floor(10 * row.times_better) / 10  # 3.99 times is not four times
    return [row.name, f"{better:.1f} ×", row.shown(row.lumbar), row.shown(row.default)]


def conditions(result: Result) -> str:
    """Machine, data, load and method."""
    lines = [
        machine.sentence(dict(result.described)),
        f"Both were trained on the same {result.examples} examples and asked the same held-out questions over HTTP, "
        "one process each, in alternating rounds. Times of the open loop count from when a message was due.",
        f"Nothing is compared where the work of others differs by more than {measure.TOLERANCE} cores.",
    ]
    for name, figures in result.figures.items():
        training = result.contestants[name].training
        lines.append(
            f"{name}: load average before each round {min(figures.loads):.1f} to {max(figures.loads):.1f}, and "
            f"{training.load} before its training; meanwhile others kept {figures.others:.2f} cores busy; "
            f"{len(figures.one_client.milliseconds)} turns of one client, {figures.one_client.failed} failed; "
            f"starts {', '.join(f'{ready:.1f} s' for ready in figures.ready)}."
        )
    return "\n".join(f"- {line}" for line in lines)


def _table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def data(result: Result) -> dict[str, Any]:
    """The report as JSON."""
    return {
        "run": dict(result.described),
        "examples": result.examples,
        "refused": result.refused,
        "measures": [
            {
                "name": row.name,
                "unit": row.unit,
                "lumbar": row.lumbar,
                "default": row.default,
                "times_better": None if result.refused else row.times_better,
            }
            for row in rows(result)
        ],
        "accuracy": [{"what": what, "lumbar": one, "default": other} for what, one, other in accuracy(result)],
        "load": {
            name: {
                "load_average_before": figures.loads,
                "other_cores": [span.others for span in figures.spans],
                "round_medians_ms": [times.percentile(50) for times in figures.rounds],
                "capacities": figures.capacities,
                "ready": figures.ready,
                "failed": figures.one_client.failed,
            }
            for name, figures in result.figures.items()
        },
    }


def chart(result: Result) -> str:
    """The measures as bars, each pair to its own scale, as SVG."""
    found = rows(result)
    marks = [f'<text x="0" y="16" font-size="15">{escape("Lumbar beside Rasa’s default configuration")}</text>']
    for place, (name, colour) in enumerate(COLOURS.items()):
        marks.append(f'<rect x="{place * 90}" y="26" width="12" height="12" fill="{colour}"/>')
        marks.append(f'<text x="{place * 90 + 18}" y="36">{escape(name)}</text>')
    for number, row in enumerate(found):
        top = 56 + number * ROW
        longest = max(row.lumbar, row.default) or 1.0
        marks.append(f'<text x="0" y="{top + 22}">{escape(row.name)}</text>')
        for place, (name, value) in enumerate(((LUMBAR, row.lumbar), (DEFAULT, row.default))):
            width, y = max(1, round(BAR * value / longest)), top + place * 18
            marks.append(f'<rect x="{LABEL}" y="{y}" width="{width}" height="15" fill="{COLOURS[name]}"/>')
            marks.append(f'<text x="{LABEL + width + 6}" y="{y + 12}">{escape(row.shown(value))}</text>')
    width, height = LABEL + BAR + 110, 56 + len(found) * ROW
    marks.insert(0, f'<rect width="{width}" height="{height}" fill="#fff"/>')
    more = f' viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12"'
    return charts.drawing(width, height, marks, "The measures of the tables, as bars", more) + "\n"
