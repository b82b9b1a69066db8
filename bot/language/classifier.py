"""The intent classifier: sentence embeddings and TF-IDF, a linear model, and a confidence that may abstain.

Plain scikit-learn; Rasa sees it through `bot.language.components`. The confidence is not the model's own margin but an
estimate of "this label is right, and the message belongs to one of the labels at all", fitted on folds that leave
whole intents out: to the model of such a fold, the left-out intents are what out-of-scope messages are to the final one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
import skops.io
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.language.encoder import Embeddings, SentenceEncoder, shared_encoder

Floats = npt.NDArray[np.floating[Any]]

# how much the embedding counts beside the two TF-IDF blocks, each of length one
EMBEDDING_WEIGHT = 2.0
FOLDS = 4
SEED = 1


@dataclass(frozen=True)
class Prediction:
    """What a message was read as.

    Attributes:
        label: the most likely label.
        confidence: between 0 and 1, how likely it is that `label` is right.
        ranking: every label with its score (a softmax of margins, for ordering only), best first.
    """

    label: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]


class IntentClassifier:
    """Learns labels from example texts; `fit` then `predict`, as in scikit-learn.

    Args:
        encoder: turns texts into embeddings; the shipped one by default.
    """

    def __init__(self, encoder: SentenceEncoder | None = None) -> None:
        self._encoder = encoder
        self._words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32)
        self._characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, dtype=np.float32
        )
        self._model = LinearSVC(C=0.3, random_state=SEED)
        self._calibrator = LogisticRegression()
        self._neighbours: Embeddings = np.empty((0, 0), np.float32)
        self._neighbour_labels: npt.NDArray[np.str_] = np.empty(0, dtype=np.str_)

    @property
    def encoder(self) -> SentenceEncoder:
        """The sentence encoder, loaded at first use."""
        if self._encoder is None:
            self._encoder = shared_encoder()
        return self._encoder

    @property
    def labels(self) -> list[str]:
        """The labels, in the order of the model's columns."""
        return [str(label) for label in self._model.classes_]

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> IntentClassifier:
        """Learn from `texts` with `labels`.

        Raises:
            ValueError: fewer than two labels, or lengths that differ.
        """
        if len(texts) != len(labels):
            raise ValueError(f"{len(texts)} texts but {len(labels)} labels")
        if len(set(labels)) < 2:
            raise ValueError("an intent classifier needs examples of at least two labels")
        embeddings = self.encoder.encode_many(texts)
        targets = np.asarray(labels)
        lowered = [text.lower() for text in texts]
        self._words.fit(lowered)
        self._characters.fit(lowered)
        features = self._features(lowered, embeddings)
        self._fit_calibrator(lowered, features, embeddings, targets)
        self._model.fit(features, targets)
        self._neighbours, self._neighbour_labels = embeddings, targets
        return self

    def predict(self, texts: Sequence[str], embeddings: Embeddings | None = None) -> list[Prediction]:
        """Read `texts`; `embeddings` may be given where they were computed before (shape `(len(texts), 384)`)."""
        if not texts:
            return []
        vectors = self.encoder.encode(texts) if embeddings is None else embeddings
        lowered = [text.lower() for text in texts]
        margins = self._margins(self._model, self._features(lowered, vectors))
        evidence = self._evidence(margins, self.labels, vectors, self._neighbours, self._neighbour_labels, lowered)
        confidences = self._calibrator.predict_proba(evidence)[:, 1]
        return [self._prediction(row, float(sure)) for row, sure in zip(margins, confidences)]

    def _prediction(self, margins: Floats, confidence: float) -> Prediction:
        weights = np.exp(4.0 * (margins - margins.max()))
        shares = weights / weights.sum()
        order = np.argsort(-shares)
        labels = self.labels
        ranking = tuple((labels[column], float(shares[column])) for column in order)
        return Prediction(ranking[0][0], confidence, ranking)

    def _features(self, lowered: Sequence[str], embeddings: Embeddings) -> scipy.sparse.csr_matrix:
        blocks = [
            self._words.transform(lowered),
            self._characters.transform(lowered),
            scipy.sparse.csr_matrix(embeddings * EMBEDDING_WEIGHT),
        ]
        return scipy.sparse.hstack(blocks, format="csr")

    @staticmethod
    def _margins(model: LinearSVC, features: scipy.sparse.csr_matrix) -> Floats:
        margins: Floats = model.decision_function(features)
        if margins.ndim == 1:  # scikit-learn gives one column where there are two labels
            margins = np.stack([-margins, margins], axis=1)
        return margins

    def _evidence(
        self,
        margins: Floats,
        labels: Sequence[str],
        embeddings: Embeddings,
        neighbours: Embeddings,
        neighbour_labels: npt.NDArray[np.str_],
        lowered: Sequence[str],
    ) -> Floats:
        """What the calibrator looks at: margin, gap to the second, nearest example, its agreement, known words."""
        ordered = np.sort(margins, axis=1)
        best = np.asarray(labels)[margins.argmax(axis=1)]
        similarity = embeddings @ neighbours.T
        nearest = similarity.argmax(axis=1)
        known = [self._share_of_known_words(text) for text in lowered]
        return np.column_stack(
            [
                ordered[:, -1],
                ordered[:, -1] - ordered[:, -2],
                similarity[np.arange(len(lowered)), nearest],
                neighbour_labels[nearest] == best,
                known,
            ]
        )

    def _share_of_known_words(self, lowered: str) -> float:
        words = self._words.build_tokenizer()(lowered)
        if not words:
            return 0.0
        return sum(word in self._words.vocabulary_ for word in words) / len(words)

    def _fit_calibrator(
        self,
        lowered: Sequence[str],
        features: scipy.sparse.csr_matrix,
        embeddings: Embeddings,
        targets: npt.NDArray[np.str_],
    ) -> None:
        """Fit the confidence on folds that leave out whole intents and, of the other intents, some examples."""
        random = np.random.default_rng(SEED)
        fold_of_label = dict(zip(np.unique(targets), random.permutation(len(np.unique(targets))) % FOLDS))
        left_out = np.asarray([fold_of_label[label] for label in targets])
        rows = random.permutation(len(targets)) % FOLDS
        evidence, right = [], []
        for fold in range(FOLDS):
            outside = left_out == fold
            train = ~outside & (rows != fold)
            test = rows == fold
            if len(np.unique(targets[train])) < 2 or not test.any():
                continue
            model = LinearSVC(C=0.3, random_state=SEED).fit(features[train], targets[train])
            margins = self._margins(model, features[test])
            tested = [lowered[index] for index in np.flatnonzero(test)]
            evidence.append(
                self._evidence(margins, model.classes_, embeddings[test], embeddings[train], targets[train], tested)
            )
            right.append(model.classes_[margins.argmax(axis=1)] == targets[test])
        outcome = np.concatenate(right) if right else np.empty(0, bool)
        if len(np.unique(outcome)) < 2:  # tiny data: no fold shows both right and wrong readings
            evidence, outcome = [np.zeros((2, 5)), np.ones((1, 5))], np.asarray([False, False, True])
        self._calibrator.fit(np.concatenate(evidence), outcome)

    def save(self, path: Path) -> None:
        """Write the classifier to one file (skops: no pickle)."""
        state = {
            "words": self._words,
            "characters": self._characters,
            "model": self._model,
            "calibrator": self._calibrator,
            "neighbours": self._neighbours,
            "neighbour_labels": self._neighbour_labels,
        }
        skops.io.dump(state, path)

    @classmethod
    def load(cls, path: Path, encoder: SentenceEncoder | None = None) -> IntentClassifier:
        """Read a classifier written by `save`."""
        state = skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))
        classifier = cls(encoder)
        for name, value in state.items():
            setattr(classifier, f"_{name}", value)
        return classifier
