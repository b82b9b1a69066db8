"""How well one person's messages are read by a classifier that learnt from everybody else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.content import content
from bot.evaluation.shares import Share
from bot.language import examples
from bot.language.classifier import IntentClassifier
from bot.language.encoder import SentenceEncoder
from bot.language.examples import Example
from bot.language.labels import card_of, is_sign, label_of
from bot.settings import ROOT

CACHE = ROOT / "var" / "cache"
# a hand that wrote less than this share of the examples tells little, and costs as long a training
LEAST_SHARE = 0.04


@dataclass(frozen=True)
class Fold:
    """The messages of one hand, read by a classifier that has seen none of them.

    Attributes:
        hand: who wrote them.
        shares: kind of label → how many were read as theirs (for warning signs: as their card).
    """

    hand: str
    shares: dict[str, Share]


def folds() -> Iterator[Fold]:
    """Leave out one hand after the other; each takes about a minute."""
    rows = [row for row in examples.read() if not row.only_when_asked]
    counts: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        counts[row.hand] += 1
    encoder = SentenceEncoder(cache=CACHE)
    for hand, count in sorted(counts.items()):
        if count >= LEAST_SHARE * len(rows):
            learnt = [row for row in rows if row.hand != hand]
            classifier = IntentClassifier(encoder).fit([row.text for row in learnt], [label_of(row) for row in learnt])
            known = set(classifier.learnt.labels)
            yield Fold(hand, _shares(classifier, [row for row in rows if row.hand == hand and label_of(row) in known]))


def together(found: Sequence[Fold]) -> dict[str, Share]:
    """All folds as one."""
    summed: dict[str, Share] = {}
    for fold in found:
        for kind, share in fold.shares.items():
            before = summed.get(kind, Share(0, 0))
            summed[kind] = Share(before.right + share.right, before.of + share.of)
    return summed


def _shares(classifier: IntentClassifier, rows: Sequence[Example]) -> dict[str, Share]:
    outcomes: defaultdict[str, list[bool]] = defaultdict(list)
    embeddings = classifier.encoder.encode_many([row.text for row in rows])
    for row, read in zip(rows, classifier.judge(classifier.wordings([row.text for row in rows]), embeddings)):
        outcomes[_kind(row)].append(card_of(read.label) == row.intent)
    return {kind: Share(sum(right), len(right)) for kind, right in sorted(outcomes.items())}


def _kind(row: Example) -> str:
    if is_sign(label_of(row)):
        return "warning sign"
    if row.intent in content().answers:
        return "answer"
    if row.intent in content().not_in_document:
        return "not in the document"
    return "conversation"
