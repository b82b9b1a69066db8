"""A softmax regression over sentence embeddings: the plain classifier behind the care screen and the chooser."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import skops.io
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from bot.language.encoder import Embeddings
from bot.language.linear import Floats, probabilities

SEED = 1


class EmbeddingClassifier:
    """Learns labels from embeddings.

    Args:
        balanced: give every label the same weight, however many examples it has.
    """

    def __init__(self, balanced: bool = False) -> None:
        weights = "balanced" if balanced else None
        self._model = LogisticRegression(C=10.0, class_weight=weights, max_iter=200, tol=1e-2, random_state=SEED)

    @property
    def labels(self) -> list[str]:
        """The labels, in the order of the columns of `scores`."""
        return [str(label) for label in self._model.classes_]

    def fit(self, embeddings: Embeddings, labels: Sequence[str]) -> EmbeddingClassifier:
        """Learn `labels`, one for each row of `embeddings`."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopped early on purpose, as the intent classifier is
            self._model.fit(embeddings, np.asarray(labels))
        return self

    def scores(self, embeddings: Embeddings) -> Floats:
        """The probability of every label; shape `(rows, labels)`."""
        return probabilities(self._model, embeddings)

    def save(self, path: Path) -> None:
        """Write to one file (skops: no pickle)."""
        skops.io.dump(self._model, path)

    @classmethod
    def load(cls, path: Path) -> EmbeddingClassifier:
        """Read what `save` wrote."""
        classifier = cls()
        classifier._model = skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))
        return classifier
