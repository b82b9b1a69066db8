"""A softmax regression over sentence embeddings: the plain classifier behind the care screen and the chooser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.language.encoder import Embeddings
from bot.language.linear import Floats, LinearModel


@dataclass(frozen=True)
class EmbeddingClassifier:
    """Tells labels from embeddings. The labels are in the order of the columns of `scores`."""

    labels: list[str]
    model: LinearModel

    @classmethod
    def fit(cls, embeddings: Embeddings, labels: Sequence[str]) -> EmbeddingClassifier:
        """Learn `labels`, one for each row of `embeddings`; each has the same weight, however many examples it has."""
        from bot.language import learning  # scikit-learn: not in a server

        return cls(np.unique(labels).tolist(), learning.softmax_regression(embeddings, labels))

    def scores(self, embeddings: Embeddings) -> Floats:
        """The probability of every label; shape `(rows, labels)`."""
        return self.model.probabilities(embeddings)

    def save(self, path: Path) -> None:
        """Write to one file of plain arrays."""
        np.savez(path, labels=np.asarray(self.labels), weights=self.model.weights, intercept=self.model.intercept)

    @classmethod
    def load(cls, path: Path) -> EmbeddingClassifier:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["labels"].tolist(), LinearModel(arrays["weights"], arrays["intercept"]))
