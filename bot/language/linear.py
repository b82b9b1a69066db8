"""A fitted linear model: its weights, and what they say of a message. `learning.py` finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse

Floats = npt.NDArray[np.floating[Any]]
Labels = npt.NDArray[np.str_]


class FewColumns(NamedTuple):
    """Rows of which all but a few features are nil: the columns of those, each once, and values `(rows, columns)`."""

    columns: npt.NDArray[np.int32]
    values: npt.NDArray[np.float32]


def softmax(scores: Floats) -> Floats:
    """Probabilities in proportion to the exponentials of each row of `scores`."""
    powers: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers


@dataclass(frozen=True)
class LinearModel:
    """Weights of shape `(features, columns)` and an intercept for each column; one column stands for two labels."""

    weights: Floats
    intercept: Floats

    def scores(self, rows: Floats | scipy.sparse.csr_matrix | FewColumns) -> Floats:
        """The score of every label, shape `(rows, labels)`."""
        scores = self._columns(rows)
        return np.hstack([-scores, scores]) if scores.shape[1] == 1 else scores

    def probabilities(self, rows: Floats) -> Floats:
        """The probability of every label, shape `(rows, labels)`; the model must be a logistic regression."""
        scores = self._columns(rows)
        # of two labels, the one column is the logarithm of their odds
        return softmax(np.hstack([np.zeros_like(scores), scores]) if scores.shape[1] == 1 else scores)

    def _columns(self, rows: Floats | scipy.sparse.csr_matrix | FewColumns) -> Floats:
        product = rows.values @ self.weights[rows.columns] if isinstance(rows, FewColumns) else rows @ self.weights
        scores: Floats = product + self.intercept
        return scores
