"""Predictions that a test gives instead of a classifier."""

from __future__ import annotations

import numpy as np

from bot.language.classifier import Prediction
from bot.language.labels import is_sign


def prediction(label: str, confidence: float, ranking: tuple[tuple[str, float], ...]) -> Prediction:
    """A prediction whose labels have these probabilities, best first."""
    labels, shares = zip(*ranking)
    care_share = sum(share for name, share in ranking if is_sign(name))
    return Prediction(label, confidence, care_share, np.asarray(shares), labels)
