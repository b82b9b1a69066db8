from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.language.linear import FewColumns, LinearModel

ROWS = np.random.default_rng(1).normal(size=(60, 5))


@pytest.mark.parametrize("labels", [2, 3, 7])
def test_probabilities_are_those_of_scikit_learn(labels: int) -> None:
    model = LogisticRegression(C=3.0).fit(ROWS, np.arange(60) % labels)
    found = LinearModel(model.coef_.T, model.intercept_).probabilities(ROWS[:9])
    assert found.shape == (9, labels)
    np.testing.assert_allclose(found, model.predict_proba(ROWS[:9]), atol=1e-9)


@pytest.mark.parametrize("labels", [2, 3, 7])
def test_scores_are_those_of_scikit_learn(labels: int) -> None:
    model = LinearSVC(random_state=1).fit(ROWS, np.arange(60) % labels)
    found = LinearModel(model.coef_.T, model.intercept_).scores(ROWS[:9])
    expected = model.decision_function(ROWS[:9])
    np.testing.assert_allclose(found, expected if labels > 2 else np.column_stack([-expected, expected]), atol=1e-9)


def test_rows_of_few_columns_are_scored_as_whole_ones() -> None:
    rows = ROWS.astype(np.float32) * [0, 1, 0, 0, 1]
    model = LinearModel(np.ascontiguousarray(ROWS[:5]), ROWS[5])
    few = FewColumns(np.asarray([1, 4], np.int32), rows[:, [1, 4]])
    np.testing.assert_allclose(model.scores(few), model.scores(rows), atol=1e-6)
