"""The bands of a reading, with a reader whose predictions are given."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.language import reading
from bot.language.classifier import Prediction
from tests.language.predictions import prediction

TOPICS = ("ice_and_heat", "pain_medicines", "dose", "sleep")


def said(label: str, confidence: float) -> Prediction:
    others = [other for other in (*TOPICS, "greet") if other != label]
    return prediction(label, confidence, ((label, 0.9), *((other, 0.02) for other in others)))


class Reader:
    """Predicts what the test says."""

    def __init__(self, **by_text: Prediction) -> None:
        self._by_text = by_text

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [self._by_text[text] for text in texts]

    def predict_apart(self, texts: Sequence[str]) -> list[Prediction]:
        return [self._by_text.get(f"{text}_apart", self._by_text[text]) for text in texts]


def read(whole: Prediction, *parts: Prediction) -> reading.Reading:
    names = [f"part{at}" for at in range(len(parts))]
    reader = Reader(whole=whole, **dict(zip(names, parts)))
    return reading.read(reader, "whole", names)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("whole", "intent"),
    [
        (said("ice_and_heat", reading.ANSWER_FROM), "ice_and_heat"),
        (said("ice_and_heat", reading.ANSWER_FROM - 0.01), reading.UNSURE),
        (said("ice_and_heat", reading.ASK_FROM), reading.UNSURE),
        (said("ice_and_heat", reading.ASK_FROM - 0.01), reading.NOT_UNDERSTOOD),
        (said("greet", 0.01), "greet"),
    ],
    ids=["answer", "did you mean", "did you mean, just", "not understood", "talk does not abstain"],
)
def test_the_three_bands(whole: Prediction, intent: str) -> None:
    assert [question.intent for question in read(whole).questions] == [intent]


def test_two_questions_in_the_order_asked() -> None:
    result = read(said("dose", 0.5), said("sleep", 0.9), said("ice_and_heat", 0.9), said("sleep", 0.95))
    assert [(question.intent, question.confidence) for question in result.questions] == [
        ("sleep", 0.95),
        ("ice_and_heat", 0.9),
    ]


def test_parts_that_are_unsure_are_no_questions_of_their_own() -> None:
    unsure = said("sleep", reading.PART_FROM - 0.01)
    assert [question.intent for question in read(said("dose", 0.5), unsure, said("dose", 0.9)).questions] == ["dose"]


def test_what_may_be_two_questions_is_read_part_by_part() -> None:
    coloured = {"part0": said("sleep", reading.MAYBE_FROM), "part1": said("dose", reading.MAYBE_FROM)}
    apart = {"part0_apart": said("sleep", 0.9), "part1_apart": said("dose", 0.9)}
    for given, intents in ((coloured | apart, ["sleep", "dose"]), (coloured, ["dose"])):
        reader = Reader(whole=said("dose", 0.5), **given)
        result = reading.read(reader, "whole", ["part0", "part1"])  # type: ignore[arg-type]
        assert [question.intent for question in result.questions] == intents


def test_a_greeting_around_a_question_is_the_question() -> None:
    result = read(said("greet", 0.9), said("greet", 0.9), said("dose", 0.9))
    assert [question.intent for question in result.questions] == ["dose"]


def test_never_more_than_two_questions() -> None:
    parts = [said(topic, 0.9) for topic in TOPICS]
    assert len(read(said("dose", 0.5), *parts).questions) == reading.MAX_QUESTIONS


def test_the_nearest_topics_are_offered_and_nothing_else() -> None:
    assert read(said("greet", 0.9)).alternatives[:3] == ("ice_and_heat", "pain_medicines", "dose")


def test_a_sign_outranks_a_better_label_when_signs_weigh_enough() -> None:
    ranking = (("sleep", 0.4), ("child/under_16", 0.3), ("child/limp", 0.2), ("dose", 0.1))
    assert read(prediction("sleep", 0.9, ranking)).questions[0].intent == "child"
    light = (("child/under_16", 0.2), ("sleep", 0.15), ("dose", 0.1))
    assert read(prediction("child/under_16", 0.9, light)).questions[0].intent == reading.UNSURE


def torn(first: tuple[str, float], second: tuple[str, float]) -> Prediction:
    return prediction(first[0], 0.2, (first, second, ("greet", 0.01)))


def test_a_message_torn_between_what_its_parts_are_about_asks_both() -> None:
    whole = torn(("sleep", 0.6), ("dose", 0.39))
    result = read(whole, said("dose", 0.2), said("sleep", 0.2))
    assert [question.intent for question in result.questions] == ["sleep", "dose"]
    assert [question.intent for question in read(whole, said("sleep", 0.2), said("greet", 0.2)).questions] == ["sleep"]
    light = torn(("sleep", 0.6), ("dose", reading.TORN_FROM - 0.01))
    assert [question.intent for question in read(light, said("dose", 0.2), said("sleep", 0.2)).questions] == ["sleep"]


@pytest.mark.parametrize(
    ("share", "confidence", "intent"),
    [
        (reading.BACK_AFTER_ALL_FROM, 0.5, "sleep"),
        (reading.BACK_AFTER_ALL_FROM - 0.01, 0.5, "out_of_scope"),
        (reading.BACK_AFTER_ALL_FROM, reading.ANSWER_FROM - 0.01, "out_of_scope"),
    ],
    ids=["perhaps about the back", "hardly", "no topic would be answered either"],
)
def test_out_of_scope_gives_way_to_a_topic_that_it_may_be(share: float, confidence: float, intent: str) -> None:
    whole = prediction("out_of_scope", confidence, (("out_of_scope", 0.8), ("greet", 0.15), ("sleep", share)))
    assert [question.intent for question in read(whole).questions] == [intent]
