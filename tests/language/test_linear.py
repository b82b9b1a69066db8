from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bot.language.linear import probabilities


@pytest.mark.parametrize("labels", [2, 3, 7])
def test_probabilities_are_those_of_scikit_learn(labels: int) -> None:
    random = np.random.default_rng(1)
    rows = random.normal(size=(60, 5))
    model = LogisticRegression(C=3.0).fit(rows, np.arange(60) % labels)
    found = probabilities(model, rows[:9])
    assert found.shape == (9, labels)
    np.testing.assert_allclose(found, model.predict_proba(rows[:9]), atol=1e-9)
