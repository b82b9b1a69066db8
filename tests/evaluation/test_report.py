from __future__ import annotations

import re
from xml.etree import ElementTree

from bot.evaluation import calibration, questions, report
from bot.evaluation.calibration import Read
from tests.evaluation.scores import SCORES

READS = [Read("a", 0.2, False), Read("a", 0.75, True), Read("b", 0.95, True)]
EXTERNAL = re.compile(r"<script|<link|<img|<iframe|@import|url\(|\bsrc=|\bhref=", re.IGNORECASE)


def page() -> str:
    return report.build("python -m bot evaluate at commit abc", questions.figures(SCORES), SCORES, READS)


def test_messages_are_escaped() -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page()


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert not EXTERNAL.search(page())


def test_every_miss_stands_under_its_kind() -> None:
    html = page()
    answers = html[html.index("<summary>answer: 3</summary>") : html.index("<summary>care: 1</summary>")]
    assert all(f"<td>{miss}</td>" in answers for miss in ("q1", "q2", "q3"))
    assert "<td>q4</td>" in html[html.index("<summary>care: 1</summary>") :]


def test_figures_stand_beside_their_targets() -> None:
    assert re.search(r"<td>75\.0% [^<]*3 of 4\)</td><td>at least 92%</td><td>missed</td>", page())


def test_a_wrong_turn_shows_what_was_expected() -> None:
    assert "<td>d1, turn 2</td><td>and heat?</td><td>answer: ice_and_heat or ask asking clarify</td>" in page()


def test_the_diagram_puts_confidence_across_and_the_share_upwards() -> None:
    drawn = ElementTree.fromstring(report.diagram(calibration.bins(READS)))
    points = [
        (float(point.attrib["cx"]), float(point.attrib["cy"])) for point in drawn.iter() if point.tag.endswith("circle")
    ]
    assert len(points) == 3
    assert points[0][0] < points[1][0] < points[2][0]
    assert points[0][1] > points[1][1] == points[2][1]  # SVG counts downwards: none right, then all


def test_without_readings_there_is_no_diagram() -> None:
    assert "<svg" not in report.build("heading", questions.figures(SCORES), SCORES, [])
