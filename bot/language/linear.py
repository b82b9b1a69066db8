"""A fitted linear model: its weights, and what they say of a message. `learning.py` finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
from scipy.special import expit, softmax

Floats = npt.NDArray[np.floating[Any]]
Labels = npt.NDArray[np.str_]


@dataclass(frozen=True)
class LinearModel:
    """Weights of shape `(features, columns)` and an intercept for each column; one column stands for two labels."""

    weights: Floats
    intercept: Floats

    def scores(self, rows: Floats | scipy.sparse.csr_matrix) -> Floats:
        """The score of every label, shape `(rows, labels)`."""
        scores: Floats = rows @ self.weights + self.intercept
        return np.hstack([-scores, scores]) if scores.shape[1] == 1 else scores

    def probabilities(self, rows: Floats) -> Floats:
        """The probability of every label, shape `(rows, labels)`; the model must be a logistic regression."""
        scores: Floats = rows @ self.weights + self.intercept
        if scores.shape[1] == 1:
            right: Floats = expit(scores)
            return np.hstack([1 - right, right])
        shares: Floats = softmax(scores, axis=1)
        return shares
