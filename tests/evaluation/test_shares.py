from __future__ import annotations

import pytest

from bot.evaluation.shares import Share


def test_interval_is_wilsons() -> None:
    low, high = Share(8, 10).interval
    assert low == pytest.approx(0.4902, abs=1e-4)
    assert high == pytest.approx(0.9433, abs=1e-4)


def test_interval_stays_within_zero_and_one() -> None:
    assert Share(0, 20).interval[0] == 0.0
    assert Share(0, 20).interval[1] > 0.0
    assert Share(20, 20).interval[1] == 1.0
    assert Share(20, 20).interval[0] < 1.0


def test_no_cases_say_nothing() -> None:
    assert Share(0, 0).interval == (0.0, 1.0)
    assert str(Share(0, 0)) == "no cases"


def test_is_shown_with_interval_and_counts() -> None:
    assert str(Share(8, 10)) == "80.0% (49.0% to 94.3%, 8 of 10)"
