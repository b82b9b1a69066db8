from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.language import learning
from bot.language.tfidf import Tfidf

TEXTS = ["ice ice ice on my back", "is heat any good", "heat, then ice!", "ça va? naïve 12\tstone  a", "b"]
UNSEEN = ["more ice for the backache", "zzz", "", "ice?", "heat heat"]


def scikit_learn(texts: list[str]) -> scipy.sparse.csr_matrix:
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32).fit(TEXTS)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32).fit(TEXTS)
    return scipy.sparse.hstack([words.transform(texts), characters.transform(texts)], format="csr")


def dense(tfidf: Tfidf, texts: list[str]) -> npt.NDArray[np.float32]:
    """The rows of `texts` with all their columns."""
    found = np.zeros((len(texts), len(tfidf.words.columns) + len(tfidf.characters.columns)), np.float32)
    rows = tfidf.rows(texts)
    assert len(set(rows.columns)) == len(rows.columns)
    found[:, rows.columns] = rows.values
    return found


@pytest.mark.parametrize("texts", [TEXTS, UNSEEN, UNSEEN[1:2]])
def test_rows_are_those_of_scikit_learn(texts: list[str]) -> None:
    tfidf, rows = learning.tfidf(TEXTS)
    np.testing.assert_allclose(rows.toarray(), scikit_learn(TEXTS).toarray(), atol=1e-6)
    assert tfidf.rows(texts).values.dtype == np.float32
    np.testing.assert_allclose(dense(tfidf, texts), scikit_learn(texts).toarray(), atol=1e-6)


def test_what_was_learnt_can_be_kept_as_arrays() -> None:
    learnt, _ = learning.tfidf(TEXTS)
    kept = Tfidf.from_arrays(learnt.arrays())
    np.testing.assert_array_equal(dense(kept, UNSEEN), dense(learnt, UNSEEN))
    assert kept.share_of_known_words("more ice") == 0.5


def test_terms_seen_once_are_noise_where_there_are_many_examples() -> None:
    tfidf, _ = learning.tfidf([f"ice for back number {number % 7}" for number in range(2000)] + ["heat"])
    assert tfidf.share_of_known_words("ice heat") == 0.5
    assert not len(tfidf.rows(["heat"]).columns)
