"""The intent classifier: sentence embeddings and TF-IDF, two linear models, and a confidence that may abstain.

Plain scikit-learn; Rasa sees it through `bot.language.components`. A softmax regression reads the embedding (what is
meant), a linear SVM reads TF-IDF of words and characters (what is said); their scores add up. The confidence is not
their softmax but an estimate of "this label is right, and the message belongs to one of the labels at all", fitted on
folds that leave whole labels out: to the model of such a fold, the left-out labels are what out-of-scope messages are
to the final one.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse
import skops.io
from scipy.special import log_softmax, softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.language.encoder import Embeddings, SentenceEncoder, shared_encoder
from bot.language.linear import Floats, probabilities
from bot.language.tfidf import FEW, Tfidf

Labels = npt.NDArray[np.str_]

# how much a unit of the SVM's margin counts beside a unit of log-probability (docs/understanding.md)
MARGIN_WEIGHT = 6.0
# of few examples the SVM has seen too few words to count as much
MARGIN_WEIGHT_OF_FEW = 2.0
# what to multiply centroids of length one by, to start the softmax regression at
CENTROID_SCALE = 40.0
FOLDS = 3
# a calibrator has six numbers to learn: a sample of the examples is enough, and training stays short
CALIBRATION_EXAMPLES = 4000
SEED = 1


@dataclass(frozen=True)
class Prediction:
    """What a message was read as.

    Attributes:
        label: the most likely label.
        confidence: between 0 and 1, how likely it is that `label` is right.
        ranking: every label with its probability among the labels, best first.
    """

    label: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]


class LinearModels:
    """The two linear models, without the texts: what is fitted once for good, and once for each fold of calibration.

    Args:
        margin_weight: how much a unit of the SVM's margin counts beside a unit of log-probability.
    """

    def __init__(self, margin_weight: float = MARGIN_WEIGHT) -> None:
        self.margin_weight = margin_weight
        # starts at the labels' centroids, which are near: 18 steps from there read as well as 60 from nothing
        self.meant = LogisticRegression(C=30.0, max_iter=18, tol=1e-2, warm_start=True, random_state=SEED)
        self.said = LinearSVC(C=0.3, tol=0.5, random_state=SEED)
        self._meant_weights: Floats | None = None
        self._said_weights: Floats | None = None

    def fit(self, embeddings: Embeddings, tfidf: scipy.sparse.csr_matrix, labels: Labels) -> LinearModels:
        """Fit both models."""
        if len(np.unique(labels)) > 2:
            self.meant.coef_ = CENTROID_SCALE * _centroids(embeddings, labels)
            self.meant.intercept_ = np.zeros(len(self.meant.coef_), np.float32)
        with warnings.catch_warnings():
            # stopped early on purpose: the last steps cost minutes and change no reading
            warnings.simplefilter("ignore", ConvergenceWarning)
            # side by side: the SVM takes thrice as long, and lets go of Python meanwhile
            with ThreadPoolExecutor(1) as beside:
                said = beside.submit(self.said.fit, tfidf, labels)
                self.meant.fit(embeddings, labels)
                said.result()
        for model in (self.meant, self.said):  # half the memory and the file; the labels do not change
            model.coef_ = model.coef_.astype(np.float32)
            model.intercept_ = model.intercept_.astype(np.float32)
        self._meant_weights = self._said_weights = None
        return self

    def scores(self, embeddings: Embeddings, tfidf: scipy.sparse.csr_matrix) -> Floats:
        """The score of every label, shape `(rows, labels)`."""
        if self._meant_weights is None or self._said_weights is None:
            # scikit-learn's own decision functions check and copy all weights (45 MB) for every message
            self._meant_weights = np.ascontiguousarray(self.meant.coef_.T)
            self._said_weights = np.ascontiguousarray(self.said.coef_.T)
        logits = embeddings @ self._meant_weights + self.meant.intercept_
        margins = tfidf @ self._said_weights + self.said.intercept_
        if logits.shape[1] == 1:  # scikit-learn keeps one column where there are two labels
            logits, margins = np.hstack([-logits, logits]), np.hstack([-margins, margins])
        total: Floats = log_softmax(logits, axis=1) + self.margin_weight * margins
        return total


class IntentClassifier:
    """Learns labels from example texts; `fit` then `predict`, as in scikit-learn.

    Args:
        encoder: turns texts into embeddings; the shipped one by default.
    """

    def __init__(self, encoder: SentenceEncoder | None = None) -> None:
        self._encoder = encoder
        self._tfidf = Tfidf()
        self._models = LinearModels()
        self._calibrator = LogisticRegression()
        self._centroids: Embeddings = np.empty((0, 0), np.float32)

    @property
    def encoder(self) -> SentenceEncoder:
        """The sentence encoder, loaded at first use."""
        if self._encoder is None:
            self._encoder = shared_encoder()
        return self._encoder

    @property
    def labels(self) -> list[str]:
        """The labels, in the order of the columns of the models."""
        labels: list[str] = self._models.meant.classes_.tolist()
        return labels

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
        tfidf = self._tfidf.fit(lowered)
        self._models = LinearModels(MARGIN_WEIGHT_OF_FEW if len(texts) < FEW else MARGIN_WEIGHT)
        self._fit_calibrator(lowered, tfidf, embeddings, targets)
        self._models.fit(embeddings, tfidf, targets)
        self._centroids = _centroids(embeddings, targets)
        return self

    def predict(self, texts: Sequence[str], embeddings: Embeddings | None = None) -> list[Prediction]:
        """Read `texts`; `embeddings` may be given where they were computed before (shape `(len(texts), 384)`)."""
        if not texts:
            return []
        vectors = self.encoder.encode(texts) if embeddings is None else embeddings
        lowered = [text.lower() for text in texts]
        scores = self._models.scores(vectors, self._tfidf.transform(lowered))
        shares = softmax(scores, axis=1)
        evidence = self._evidence(shares, vectors, self._centroids, lowered)
        confidences = probabilities(self._calibrator, evidence)[:, 1]
        labels = self.labels
        return [_prediction(row, labels, sure) for row, sure in zip(shares, confidences.tolist())]

    def _evidence(
        self, shares: Floats, embeddings: Embeddings, centroids: Embeddings, lowered: Sequence[str]
    ) -> Floats:
        """What the calibrator looks at: best share, gap to the second, nearest centroid, its agreement, known words."""
        ordered = np.sort(shares, axis=1)
        similarity = embeddings @ centroids.T
        return np.column_stack(
            [
                np.log(ordered[:, -1]),
                ordered[:, -1] - ordered[:, -2],
                similarity.max(axis=1),
                similarity.argmax(axis=1) == shares.argmax(axis=1),
                [self._tfidf.share_of_known_words(text) for text in lowered],
            ]
        )

    def _fit_calibrator(
        self, lowered: Sequence[str], tfidf: scipy.sparse.csr_matrix, embeddings: Embeddings, targets: Labels
    ) -> None:
        """Fit the confidence on folds that leave out whole labels and, of the other labels, some examples."""
        random = np.random.default_rng(SEED)
        names = np.unique(targets)
        fold_of_label = dict(zip(names, random.permutation(len(names)) % FOLDS))
        sample = random.permutation(len(targets))[:CALIBRATION_EXAMPLES]
        left_out = np.asarray([fold_of_label[label] for label in targets[sample]])
        rows = np.arange(len(sample)) % FOLDS
        evidence, right = [], []
        for fold in range(FOLDS):
            train, test = sample[(left_out != fold) & (rows != fold)], sample[rows == fold]
            if len(np.unique(targets[train])) < 2 or not len(test):
                continue
            models = LinearModels(self._models.margin_weight).fit(embeddings[train], tfidf[train], targets[train])
            shares = softmax(models.scores(embeddings[test], tfidf[test]), axis=1)
            centroids = _centroids(embeddings[train], targets[train])
            evidence.append(self._evidence(shares, embeddings[test], centroids, [lowered[index] for index in test]))
            right.append(models.meant.classes_[shares.argmax(axis=1)] == targets[test])
        outcome = np.concatenate(right) if right else np.empty(0, bool)
        if len(np.unique(outcome)) < 2:  # tiny data: no fold shows both right and wrong readings
            evidence, outcome = [np.zeros((2, 5)), np.ones((1, 5))], np.asarray([False, False, True])
        self._calibrator.fit(np.concatenate(evidence), outcome)

    def save(self, path: Path) -> None:
        """Write the classifier to one file (skops: no pickle)."""
        state = {
            "tfidf": self._tfidf.state(),
            "meant": self._models.meant,
            "said": self._models.said,
            "margin_weight": self._models.margin_weight,
            "calibrator": self._calibrator,
            "centroids": self._centroids,
        }
        skops.io.dump(state, path)

    @classmethod
    def load(cls, path: Path, encoder: SentenceEncoder | None = None) -> IntentClassifier:
        """Read a classifier written by `save`."""
        state = skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))
        classifier = cls(encoder)
        classifier._tfidf.restore(state["tfidf"])
        classifier._models = LinearModels(state["margin_weight"])
        classifier._models.meant, classifier._models.said = state["meant"], state["said"]
        classifier._calibrator, classifier._centroids = state["calibrator"], state["centroids"]
        return classifier


class MessageReader:
    """Reads the texts of one message, each once: the intent and the care screen ask for the same sentences.

    Capitals make no difference to what reads them, so that a message and its only sentence are the same text.
    """

    def __init__(self, classifier: IntentClassifier) -> None:
        self._classifier = classifier
        self._embeddings: dict[str, Embeddings] = {}
        self._predictions: dict[str, Prediction] = {}

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """The embeddings of `texts`, shape `(len(texts), 384)`."""
        lowered = [text.lower() for text in texts]
        missing = [text for text in dict.fromkeys(lowered) if text not in self._embeddings]
        if missing:
            self._embeddings.update(zip(missing, self._classifier.encoder.encode(missing)))
        return np.stack([self._embeddings[text] for text in lowered])

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """What each of `texts` was read as."""
        lowered = [text.lower() for text in texts]
        missing = [text for text in dict.fromkeys(lowered) if text not in self._predictions]
        if missing:
            self._predictions.update(zip(missing, self._classifier.predict(missing, self.embed(missing))))
        return [self._predictions[text] for text in lowered]


def _centroids(embeddings: Embeddings, targets: Labels) -> Embeddings:
    """The mean direction of each label, in the order of the sorted labels; shape `(labels, 384)`."""
    means = np.stack([embeddings[targets == label].mean(axis=0) for label in np.unique(targets)])
    directions: Embeddings = means / np.linalg.norm(means, axis=1, keepdims=True)
    return directions


def _prediction(shares: Floats, labels: Sequence[str], confidence: float) -> Prediction:
    order = np.argsort(-shares)
    ranking = tuple(zip(map(labels.__getitem__, order.tolist()), shares[order].tolist()))
    return Prediction(ranking[0][0], confidence, ranking)
