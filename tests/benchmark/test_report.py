from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from bot.benchmark import report
from bot.benchmark.contestants import DEFAULT, LUMBAR, Contestant, Training
from bot.benchmark.load import Times
from bot.benchmark.measure import Figures
from bot.benchmark.report import Result, Row
from bot.benchmark.usage import Span
from bot.evaluation import machine
from tests.evaluation.scores import SCORES


def figures(ms: float, others: float = 0.1) -> Figures:
    return Figures(
        ready=[ms / 10, ms / 5, ms],
        rounds=[Times((ms, ms)), Times((2 * ms, 2 * ms))],
        memory_bytes=int(ms * 1e7),
        processor_ms=ms,
        capacities=[1000 / ms],
        open_loop={0.5: Times((ms,)), 0.8: Times((2 * ms,))},
        spans=[Span(1.0, 0.5, others)],
        loads=[0.5],
        scores=SCORES,
    )


def result(others: float = 0.1) -> Result:
    contestants = {
        name: Contestant(name, Path(), Training("", seconds, 2 * seconds, 0.3), 1000, int(1e9), int(1e7))
        for name, seconds in ((LUMBAR, 20.0), (DEFAULT, 200.0))
    }
    return Result(
        machine.describe("python -m bot benchmark"),
        1000,
        contestants,
        {LUMBAR: figures(10.0), DEFAULT: figures(50.0, others)},
    )


def row(name: str) -> Row:
    return next(one for one in report.rows(result()) if one.name.startswith(name))


def test_less_time_and_more_turns_are_better() -> None:
    assert row("time per turn, one client, p50").times_better == 5.0
    assert row("turns per second").times_better == 5.0
    assert row("memory").times_better == 5.0
    assert Row("any", "s", 4.0, 2.0).times_better == 0.5
    assert Row("any", "", 4.0, 2.0, more_is_better=True).times_better == 2.0
    assert Row("any", "s", 0.0, 2.0).times_better == 0.0


def test_the_median_start_is_reported() -> None:
    assert (row("start").lumbar, row("start").default) == (2.0, 10.0)


def test_values_are_rounded_to_what_was_measured() -> None:
    assert Row("any", "MB", 1234.4, 12.3456).shown(1234.4) == "1,234 MB"
    assert Row("any", "MB", 1234.4, 12.3456).shown(12.3456) == "12.3 MB"


def test_ratios_come_first() -> None:
    lines = report.text(result()).splitlines()
    assert lines[2] == f"| Measure | Lumbar is better by | {LUMBAR} | {DEFAULT} |"
    assert lines[4] == "| time per turn, one client, p50 | 5.0 × | 10 ms | 50 ms |"


def test_a_ratio_is_never_rounded_up() -> None:
    assert report._cells(Row("any", "ms", 1.0, 3.999))[1] == "3.9 ×"


def test_accuracy_stands_beside_the_times() -> None:
    assert tuple(report.accuracy(result())[0][:1]) == ("questions answered from the right entry",)
    assert "75.0% (30.1% to 95.4%, 3 of 4)" in report.text(result())


def test_the_text_says_where_it_was_measured() -> None:
    text = report.text(result())
    assert "python -m bot benchmark at commit" in text
    assert "0.10 cores busy" in text
    assert "1000 examples" in text


def test_different_load_gives_no_ratio() -> None:
    refused = result(others=1.5)
    text = report.text(refused)
    assert "Not compared" in text
    assert " × |" not in text
    assert all(measure["times_better"] is None for measure in report.data(refused)["measures"])
    assert report.data(refused)["refused"]


def test_the_data_hold_every_measure_and_its_ratio() -> None:
    data = report.data(result())
    assert data["refused"] is None
    assert [measure["name"] for measure in data["measures"]] == [one.name for one in report.rows(result())]
    assert data["load"][DEFAULT]["load_average_before"] == [0.5]
    assert data["load"][LUMBAR]["round_medians_ms"] == [10.0, 20.0]


def test_the_chart_draws_each_pair_to_scale() -> None:
    drawn = ElementTree.fromstring(report.chart(result()))
    bars = [float(bar.attrib["width"]) for bar in drawn.iter() if bar.attrib.get("height") == "15"]
    assert len(bars) == 2 * len(report.rows(result()))
    assert bars[0] / bars[1] == 0.2
    assert max(bars) == report.BAR
