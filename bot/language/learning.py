"""Learning from examples: all of the language modules that needs scikit-learn.

Reading a message does not need it, and a server never imports this module: it would cost 100 MB and two seconds.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import scipy.sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.language.encoder import Embeddings
from bot.language.linear import Floats, Labels, LinearModel
from bot.language.tfidf import Part, Tfidf, runs_of, words_of

SEED = 1
# of many examples, terms that hardly any of them has are noise and cost memory; of few, every word counts
MANY = 2000
# what to multiply centroids of length one by, to start the softmax regression at
CENTROID_SCALE = 40.0


def tfidf(texts: Sequence[str]) -> tuple[Tfidf, scipy.sparse.csr_matrix]:
    """The terms of `texts`, which are in lower case, and how rare each is; with the rows of `texts`."""
    parts, rows = [], []
    for terms_of, least in ((words_of, 2), (runs_of, 4)):
        vectorizer = TfidfVectorizer(
            analyzer=terms_of, sublinear_tf=True, min_df=least if len(texts) >= MANY else 1, dtype=np.float32
        )
        rows.append(vectorizer.fit_transform(texts))
        parts.append(Part(vectorizer.vocabulary_, vectorizer.idf_))
    return Tfidf(*parts), scipy.sparse.hstack(rows, format="csr", dtype=np.float32)


def meant_and_said(
    embeddings: Embeddings, terms: scipy.sparse.csr_matrix, labels: Labels
) -> tuple[LinearModel, LinearModel]:
    """A softmax regression of `labels` over embeddings and a linear SVM over TF-IDF, fitted side by side."""
    # starts at the labels' centroids, which are near: 18 steps from there read as well as 60 from nothing
    meant = LogisticRegression(C=30.0, max_iter=18, tol=1e-2, warm_start=True, random_state=SEED)
    said = LinearSVC(C=0.3, tol=0.5, random_state=SEED)
    if len(np.unique(labels)) > 2:
        meant.coef_ = CENTROID_SCALE * centroids(embeddings, labels)
        meant.intercept_ = np.zeros(len(meant.coef_), np.float32)
    with warnings.catch_warnings():
        # stopped early on purpose: the last steps cost minutes and change no reading
        warnings.simplefilter("ignore", ConvergenceWarning)
        # the SVM takes thrice as long, and lets go of Python meanwhile
        with ThreadPoolExecutor(1) as beside:
            fitted = beside.submit(said.fit, terms, labels)
            meant.fit(embeddings, labels)
            fitted.result()
    return _plain(meant, np.float32), _plain(said, np.float32)  # half the memory and the file; the labels do not change


def softmax_regression(embeddings: Embeddings, labels: Sequence[str]) -> LinearModel:
    """A softmax regression over embeddings; each label has the same weight, however many examples it has."""
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=200, tol=1e-2, random_state=SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopped early on purpose, as the intent classifier is
        return _plain(model.fit(embeddings, np.asarray(labels)))


def calibrator(evidence: Floats, right: npt.NDArray[np.bool_]) -> LinearModel:
    """A logistic regression of whether a reading was right over what spoke for it."""
    return _plain(LogisticRegression().fit(evidence, right))


def centroids(embeddings: Embeddings, labels: Labels) -> Embeddings:
    """The mean direction of each label, in the order of the sorted labels; shape `(labels, 384)`."""
    means = np.stack([embeddings[labels == label].mean(axis=0) for label in np.unique(labels)])
    directions: Embeddings = means / np.linalg.norm(means, axis=1, keepdims=True)
    return directions


def _plain(model: LogisticRegression | LinearSVC, dtype: type | None = None) -> LinearModel:
    """The weights alone, laid out as a message meets them."""
    return LinearModel(np.ascontiguousarray(model.coef_.T, dtype), model.intercept_.astype(dtype or np.float64))
