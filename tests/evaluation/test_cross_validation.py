"""Leaving out one writer: what is tested was not learnt, and folds add up."""

from __future__ import annotations

import pytest

from bot.evaluation import cross_validation
from bot.evaluation.shares import Share
from bot.language import examples
from bot.language.classifier import IntentClassifier
from bot.language.examples import Example

SAID = {
    "ice_and_heat": ("ice or heat", "a cold pack", "hot water bottle", "frozen peas"),
    "posture_and_footwear": ("sit up straight", "which shoes", "slouching", "high heels"),
    "greet": ("hello", "good morning", "hiya", "hi there"),
}


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """Two hands wrote half of the examples each; gives back what each classifier learnt from."""
    rows = [
        Example(text, intent, hand="ab"[place % 2])
        for intent, texts in SAID.items()
        for place, text in enumerate(texts)
    ]
    monkeypatch.setattr(examples, "read", lambda: rows)
    seen: list[set[str]] = []
    fit = IntentClassifier.fit

    def remember(self: IntentClassifier, texts: list[str], labels: list[str]) -> IntentClassifier:
        seen.append(set(texts))
        return fit(self, texts, labels)

    monkeypatch.setattr(IntentClassifier, "fit", remember)
    return seen


def test_what_is_tested_was_not_learnt(learnt: list[set[str]]) -> None:
    folds = list(cross_validation.folds())
    assert [fold.hand for fold in folds] == ["a", "b"]
    for seen, place in zip(learnt, (1, 0)):
        assert seen == {texts[at] for texts in SAID.values() for at in (place, place + 2)}


def test_each_kind_is_counted(learnt: list[set[str]]) -> None:
    folds = list(cross_validation.folds())
    for fold in folds:
        assert {kind: share.of for kind, share in fold.shares.items()} == {"answer": 4, "conversation": 2}
    summed = cross_validation.together(folds)
    assert summed["answer"] == Share(sum(fold.shares["answer"].right for fold in folds), 8)
