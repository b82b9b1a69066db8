"""The care screen: which warning signs a message shows. Patterns and the classifier, either of which may raise a card.

The classifier knows every sign as a label of its own beside all ordinary intents, so that each benign kind of message
has a place too; a message is a sign when enough of its probability lies on signs, whichever. It reads the whole message
and each sentence; patterns read each sentence. In doubt, raise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from bot.content import content
from bot.content.cards import NEVER_HYPOTHETICAL, RANK, level_of
from bot.language import assertion
from bot.language.classifier import MessageReader, Prediction
from bot.language.embedding_classifier import EmbeddingClassifier
from bot.language.labels import card_of, is_sign
from bot.language.lexical import Hit, Patterns
from bot.language.reading import CARE_FROM

VERSION = "1"
# the two labels of the classifier that tells a sign asked about from one that is there
ASKED, PRESENT = "asked", "present"
# A sentence out of its context raises a card only where it is surer, and the whole message does not contradict it.
SENTENCE_FROM = 0.6
SENTENCE_NEEDS_WHOLE = 0.15
# Of a crisis people speak in few words among many others, so that less is asked of the sentence, and of the whole.
CRISIS_SENTENCE_FROM = 0.4
CRISIS_NEEDS_WHOLE = 0.05
# Distress is no contradiction: around a sentence that sounds like goodbye, being worn out by pain is no comfort.
CRISIS_BESIDE_DISTRESS_FROM = 0.7
DISTRESS = "distress"
# A grave sign buried among benign questions leaves the whole message no room; a sentence this sure needs none.
GRAVE_SENTENCE_FROM = 0.999
# from this share on, a sentence that says more than the whole message is read once more without it
MAYBE_SIGN_FROM = 0.05
# What can kill or maim today is raised at a lower score than what can wait.
GRAVE_FROM = 0.25
# Likewise a pattern: words alone cannot tell "my hand is numb" from "my hand went numb holding the ice pack".
# The whole message must leave some room for a sign or, in a long one, which is mostly about something else, a sentence.
PATTERN_NEEDS_WHOLE = 0.02
PATTERN_NEEDS_SENTENCE = 0.5
LONG_FROM = 35  # words and punctuation marks
SURE_FROM = 0.9
# how much a pattern counts beside the classifier's share; words of a crisis count above all, as that is told in few
PATTERN_SCORE = 0.9
CRISIS_PATTERN_SCORE = 1.0
# a graver sign of the same card decides the level from this share of probability
GRAVER_FROM = 0.05
GRAVE = frozenset({"emergency", "crisis"})
NEVER = 2.0
# where patterns found a card's sign only denied, the classifier must be surer too
DENIED_FROM = 0.9
# a sign counts as asked about where the classifier is sure of it, or less sure but with the words for it
HYPOTHETICAL_FROM = 0.9
HYPOTHETICAL_WITH_CUE_FROM = 0.3
# where the whole message surely asks about a sign, a sentence of it only tells the story: "she lost all feeling. I'm
# fine, but what should I look out for?"
WHOLE_HYPOTHETICAL_FROM = 0.95
# long messages are read in at most this many pieces, so that all of one is read in time
MAX_TEXTS = 40


@dataclass(frozen=True)
class SeenSign:
    """A warning sign in a message.

    Attributes:
        card: the care card.
        sign: the sign of that card.
        informational: asked about rather than present.
        someone_else: the person with the sign is not the one who writes.
        evidence: the pattern's name, or the classifier's score; never the text.
        score: how strong the evidence is, to choose among cards of one level (0 to 1).
        sure: found by a pattern, or scored near one; what is not may yet be a reply to the chooser.
        language: the language that it was written in, where that is not English and is known.
    """

    card: str
    sign: str
    informational: bool
    someone_else: bool
    evidence: str
    score: float
    sure: bool = True
    language: str | None = None

    @property
    def weight(self) -> tuple[bool, int, float]:
        """For ordering: what is present before what is asked about, then by level, then by evidence."""
        return not self.informational, RANK[level_of(self.card, self.sign)], self.score


@dataclass(frozen=True)
class Words:
    """What the words of a message say by themselves; found while the encoder still runs.

    Attributes:
        hits: the patterns in it, whatever is said of them.
        someone_else: it is about another than the one who writes.
        hypothetical: it has words for what is only asked about.
        refused: the sentences that the next one takes back.
        long: it is so long that it is mostly about something else than any sign in it.
    """

    hits: Sequence[Hit]
    someone_else: bool
    hypothetical: bool
    refused: frozenset[str]
    long: bool

    @classmethod
    def of(cls, doc: Doc, patterns: Patterns) -> Words:
        """What the words of `doc` say, which has been through the spaCy pipeline."""
        other, cue = assertion.is_about_someone_else(doc), assertion.has_hypothetical_cue(doc)
        return cls(patterns.find(doc), other, cue, frozenset(assertion.refused(doc)), len(doc) >= LONG_FROM)


class CareScreen:
    """Reads a message for warning signs.

    Args:
        hypothetical: tells a sign asked about from one that is there.
    """

    def __init__(self, hypothetical: EmbeddingClassifier) -> None:
        self._hypothetical = hypothetical

    def read(self, words: Words, texts: Sequence[str], reader: MessageReader) -> list[SeenSign]:
        """The signs in a message, gravest first, at most one for each card.

        Args:
            words: what its words say by themselves.
            texts: the whole message, then its sentences (`texts_to_screen`).
            reader: reads texts with the intent classifier.
        """
        predictions = reader.predict(texts)
        doubtful = _doubtful(predictions)
        for at, prediction in zip(doubtful, reader.predict_apart([texts[at] for at in doubtful])):
            predictions[at] = prediction
        whole = predictions[0]
        if not words.hits and max(one.care_share for one in predictions) < GRAVE_FROM:  # no threshold is lower
            return []
        asked = self._asked_about(words, texts, reader)
        other = words.someone_else
        found: list[SeenSign] = []
        a_sentence_agrees = words.long and max(one.care_share for one in predictions) >= PATTERN_NEEDS_SENTENCE
        if whole.care_share >= PATTERN_NEEDS_WHOLE or a_sentence_agrees:
            found += [_from_hit(hit, other, asked[0]) for hit in words.hits if hit.assertion in hit.pattern.asserted]
        denied = {hit.pattern.card for hit in words.hits if hit.assertion == "denied"}
        for at, prediction in enumerate(predictions):
            share = prediction.care_share
            if share < GRAVE_FROM:
                continue
            card, sign = _likeliest(prediction)
            threshold = _threshold(card, sign, at == 0, whole)
            if threshold == NEVER and level_of(card, sign) in GRAVE and texts[at] not in words.refused:
                threshold = GRAVE_SENTENCE_FROM
            if share >= (max(DENIED_FROM, threshold) if card in denied else threshold):
                informational = _informational(card, asked[at])
                evidence = f"score {share:.2f}"
                found.append(SeenSign(card, sign, informational, other, evidence, share, share >= SURE_FROM))
        best: dict[str, SeenSign] = {}
        for seen in found:
            if seen.card not in best or seen.weight > best[seen.card].weight:
                best[seen.card] = seen
        # "no weak legs, but I cannot pee": what was denied gives way to what was not
        return sorted(
            best.values(), key=lambda seen: (seen.weight[:2], seen.card not in denied, seen.weight), reverse=True
        )

    def _asked_about(self, words: Words, texts: Sequence[str], reader: MessageReader) -> list[bool]:
        """For each text, whether a sign in it is asked about rather than present."""
        chances = self._hypothetical.scores(reader.embed(texts))[:, self._hypothetical.labels.index(ASKED)]
        threshold = HYPOTHETICAL_WITH_CUE_FROM if words.hypothetical else HYPOTHETICAL_FROM
        whole = chances[0] >= WHOLE_HYPOTHETICAL_FROM
        return [bool(whole or chance >= threshold) for chance in chances]


def _from_hit(hit: Hit, other: bool, asked: bool) -> SeenSign:
    pattern = hit.pattern
    # concepts of another language are named by its code: es_cannot_pee
    code = pattern.concepts[0].partition("_")[0]
    language = code if code in content().languages else None
    informational = _informational(pattern.card, asked)
    score = CRISIS_PATTERN_SCORE if content().care[pattern.card].level == "crisis" else PATTERN_SCORE
    return SeenSign(pattern.card, pattern.sign, informational, other, pattern.name, score, language=language)


def _threshold(card: str, sign: str, is_whole: bool, whole: Prediction) -> float:
    """The share of probability from which a text, the whole message or a sentence of it, raises the card of a sign."""
    level = level_of(card, sign)
    if is_whole:
        return GRAVE_FROM if level in GRAVE else CARE_FROM
    if level == "crisis" and whole.care_share >= CRISIS_NEEDS_WHOLE:
        return CRISIS_SENTENCE_FROM
    if whole.care_share >= SENTENCE_NEEDS_WHOLE:
        return SENTENCE_FROM
    if content().care[card].level == "crisis" and whole.label == DISTRESS:
        return CRISIS_BESIDE_DISTRESS_FROM
    return NEVER


def _doubtful(predictions: Sequence[Prediction]) -> list[int]:
    """Which of a message's sentences are to be read once more, because the rest may have coloured them.

    Within a message, a sentence about a sign may fade among others, and "I am well" beside a sign may look like one.
    What the whole says too needs no second look.
    """
    whole, *sentences = predictions
    maybe = [at for at, sentence in enumerate(sentences, 1) if sentence.care_share >= MAYBE_SIGN_FROM]
    if not maybe:
        return []
    card, sign = _likeliest(whole)
    known = card if whole.care_share >= _threshold(card, sign, True, whole) else None
    return [at for at in maybe if _likeliest(predictions[at])[0] != known]


def _informational(card: str, asked: bool) -> bool:
    return asked and card not in NEVER_HYPOTHETICAL


def _likeliest(prediction: Prediction) -> tuple[str, str]:
    """The card of the likeliest sign, and the gravest sign of that card that it may be."""
    likeliest = next(label for label, _ in prediction.ranking if is_sign(label))
    card = card_of(likeliest)
    signs = [
        label.partition("/")[2]
        for label, chance in prediction.ranking
        if (chance >= GRAVER_FROM or label == likeliest) and card_of(label) == card
    ]
    return card, max(signs, key=lambda sign: RANK[level_of(card, sign)])  # of equals, the likeliest


def texts_to_screen(text: str, sentences: Iterable[str]) -> list[str]:
    """The whole message and its sentences; in a very long one, runs of sentences."""
    parts = [part for part in sentences if part.lower() != text.lower()]
    if len(parts) > MAX_TEXTS:
        size = -(-len(parts) // MAX_TEXTS)
        parts = [" ".join(parts[at : at + size]) for at in range(0, len(parts), size)]
    return [text, *parts]
