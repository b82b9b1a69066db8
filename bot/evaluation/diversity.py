"""How different the training examples are from each other, and where like ones have different labels."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.language.encoder import Embeddings
from bot.language.examples import Example
from bot.language.labels import label_of

# two examples are alike from this cosine of their embeddings
ALIKE_FROM = 0.95
ROWS = 2000  # compared at a time: a block of 2,000 by 20,000 numbers takes 160 MB


@dataclass(frozen=True)
class Diversity:
    """The examples of one label.

    Attributes:
        examples, hands: how many, and of how many writers.
        pairs: distinct pairs of neighbouring words for each such pair (0 to 1; templates come out low).
        nearest: median over the examples of the cosine to the nearest other one of the label.
        alike: the share of examples that have one of the label alike.
    """

    label: str
    examples: int
    hands: int
    pairs: float
    nearest: float
    alike: float


@dataclass(frozen=True)
class Conflict:
    """Two examples that are alike (`similarity` is the cosine), with different labels."""

    similarity: float
    first: Example
    second: Example


def by_label(rows: Sequence[Example], embeddings: Embeddings) -> list[Diversity]:
    """The diversity of each label, least diverse first; `embeddings` has a row for each example."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        places[label_of(row)].append(place)
    found = [_diversity(label, [rows[at] for at in here], embeddings[here]) for label, here in places.items()]
    return sorted(found, key=lambda one: -one.nearest)


def _diversity(label: str, rows: Sequence[Example], embeddings: Embeddings) -> Diversity:
    similar = embeddings @ embeddings.T
    np.fill_diagonal(similar, 0.0)
    nearest = similar.max(axis=1)
    pairs = list(itertools.chain.from_iterable(itertools.pairwise(row.text.lower().split()) for row in rows))
    return Diversity(
        label=label,
        examples=len(rows),
        hands=len({row.hand for row in rows}),
        pairs=len(set(pairs)) / len(pairs) if pairs else 1.0,
        nearest=float(np.median(nearest)),
        alike=float((nearest >= ALIKE_FROM).mean()),
    )


def conflicts(rows: Sequence[Example], embeddings: Embeddings) -> list[Conflict]:
    """Pairs that are alike and have different labels, the most alike first."""
    labels = np.asarray([label_of(row) for row in rows])
    found = [Conflict(share, rows[one], rows[other]) for one, other, share in _alike(embeddings, labels)]
    return sorted(found, key=lambda conflict: -conflict.similarity)


def _alike(embeddings: Embeddings, labels: npt.NDArray[np.str_]) -> Iterator[tuple[int, int, float]]:
    for start in range(0, len(embeddings), ROWS):
        similar = embeddings[start : start + ROWS] @ embeddings[start:].T
        for row, column in np.argwhere(similar >= ALIKE_FROM):
            if row < column and labels[start + row] != labels[start + column]:
                yield start + int(row), start + int(column), float(similar[row, column])


def report(labels: Sequence[Diversity], found: Sequence[Conflict]) -> str:
    """Both as Markdown."""
    total = sum(one.examples for one in labels)
    lines = [
        "# How different the training examples are",
        "",
        f"{total} examples of {len(labels)} labels. Nearest: median cosine to the nearest other one of the label (by "
        f"the shipped encoder, which was tuned to bring a label's examples together). Alike: from {ALIKE_FROM}.",
        "",
        "| label | examples | hands | distinct pairs of words | nearest | alike |",
        "| --- | --- | --- | --- | --- | --- |",
        *(
            f"| {one.label} | {one.examples} | {one.hands} | {one.pairs:.2f} | {one.nearest:.2f} | {one.alike:.1%} |"
            for one in labels
        ),
        "",
        f"## Alike, with different labels: {len(found)} pairs",
        "",
        "| cosine | one | the other |",
        "| --- | --- | --- |",
        *(f"| {one.similarity:.3f} | {_shown(one.first)} | {_shown(one.second)} |" for one in found),
        "",
    ]
    return "\n".join(lines)


def _shown(row: Example) -> str:
    return f"{label_of(row)}: {row.text.replace('|', '/')}"
