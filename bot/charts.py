"""Charts of the reports as SVG. Colours are classes of the reports' style, so that they fit light, dark and paper.

Whatever runs along days has its places in per cent, so that it fills its page and its letters keep their size.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

HEIGHT = 180  # of a chart along days, in pixels
TOP, BOTTOM = 14, 22  # room for the highest line's number, and for the days
GRID_LINES = 4
GAP = 0.2  # between two columns, of a column
DAYS_NAMED = 5


@dataclass(frozen=True)
class Series:
    """One row of values, a value for each place along a chart.

    Attributes:
        values: `None` where there is none.
    """

    name: str
    values: Sequence[float | None]


def drawing(width: object, height: object, marks: Iterable[str], label: str = "", more: str = "") -> str:
    """An SVG around its marks.

    Args:
        width: in pixels, or with its unit.
        label: what it shows, in words; without it, it is an ornament that is not read out.
        more: further attributes.
    """
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" {role}{more}>\n'
        + "\n".join(marks)
        + "\n</svg>"
    )


def bar(sizes: Sequence[float], longest: float) -> str:
    """A bar made of parts, for a cell of a table; its numbers stand beside it."""
    marks, left = [], 0.0
    for number, size in enumerate(sizes, start=1):
        width = 100 * size / longest if longest else 0.0
        marks.append(f'<rect class="fill{number}" x="{left:.2f}%" width="{width:.2f}%" height="16"/>')
        left += width
    return drawing("100%", 16, marks)


def spark(values: Sequence[float], highest: float) -> str:
    """Small columns, for a cell of a table."""
    step = 100 / (len(values) or 1)
    marks = []
    for place, value in enumerate(values):
        if value:
            tall = max(2.0, 22 * value / highest)
            marks.append(_column(1, place * step, step, 22 - tall, tall))
    return drawing("100%", 22, marks)


def columns(label: str, places: Sequence[str], series: Sequence[Series]) -> str:
    """Columns, one on top of the other where there are several series.

    Args:
        label: what it shows, in words.
        places: the name of each place along it.
    """
    stacks = [sum(value or 0 for value in values) for values in zip(*(one.values for one in series))]
    highest = ceiling(max(stacks, default=0))
    step = 100 / (len(places) or 1)
    marks = []
    for place in range(len(places)):
        base = 0.0
        for number, one in enumerate(series, start=1):
            value = one.values[place] or 0
            if value:
                top, foot = _y(base + value, highest), _y(base, highest)
                title = f"{places[place]}, {one.name}"
                marks.append(_column(number, place * step, step, top, foot - top, title))
            base += value
    return _along(label, places, [*_grid(highest), *marks, *_scale(highest)])


def lines(label: str, places: Sequence[str], series: Sequence[Series], unit: str) -> str:
    """A line for each series, with a mark at each value; where there is none, the line has a gap."""
    highest = ceiling(max((value for one in series for value in one.values if value is not None), default=0))
    step = 100 / (len(places) or 1)
    marks = []
    for number, one in enumerate(series, start=1):
        before: tuple[float, float] | None = None
        for place, value in enumerate(one.values):
            if value is None:
                before = None
                continue
            x, y = (place + 0.5) * step, _y(value, highest)
            if before:
                ends = f'x1="{before[0]:.2f}%" y1="{before[1]:.1f}" x2="{x:.2f}%" y2="{y:.1f}"'
                marks.append(f'<line class="stroke{number}" {ends}/>')
            title = f"{places[place]}, {one.name}: {value:,.0f} {unit}"
            marks.append(
                f'<circle class="fill{number}" cx="{x:.2f}%" cy="{y:.1f}" r="3"><title>{escape(title)}</title></circle>'
            )
            before = (x, y)
    return _along(label, places, [*_grid(highest), *_scale(highest, unit), *marks])


def legend(names: Sequence[str]) -> str:
    """What the colours of a chart mean, in HTML."""
    entries = []
    for number, name in enumerate(names, start=1):
        sign = f'<rect class="fill{number}" width="12" height="12"/>'
        entries.append(f"<li>{drawing(12, 12, [sign])} {escape(name)}</li>")
    return f'<ul class="legend">{"".join(entries)}</ul>'


def ceiling(value: float) -> float:
    """A round number at or above a value, whose quarters are round too: 4, 8, 12, 16, 20, 24, 32, 40, 60 …"""
    if value <= 3 * GRID_LINES:
        return float(GRID_LINES * max(1, math.ceil(value / GRID_LINES)))
    power = 10.0 ** math.floor(math.log10(value))
    return next(
        factor * power for factor in (1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0) if factor * power >= value
    )


def _y(value: float, highest: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / highest


def _column(number: int, left: float, step: float, top: float, tall: float, title: str = "") -> str:
    named = f"<title>{escape(title)}</title>" if title else ""
    return (
        f'<rect class="fill{number}" x="{left + step * GAP / 2:.2f}%" width="{step * (1 - GAP):.2f}%" '
        f'y="{top:.1f}" height="{tall:.1f}">{named}</rect>'
    )


def _grid(highest: float) -> list[str]:
    """Lines across, behind what is drawn."""
    heights = (_y(highest * part / GRID_LINES, highest) for part in range(GRID_LINES + 1))
    return [f'<line class="grid" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>' for y in heights]


def _scale(highest: float, unit: str = "") -> list[str]:
    """The numbers of these lines."""
    marks = []
    for part in range(1, GRID_LINES + 1):
        value = highest * part / GRID_LINES
        number = f"{value:,.4g}" if value < 1000 else f"{value:,.0f}"
        marks.append(f'<text class="halo" x="0" y="{_y(value, highest) - 3:.1f}">{f"{number} {unit}".strip()}</text>')
    return marks


def _along(label: str, places: Sequence[str], marks: list[str]) -> str:
    """The frame of a chart, with some of its places named below."""
    step = 100 / (len(places) or 1)
    every = math.ceil(len(places) / DAYS_NAMED)
    for place in range(0, len(places), every or 1):
        x = (place + 0.5) * step
        anchor = "start" if place == 0 else "end" if x > 95 else "middle"
        at = 0 if place == 0 else x
        marks.append(f'<text x="{at:.2f}%" y="{HEIGHT - 6}" text-anchor="{anchor}">{escape(places[place])}</text>')
    return drawing("100%", HEIGHT, marks, label)
