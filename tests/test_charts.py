"""Charts are drawn to scale, and can be read without seeing them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bot import charts
from bot.charts import Series

DAYS = ["1 Nov", "2 Nov", "3 Nov", "4 Nov"]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str, mark: str, kind: str = "") -> list[dict[str, float]]:
    """The marks of a drawing, with the numbers of their places and sizes."""
    found = [one for one in ElementTree.fromstring(svg).iter(SVG + mark) if kind in one.attrib.get("class", "")]
    numbers = ("x", "y", "width", "height", "cx", "cy")
    return [{name: float(one.attrib[name].rstrip("%")) for name in numbers if name in one.attrib} for one in found]


def test_columns_are_as_high_as_their_values_and_stand_in_order() -> None:
    one, two, four = drawn(charts.columns("Messages", DAYS, [Series("Messages", [1, 2, 0, 4])]), "rect")
    assert two["height"] == pytest.approx(2 * one["height"], abs=0.2)
    assert four["height"] == pytest.approx(4 * one["height"], abs=0.3)
    assert one["x"] < two["x"] < four["x"]
    feet = [column["y"] + column["height"] for column in (one, two, four)]
    assert feet == pytest.approx([feet[0]] * 3, abs=0.2)


def test_series_stand_on_top_of_each_other() -> None:
    below, above = drawn(charts.columns("Cards", DAYS[:1], [Series("a", [2]), Series("b", [1])]), "rect")
    assert above["y"] + above["height"] == pytest.approx(below["y"], abs=0.2)
    assert below["height"] == pytest.approx(2 * above["height"], abs=0.2)


def test_a_line_has_a_gap_where_there_is_no_value() -> None:
    svg = charts.lines("Times", DAYS, [Series("p50", [10, 20, None, 40])], "ms")
    marks = drawn(svg, "circle")
    assert len(marks) == 3
    assert len(drawn(svg, "line", "stroke1")) == 1
    assert marks[0]["cy"] > marks[1]["cy"] > marks[2]["cy"]
    assert "1 Nov, p50: 10 ms" in svg


def test_a_bar_has_a_part_for_each_number() -> None:
    helpful, not_helpful = drawn(charts.bar([3, 1], 8), "rect")
    assert (helpful["x"], helpful["width"]) == (0, 37.5)
    assert (not_helpful["x"], not_helpful["width"]) == (37.5, 12.5)


@pytest.mark.parametrize(("values", "places"), [([], []), ([0], ["1 Nov"]), ([0.0] * 400, ["day"] * 400)])
def test_nothing_can_be_drawn(values: list[float], places: list[str]) -> None:
    for svg in (charts.columns("x", places, [Series("x", values)]), charts.spark(values, 5), charts.bar(values, 0)):
        assert ElementTree.fromstring(svg).tag == SVG + "svg"


def test_charts_have_a_name_and_ornaments_have_none() -> None:
    chart = ElementTree.fromstring(charts.columns('A & "B"', DAYS, [Series("<x>", [1, 2, 3, 4])]))
    assert (chart.attrib["role"], chart.attrib["aria-label"]) == ("img", 'A & "B"')
    assert ElementTree.fromstring(charts.spark([1, 2], 2)).attrib["aria-hidden"] == "true"


@pytest.mark.parametrize(
    ("value", "top"), [(0, 4), (1, 4), (5, 8), (12, 12), (13, 16), (33, 40), (120, 120), (121, 160), (9999, 10_000)]
)
def test_scales_end_at_round_numbers(value: float, top: float) -> None:
    assert charts.ceiling(value) == top
