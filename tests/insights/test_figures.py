"""Sums, percentiles, and how exactly a number may be shown."""

from __future__ import annotations

from datetime import date

import pytest

from bot.insights import figures
from bot.insights.figures import Figures, Period
from bot.insights.tally import Key, Kind

FIRST, SECOND = date(2026, 11, 1), date(2026, 11, 2)
COUNTS = {
    Key(FIRST, Kind.ANSWER, "ice_and_heat"): 3,
    Key(SECOND, Kind.ANSWER, "ice_and_heat"): 4,
    Key(SECOND, Kind.ANSWER, "dose"): 1,
    Key(FIRST, Kind.CARE, "cauda_equina", "emergency"): 2,
    Key(SECOND, Kind.CARE, "cauda_equina", "urgent"): 5,
    Key(FIRST, Kind.MILLISECONDS, "20.0"): 6,
    Key(SECOND, Kind.MILLISECONDS, "100.0"): 7,
}


def test_counts_are_summed_in_each_direction() -> None:
    found = Figures(COUNTS)
    assert found.total(Kind.ANSWER) == 8
    assert found.total(Kind.ANSWER, Kind.CARE, Kind.ERROR) == 15
    assert found.by_name(Kind.ANSWER) == {"ice_and_heat": 7, "dose": 1}
    assert found.by_detail(Kind.CARE) == {("cauda_equina", "emergency"): 2, ("cauda_equina", "urgent"): 5}
    assert found.by_day(Kind.ANSWER, Kind.CARE) == {FIRST: 5, SECOND: 10}
    assert found.days_of_names(Kind.ANSWER) == {"ice_and_heat": {FIRST: 3, SECOND: 4}, "dose": {SECOND: 1}}
    assert found.days_of_details(Kind.CARE) == {"emergency": {FIRST: 2}, "urgent": {SECOND: 5}}
    assert found.milliseconds_of_days() == {FIRST: {20.0: 6}, SECOND: {100.0: 7}}


@pytest.mark.parametrize(
    ("number", "text", "size"),
    [(0, "0", 0), (1, "<5", 2.5), (4, "<5", 2.5), (5, "5", 5), (7, "5", 5), (8, "10", 10), (1232, "1,230", 1230)],
)
def test_small_numbers_are_hidden_and_others_rounded(number: int, text: str, size: float) -> None:
    assert (figures.rounded(number).text, figures.rounded(number).size) == (text, size)
    assert figures.exactly(number).size == number


@pytest.mark.parametrize(("share", "milliseconds"), [(0.5, 10), (0.51, 20), (0.95, 20), (0.99, 500), (1, 500)])
def test_a_percentile_is_the_time_within_which_so_many_were_replied_to(share: float, milliseconds: float) -> None:
    assert figures.percentile({500: 2, 10: 50, 20: 48}, share) == milliseconds


def test_a_period_includes_both_ends() -> None:
    assert Period(FIRST, SECOND).days == [FIRST, SECOND]
    assert Period(FIRST, FIRST).days == [FIRST]
    assert str(Period(FIRST, SECOND)) == "1 November 2026 to 2 November 2026"
