"""The gates of the care screen, with a reader whose predictions are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from spacy.language import Language

from bot.language import care_screen
from bot.language.care_screen import ASKED, PRESENT, CareScreen, Words
from bot.language.classifier import Prediction
from bot.language.lexical import Patterns
from tests.language.predictions import prediction

WHOLE = "I went. We talked."
FIRST, SECOND = "I went.", "We talked."
NONE = Patterns({}, [])


class Reader:
    """Gives each text the labels and shares that the test says; what is left lies on sleep."""

    def __init__(self, **shares: dict[str, float]) -> None:
        self._shares = {WHOLE: shares["whole"], FIRST: shares.get("first", {}), SECOND: {}}
        self._apart = {**self._shares, FIRST: shares.get("apart", self._shares[FIRST])}

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [self._prediction(self._shares[text]) for text in texts]

    def predict_apart(self, texts: Sequence[str]) -> list[Prediction]:
        return [self._prediction(self._apart[text]) for text in texts]

    def embed(self, texts: Sequence[str]) -> Any:
        return np.zeros((len(texts), 1))

    def _prediction(self, shares: dict[str, float]) -> Prediction:
        given = {"sleep": 1 - sum(shares.values()), "child/limp": 0.0, **shares}
        ranking = tuple(sorted(given.items(), key=lambda pair: -pair[1]))
        return prediction(ranking[0][0], 0.5, ranking)


class Present:
    """Finds that nothing is only asked about."""

    labels = [ASKED, PRESENT]

    def scores(self, embeddings: Any) -> Any:
        return np.tile([0.0, 1.0], (len(embeddings), 1))


def cards(nlp: Language, **shares: dict[str, float]) -> list[tuple[str, str]]:
    screen = CareScreen(Present())  # type: ignore[arg-type]
    signs = screen.read(Words.of(nlp(WHOLE), NONE), [WHOLE, FIRST, SECOND], Reader(**shares))  # type: ignore[arg-type]
    return [(sign.card, sign.sign) for sign in signs]


@pytest.mark.parametrize(
    ("sign", "threshold"),
    [("not_settling/weeks", care_screen.CARE_FROM), ("chest_or_collapse/chest", care_screen.GRAVE_FROM)],
)
def test_a_whole_message_raises_a_card_from_its_threshold(nlp: Language, sign: str, threshold: float) -> None:
    assert cards(nlp, whole={sign: threshold}) == [tuple(sign.split("/"))]
    assert cards(nlp, whole={sign: threshold - 0.01}) == []


@pytest.mark.parametrize(
    ("sign", "sentence", "whole"),
    [
        ("cauda_equina/saddle", care_screen.SENTENCE_FROM, care_screen.SENTENCE_NEEDS_WHOLE),
        ("suicide_risk/thoughts", care_screen.CRISIS_SENTENCE_FROM, care_screen.CRISIS_NEEDS_WHOLE),
    ],
)
def test_a_sentence_raises_a_card_where_the_whole_leaves_room(
    nlp: Language, sign: str, sentence: float, whole: float
) -> None:
    raised = [tuple(sign.split("/"))]
    assert cards(nlp, whole={sign: whole}, first={sign: sentence}) == raised
    assert cards(nlp, whole={sign: whole}, first={sign: sentence - 0.01}) == []
    assert cards(nlp, whole={sign: whole - 0.01}, first={sign: sentence}) == []


def test_distress_around_a_sentence_that_sounds_like_goodbye_is_no_contradiction(nlp: Language) -> None:
    goodbye = {"suicide_risk/thoughts": care_screen.CRISIS_BESIDE_DISTRESS_FROM}
    assert cards(nlp, whole={"distress": 0.9}, first=goodbye) == [("suicide_risk", "thoughts")]
    assert cards(nlp, whole={"sleep": 0.9}, first=goodbye) == []


def test_a_grave_sentence_needs_no_room_where_it_is_sure_enough(nlp: Language) -> None:
    surely, nearly = care_screen.GRAVE_SENTENCE_FROM, care_screen.GRAVE_SENTENCE_FROM - 0.001
    grave, other = "cauda_equina/saddle", "not_settling/weeks"
    assert cards(nlp, whole={"sleep": 0.9}, first={grave: surely}) == [("cauda_equina", "saddle")]
    assert cards(nlp, whole={"sleep": 0.9}, first={grave: nearly}) == []
    assert cards(nlp, whole={"sleep": 0.9}, first={other: surely}) == []


def test_what_is_taken_back_is_not_raised_by_its_sentence(nlp: Language) -> None:
    asked, answered = "numb down there?", "no."
    for second, raised in ((answered, []), ("since monday.", [("cauda_equina", "saddle")])):
        whole = f"{asked} {second}"
        shares: dict[str, dict[str, float]] = {whole: {}, asked: {"cauda_equina/saddle": 1.0}, second: {}}
        reader = Reader(whole={})
        reader._shares = reader._apart = shares
        seen = CareScreen(Present()).read(Words.of(nlp(whole), NONE), [whole, asked, second], reader)  # type: ignore[arg-type]
        assert [(sign.card, sign.sign) for sign in seen] == raised


def test_a_sentence_that_says_more_than_the_whole_is_read_apart(nlp: Language) -> None:
    saddle, goodbye = "cauda_equina/saddle", "suicide_risk/indirect"
    # coloured by the sign beside it
    assert cards(nlp, whole={saddle: 0.9}, first={goodbye: 0.9}, apart={}) == [("cauda_equina", "saddle")]
    # faded among other matters
    faded = {saddle: care_screen.MAYBE_SIGN_FROM}
    assert cards(nlp, whole={}, first=faded, apart={saddle: 1.0}) == [("cauda_equina", "saddle")]
    # what the whole says too needs no second look
    assert cards(nlp, whole={saddle: 0.9}, first={saddle: 0.9}, apart={goodbye: 1.0}) == [("cauda_equina", "saddle")]


def test_the_gravest_sign_that_it_may_be_decides_the_level(nlp: Language) -> None:
    pulsing, tearing = "chest_or_collapse/pulsing", "chest_or_collapse/tearing"
    assert cards(nlp, whole={pulsing: 0.8, tearing: care_screen.GRAVER_FROM}) == [("chest_or_collapse", "tearing")]
    assert cards(nlp, whole={pulsing: 0.8, tearing: 0.01}) == [("chest_or_collapse", "pulsing")]
    assert cards(nlp, whole={tearing: 0.8, pulsing: 0.1}) == [("chest_or_collapse", "tearing")]
