from __future__ import annotations

import numpy as np
import pytest

from bot.evaluation import diversity
from bot.language.examples import Example

ROWS = [
    Example("does ice help my back", "ice_and_heat", hand="a"),
    Example("does ice help my neck", "ice_and_heat", hand="b"),
    Example("frozen peas then", "ice_and_heat", hand="a"),
    Example("does ice help my arm", "neck_or_shoulder", hand="a"),
]
EMBEDDINGS = np.asarray([[1, 0], [0.96, 0.28], [0, 1], [1, 0]], np.float32)


def test_examples_of_a_label_are_compared_with_each_other() -> None:
    labels = diversity.by_label(ROWS, EMBEDDINGS)
    assert [one.label for one in labels] == ["ice_and_heat", "neck_or_shoulder"]
    first = labels[0]
    assert (first.examples, first.hands) == (3, 2)
    assert first.pairs == 7 / 10  # "does ice help my" is there twice
    assert round(first.nearest, 2) == 0.96
    assert round(first.alike, 2) == 0.67


def test_like_examples_with_different_labels_are_found_once() -> None:
    found = diversity.conflicts(ROWS, EMBEDDINGS)
    assert [(one.first.text, one.second.text) for one in found] == [
        ("does ice help my back", "does ice help my arm"),
        ("does ice help my neck", "does ice help my arm"),
    ]
    text = diversity.report(diversity.by_label(ROWS, EMBEDDINGS), found)
    assert "2 pairs" in text
    assert "neck_or_shoulder: does ice help my arm" in text


def test_blocks_miss_no_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = diversity.conflicts(ROWS, EMBEDDINGS)
    monkeypatch.setattr(diversity, "ROWS", 1)
    assert diversity.conflicts(ROWS, EMBEDDINGS) == whole
