"""Read a message: one question or two, how sure, and what else it may have been.

Three bands (design: answer, "did you mean", not in the document): below `ASK_FROM` a message counts as not understood,
below `ANSWER_FROM` the nearest labels are offered, from there on the best is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.language.classifier import IntentClassifier, Prediction
from bot.language.encoder import Embeddings

UNSURE = "unsure"
NOT_UNDERSTOOD = "not_understood"

# A question back costs the reader a tap, a wrong answer costs trust: chosen on cross-validation (docs/understanding.md)
ANSWER_FROM = 0.30
ASK_FROM = 0.12
# a part of a message counts as a question of its own only when it is read with this confidence
PART_FROM = 0.72
MAX_PARTS = 12
MAX_QUESTIONS = 2
MAX_ALTERNATIVES = 3


@dataclass(frozen=True)
class Question:
    """One thing that a message asks: its label, and how likely it is that this is right (0 to 1)."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Reading:
    """What a message asks.

    Attributes:
        questions: one or two, in the order asked; `unsure` or `not_understood` where the classifier abstains.
        alternatives: the nearest labels that may be offered, best first.
        ranking: labels with their scores, best first.
    """

    questions: tuple[Question, ...]
    alternatives: tuple[str, ...]
    ranking: tuple[tuple[str, float], ...]


def read(
    classifier: IntentClassifier,
    text: str,
    parts: Sequence[str],
    embed: Callable[[Sequence[str]], Embeddings],
    is_topic: Callable[[str], bool],
) -> Reading:
    """Read `text`.

    Args:
        parts: its sentences and clauses; a single part is the message itself.
        embed: gives the embeddings of texts (shared with the care screen).
        is_topic: whether a label is something that can be answered or refused, rather than a remark.
    """
    whole = classifier.predict([text], embed([text]))[0]
    asked = list(parts[:MAX_PARTS]) if len(parts) > 1 else []
    by_part = classifier.predict(asked, embed(asked)) if asked else []
    sure = [prediction for prediction in by_part if is_topic(prediction.label) and prediction.confidence >= PART_FROM]
    questions = _distinct(sure)
    if len(questions) < 2:
        questions = [_single(whole, sure, is_topic)]
    alternatives = tuple(label for label, _ in whole.ranking if is_topic(label))[:MAX_ALTERNATIVES]
    return Reading(tuple(questions[:MAX_QUESTIONS]), alternatives, whole.ranking)


def _distinct(predictions: Sequence[Prediction]) -> list[Question]:
    """One question for each label, in the order asked."""
    best: dict[str, float] = {}
    for prediction in predictions:
        best[prediction.label] = max(prediction.confidence, best.get(prediction.label, 0.0))
    return [Question(label, confidence) for label, confidence in best.items()]


def _single(whole: Prediction, sure: Sequence[Prediction], is_topic: Callable[[str], bool]) -> Question:
    """The one question of a message, or the abstention that fits."""
    if sure and (whole.confidence < ANSWER_FROM or not is_topic(whole.label)):
        # a long story or a greeting around one clear question
        best = max(sure, key=lambda prediction: prediction.confidence)
        return Question(best.label, best.confidence)
    if whole.confidence >= ANSWER_FROM or not is_topic(whole.label):
        return Question(whole.label, whole.confidence)
    return Question(UNSURE if whole.confidence >= ASK_FROM else NOT_UNDERSTOOD, whole.confidence)
