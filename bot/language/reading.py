"""Read a message: one question or two, how sure, and what else it may have been.

Three bands (design: answer, "did you mean", not in the document): below `ASK_FROM` a message counts as not understood,
below `ANSWER_FROM` the nearest labels are offered, from there on the best is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.language import lead_in, segments
from bot.language.classifier import MessageReader, Prediction
from bot.language.embedding_classifier import EmbeddingClassifier
from bot.language.labels import card_of, is_sign, is_topic

UNSURE = "unsure"
NOT_UNDERSTOOD = "not_understood"

# A question back costs the reader a tap, a wrong answer costs trust: docs/understanding.md has the curve
ANSWER_FROM = 0.08
ASK_FROM = 0.05
# from this share of probability on warning signs, the message is a sign and no question
CARE_FROM = 0.3
# a part of a message counts as a question of its own only when it is read with this confidence
PART_FROM = 0.8
# where two parts may be questions of their own, with this confidence, they are read once more, each without the other
MAYBE_FROM = 0.4
# a message is torn between topics that each have this share of its probability
TORN_FROM = 0.25
# a topic with this share of probability is preferred to "nothing to do with backs": to be told that of one's own back
# is worse than to be told that the document does not say
BACK_AFTER_ALL_FROM = 0.1
# what a reply to the chooser is called that is none, and how sure the others must be
NO_REPLY = "no_reply"
REPLY_FROM = 0.6
MAX_PARTS = 12
MAX_QUESTIONS = 2
MAX_ALTERNATIVES = 6
RANKING_LENGTH = 5
# what a part of a message remarks beside its question: "we'll get her seen. and for me, are flat shoes better?"
REMARK_FROM = 0.6


@dataclass(frozen=True)
class Question:
    """One thing that a message asks: its intent, and how likely it is that this is right (0 to 1)."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Matter:
    """What a message is about, its lead-in ("no, I meant …", "and …") taken away.

    Attributes:
        intent: what the rest was read as, and `confidence` how likely that is to be right (0 to 1).
        topics: the nearest topics, best first, each with its probability.
    """

    intent: str
    confidence: float
    topics: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Reading:
    """What a message asks.

    Attributes:
        questions: one or two, in the order asked; `unsure` or `not_understood` where the classifier abstains.
        alternatives: the nearest topics, which may be offered, best first.
        ranking: the nearest intents with their probabilities, best first.
        remarks: what its parts say that is no question, such as that help is on its way.
        matter: what it is about, where it may lean on what was said before; `None` for one that stands for itself, or
            where nothing but a lead-in is left.
    """

    questions: tuple[Question, ...]
    alternatives: tuple[str, ...]
    ranking: tuple[tuple[str, float], ...]
    remarks: tuple[str, ...]
    matter: Matter | None


def parts_to_read(sentences: Iterable[str]) -> list[str]:
    """The first clauses of a message with these sentences; none where there is but one, the message itself."""
    parts = [part for sentence in sentences for part in segments.clauses(sentence)]
    return parts[:MAX_PARTS] if len(parts) > 1 else []


def read(reader: MessageReader, text: str, parts: Sequence[str]) -> Reading:
    """Read `text` and its parts (`parts_to_read`)."""
    whole, *by_part = reader.predict([text, *parts])
    maybe = {part: found for part, found in zip(parts, by_part) if _is_topic_from(MAYBE_FROM, found)}
    if len({found.label for found in maybe.values()}) > 1:
        maybe.update(zip(maybe, reader.predict_apart(list(maybe))))
        by_part = [maybe.get(part, found) for part, found in zip(parts, by_part)]
    sure = [found for found in by_part if _is_topic_from(PART_FROM, found)]
    remarked = [part.label for part in by_part if not is_topic(part.label) and part.confidence >= REMARK_FROM]
    questions = _distinct(sure)
    if len(questions) < 2:
        questions = _torn(whole, by_part)
    if len(questions) < 2:
        questions = [_single(whole, sure)]
    alternatives = tuple(label for label, _ in _topics(whole))
    ranking = tuple((card_of(label), share) for label, share in whole.ranking[:RANKING_LENGTH])
    remarks = tuple(dict.fromkeys(label for label in remarked if not is_sign(label)))
    matter = None if is_topic(questions[0].intent) else _matter(reader, text)
    return Reading(tuple(questions[:MAX_QUESTIONS]), alternatives, ranking, remarks, matter)


def _matter(reader: MessageReader, text: str) -> Matter | None:
    rest = lead_in.without(text)
    if not rest:
        return None
    prediction = reader.predict([rest])[0]
    return Matter(prediction.label, prediction.confidence, _topics(prediction))


def _topics(prediction: Prediction) -> tuple[tuple[str, float], ...]:
    """The nearest topics, best first, each with its probability."""
    topics = ((label, share) for label, share in prediction.ranking if is_topic(label))
    return tuple(islice(topics, MAX_ALTERNATIVES))


def _is_topic_from(confidence: float, found: Prediction) -> bool:
    """Whether a part was read as a topic with this confidence at least."""
    return is_topic(found.label) and found.confidence >= confidence


def _distinct(predictions: Sequence[Prediction]) -> list[Question]:
    """One question for each label, in the order asked."""
    best: dict[str, float] = {}
    for prediction in predictions:
        best[prediction.label] = max(prediction.confidence, best.get(prediction.label, 0.0))
    return [Question(label, confidence) for label, confidence in best.items()]


def _torn(whole: Prediction, by_part: Sequence[Prediction]) -> list[Question]:
    """The topics between which the whole message is torn, where each is what some part of it is about."""
    parts = {part.label for part in by_part}
    torn = [label for label, share in whole.ranking if share >= TORN_FROM and is_topic(label) and label in parts]
    return [Question(label, whole.confidence) for label in torn]


def _single(whole: Prediction, sure: Sequence[Prediction]) -> Question:
    """The one question of a message, or the abstention that fits."""
    intent, confidence = _best(whole)
    if sure and (confidence < ANSWER_FROM or not is_topic(intent)):
        # a long story, a greeting or a sign around one clear question
        best = max(sure, key=lambda prediction: prediction.confidence)
        return Question(best.label, best.confidence)
    if confidence >= ANSWER_FROM or not is_topic(intent):
        return Question(intent, confidence)
    return Question(UNSURE if confidence >= ASK_FROM else NOT_UNDERSTOOD, confidence)


def _best(whole: Prediction) -> tuple[str, float]:
    """The intent of the whole message: a card where signs have weight enough, otherwise the best that is none."""
    if whole.care_share >= CARE_FROM:
        return card_of(next(label for label, _ in whole.ranking if is_sign(label))), whole.care_share
    if whole.label == "out_of_scope" and whole.confidence >= ANSWER_FROM:
        topic, share = next((label, share) for label, share in whole.ranking if is_topic(label))
        return (topic if share >= BACK_AFTER_ALL_FROM else whole.label), whole.confidence
    if not is_sign(whole.label):
        return whole.label, whole.confidence
    return next(label for label, _ in whole.ranking if not is_sign(label)), ASK_FROM


def replies(classifier: EmbeddingClassifier, reader: MessageReader, text: str, parts: Sequence[str]) -> list[str]:
    """What `text` and its parts would mean as replies to the chooser's questions, each once; mostly nothing."""
    found: dict[str, None] = {}
    for row in classifier.scores(reader.embed([text, *parts])):
        at = int(row.argmax())
        if row[at] >= REPLY_FROM and classifier.labels[at] != NO_REPLY:
            found[classifier.labels[at]] = None
    return list(found)
