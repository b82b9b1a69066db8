"""The evaluation as one HTML page: figures, confusions, calibration, and every miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from bot import charts, reports
from bot.evaluation import calibration, questions
from bot.evaluation.calibration import Bin, Read
from bot.evaluation.questions import Figure

SIDE = 320  # of the diagram's square, in pixels
MARGIN = 45


def build(heading: str, figures: Sequence[Figure], scores: Mapping[str, Any], reads: Sequence[Read]) -> str:
    """The page; `heading` says what was measured, when and where."""
    found = questions.misses(scores)
    parts = [f"<p>{escape(heading)}</p>", _figures(figures), _turn_time(scores)]
    parts += ["<h2>What was taken for what</h2>", "<p>What was said first to each question not answered rightly.</p>"]
    rows = [(expected, got, str(number)) for expected, got, number in questions.confusions(found)]
    parts.append(reports.table(["Expected", "Said first", "Times"], rows))
    if reads:
        parts.append(_calibration(reads))
    parts.append("<h2>Misses by kind</h2>")
    for kind in sorted({miss["kind"] for miss in found}):
        parts.append(_misses(kind, [miss for miss in found if miss["kind"] == kind]))
    parts.append(_dialogues(questions.failed_turns(scores)))
    parts.append(_all_counts(scores))
    return reports.page("Evaluation on held-out questions", "\n".join(part for part in parts if part))


def _figures(figures: Sequence[Figure]) -> str:
    rows = [(figure.target.name, str(figure.share), figure.goal, figure.verdict) for figure in figures]
    return "<h2>Figures</h2>\n" + reports.table(["What", "Share (95 % interval)", "Target", "Outcome"], rows)


def _turn_time(scores: Mapping[str, Any]) -> str:
    times = scores.get("turn_ms")
    if not times:
        return ""
    return (
        f'<p class="aside">{times["n"]} turns, one after the other: median {times["p50"]} ms, '
        f"95th percentile {times['p95']} ms, longest {times['max']} ms.</p>"
    )


def _misses(kind: str, found: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            miss["id"],
            miss["text"],
            ", ".join([*miss["ids"], *([miss["level"]] if miss["level"] else [])]),
            "; ".join(questions.said(item) for item in miss["got"]) or "nothing",
        )
        for miss in found
    ]
    inside = reports.table(["Id", "Message", "Expected", "Said"], rows)
    return f"<details open><summary>{escape(kind)}: {len(found)}</summary>\n{inside}</details>"


def _dialogues(found: Sequence[Mapping[str, Any]]) -> str:
    if not found:
        return ""
    rows = [
        (
            f"{miss['id']}, turn {miss['turn'] + 1}",
            miss["user"],
            _expected(miss["expect"]),
            "; ".join(questions.said(item) for item in miss["got"]) or "nothing",
        )
        for miss in found
    ]
    return "<h2>Dialogues: the first wrong turn</h2>\n" + reports.table(["Turn", "Message", "Expected", "Said"], rows)


def _expected(expect: Mapping[str, Any]) -> str:
    if "any_of" in expect:
        return " or ".join(_expected(one) for one in expect["any_of"])
    asks = f" asking {expect['asks']}" if expect.get("asks") else ""
    return questions.said((expect["kind"], expect.get("ids"))) + asks


def _all_counts(scores: Mapping[str, Any]) -> str:
    rows = [(name, str(share)) for name, share in questions.counts(scores).items()]
    return "<h2>Every count</h2>\n" + reports.table(["Count", "Share (95 % interval)"], rows)


def _calibration(reads: Sequence[Read]) -> str:
    found = calibration.bins(reads)
    rows = [(f"{one.low:.1f} to {one.high:.1f}", f"{one.mean:.2f}", str(one.share)) for one in found]
    return "\n".join(
        [
            "<h2>Does the confidence mean what it says?</h2>",
            f"<p>{len(reads)} messages without warning signs. On the diagonal, the confidence equals the share read "
            f"rightly. Expected calibration error: {calibration.expected_error(found):.3f}.</p>",
            diagram(found),
            reports.table(["Confidence", "Mean", "Read rightly (95 % interval)"], rows),
        ]
    )


def diagram(found: Sequence[Bin]) -> str:
    """The reliability diagram as SVG: a point for each bin, with its interval."""

    def x(value: float) -> float:
        return round(MARGIN + value * SIDE, 1)

    def y(value: float) -> float:
        return round(MARGIN / 2 + (1 - value) * SIDE, 1)

    width, height = SIDE + 2 * MARGIN, SIDE + 2 * MARGIN
    marks = [
        f'<rect x="{x(0)}" y="{y(1)}" width="{SIDE}" height="{SIDE}" class="frame"/>',
        f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" class="grid dashed"/>',
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        marks.append(f'<text x="{x(tick)}" y="{y(0) + 18}" text-anchor="middle">{tick:g}</text>')
        marks.append(f'<text x="{x(0) - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    marks.append(f'<text x="{x(0.5)}" y="{y(0) + 38}" text-anchor="middle">confidence</text>')
    marks.append(f'<text x="{x(0)}" y="12" text-anchor="start">share read rightly</text>')
    for one in found:
        low, high = one.share.interval
        marks.append(f'<line x1="{x(one.mean)}" y1="{y(low)}" x2="{x(one.mean)}" y2="{y(high)}" class="stroke1"/>')
        title = f"confidence {one.mean:.2f}: {one.share}"
        marks.append(
            f'<circle cx="{x(one.mean)}" cy="{y(one.share.value)}" r="4" class="fill1"><title>{title}</title></circle>'
        )
    label = "Reliability diagram; the table below holds the same figures"
    return charts.drawing(width, height, marks, label, f' viewBox="0 0 {width} {height}"')
