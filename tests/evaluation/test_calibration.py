from __future__ import annotations

import pytest

from bot.evaluation import calibration
from bot.evaluation.calibration import Read


def test_readings_fall_into_bins_by_confidence() -> None:
    reads = [Read("a", 0.0, False), Read("a", 0.05, True), Read("b", 0.95, True), Read("b", 1.0, True)]
    found = calibration.bins(reads)
    assert [(one.low, one.high, one.share.right, one.share.of) for one in found] == [(0.0, 0.1, 1, 2), (0.9, 1.0, 2, 2)]
    assert found[1].mean == pytest.approx(0.975)


def test_expected_error_weighs_bins_by_readings() -> None:
    # three readings at 0.9 of which two are right, one at 0.1 that is wrong
    reads = [Read("a", 0.9, True), Read("a", 0.9, True), Read("a", 0.9, False), Read("a", 0.1, False)]
    wanted = (3 * abs(0.9 - 2 / 3) + abs(0.1 - 0)) / 4
    assert calibration.expected_error(calibration.bins(reads)) == pytest.approx(wanted)


def test_without_readings_there_is_no_error() -> None:
    assert calibration.expected_error(calibration.bins([])) == 0.0
