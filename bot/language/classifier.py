"""The intent classifier: sentence embeddings and TF-IDF, two linear models, and a confidence that may abstain.

A softmax regression reads the embedding (what is meant), a linear SVM reads TF-IDF of words and characters (what is
said); their scores add up. The confidence is not their softmax but an estimate of "this label is right, and the message
belongs to one of the labels at all", fitted on folds that leave whole labels out: to the model of such a fold, the
left-out labels are what out-of-scope messages are to the final one. `learning.py` fits the parts; Rasa sees the whole
through `bot.language.components`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.sparse

from bot.language.encoder import EmbeddedText, Embeddings, SentenceEncoder, shared_encoder
from bot.language.labels import is_sign
from bot.language.linear import Floats, Labels, LinearModel, softmax
from bot.language.tfidf import Tfidf

# how much a unit of the SVM's margin counts beside a unit of log-probability (docs/understanding.md)
MARGIN_WEIGHT = 6.0
FOLDS = 3
# a calibrator has six numbers to learn: a sample of the examples is enough, and training stays short
CALIBRATION_EXAMPLES = 4000


@dataclass(frozen=True)
class Prediction:
    """What a message was read as.

    Attributes:
        label: the most likely label.
        confidence: between 0 and 1, how likely it is that `label` is right.
        care_share: how much of the probability lies on warning signs, whichever.
        shares: the probability of each of the `labels`.
    """

    label: str
    confidence: float
    care_share: float
    shares: Floats = field(compare=False, repr=False)
    labels: Sequence[str] = field(compare=False, repr=False)

    @cached_property
    def ranking(self) -> tuple[tuple[str, float], ...]:
        """Every label with its probability, best first."""
        order = np.argsort(-self.shares)
        return tuple(zip(map(self.labels.__getitem__, order.tolist()), self.shares[order].tolist()))


@dataclass(frozen=True)
class LinearModels:
    """What was fitted once for good, and once for each fold of calibration; without the texts.

    Attributes:
        meant: reads embeddings.
        said: reads TF-IDF.
    """

    meant: LinearModel
    said: LinearModel

    def shares(self, embeddings: Embeddings, margins: Floats) -> Floats:
        """The probability of every label, shape `(rows, labels)`; `margins` are the scores that `said` gives."""
        return softmax(self.meant.scores(embeddings) + MARGIN_WEIGHT * margins)


class Wording(NamedTuple):
    """What the words of a text say by themselves.

    Attributes:
        margins: the score of every label, shape `(labels,)`.
        known: the share of its words that the examples have too (0 to 1).
    """

    margins: Floats
    known: float


@dataclass(frozen=True)
class Learnt:
    """All that an `IntentClassifier` learns; labels are sorted, and columns and centroids are in their order."""

    labels: list[str]
    tfidf: Tfidf
    models: LinearModels
    calibrator: LinearModel
    centroids: Embeddings

    @cached_property
    def are_signs(self) -> Floats:
        """1 for each label that is a warning sign, 0 for any other; shape `(labels,)`."""
        return np.asarray([is_sign(label) for label in self.labels], np.float32)


class IntentClassifier:
    """Learns labels from example texts; `fit` then `predict`, as in scikit-learn.

    Args:
        encoder: turns texts into embeddings; the shipped one by default.
    """

    def __init__(self, encoder: SentenceEncoder | None = None) -> None:
        self._encoder = encoder
        self._learnt: Learnt | None = None

    @property
    def encoder(self) -> SentenceEncoder:
        """The sentence encoder, loaded at first use."""
        if self._encoder is None:
            self._encoder = shared_encoder()
        return self._encoder

    @property
    def learnt(self) -> Learnt:
        """What was learnt.

        Raises:
            ValueError: nothing was, yet.
        """
        if self._learnt is None:
            raise ValueError("this classifier has not been trained")
        return self._learnt

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> IntentClassifier:
        """Learn from `texts` with `labels`.

        Raises:
            ValueError: fewer than two labels, or lengths that differ.
        """
        if len(texts) != len(labels):
            raise ValueError(f"{len(texts)} texts but {len(labels)} labels")
        if len(set(labels)) < 2:
            raise ValueError("an intent classifier needs examples of at least two labels")
        from bot.language import learning  # scikit-learn: not in a server

        embeddings = self.encoder.encode_many(texts)
        targets = np.asarray(labels)
        lowered = [text.lower() for text in texts]
        tfidf, terms = learning.tfidf(lowered)
        calibrator = _fit_calibrator(lowered, tfidf, terms, embeddings, targets)
        models = LinearModels(*learning.meant_and_said(embeddings, terms, targets))
        centroids = learning.centroids(embeddings, targets)
        self._learnt = Learnt(np.unique(targets).tolist(), tfidf, models, calibrator, centroids)
        return self

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Read `texts`."""
        return self.judge(self.wordings(texts), self.encoder.encode(texts))

    def wordings(self, texts: Sequence[str]) -> list[Wording]:
        """What the words of `texts` say by themselves."""
        if not texts:
            return []
        tfidf, lowered = self.learnt.tfidf, [text.lower() for text in texts]
        margins = self.learnt.models.said.scores(tfidf.rows(lowered))
        return [Wording(row, tfidf.share_of_known_words(text)) for row, text in zip(margins, lowered)]

    def judge(self, wordings: Sequence[Wording], embeddings: Embeddings) -> list[Prediction]:
        """Read texts by their words and their embeddings, shape `(len(wordings), 384)`."""
        if not wordings:
            return []
        learnt = self.learnt
        shares = learnt.models.shares(embeddings, np.stack([wording.margins for wording in wordings]))
        known = [wording.known for wording in wordings]
        evidence = _evidence(shares, embeddings, learnt.centroids, known)
        confidences = learnt.calibrator.probabilities(evidence)[:, 1].tolist()
        best, care_shares = shares.argmax(axis=1).tolist(), (shares @ learnt.are_signs).tolist()
        return [
            Prediction(learnt.labels[at], confidence, care_share, row, learnt.labels)
            for at, confidence, care_share, row in zip(best, confidences, care_shares, shares)
        ]

    def save(self, path: Path) -> None:
        """Write the classifier to one file of plain arrays."""
        learnt = self.learnt
        models = {"meant": learnt.models.meant, "said": learnt.models.said, "calibrator": learnt.calibrator}
        np.savez(
            path,
            labels=np.asarray(learnt.labels),
            centroids=learnt.centroids,
            **learnt.tfidf.arrays(),
            **{f"{name}_weights": model.weights for name, model in models.items()},
            **{f"{name}_intercept": model.intercept for name, model in models.items()},
        )

    @classmethod
    def load(cls, path: Path, encoder: SentenceEncoder | None = None) -> IntentClassifier:
        """Read a classifier written by `save`."""
        with np.load(path, allow_pickle=False) as arrays:
            meant, said, calibrator = (
                LinearModel(arrays[f"{name}_weights"], arrays[f"{name}_intercept"])
                for name in ("meant", "said", "calibrator")
            )
            labels, centroids = arrays["labels"].tolist(), arrays["centroids"]
            learnt = Learnt(labels, Tfidf.from_arrays(arrays), LinearModels(meant, said), calibrator, centroids)
        classifier = cls(encoder)
        classifier._learnt = learnt
        return classifier


class MessageReader:
    """Reads one message and its parts, each once: the intent and the care screen ask for the same sentences.

    The encoder runs once: a part's embedding is made of the message's own tokens. Its run may have started before, so
    that it is waited for last. Capitals make no difference to what reads them, so that a message and its only sentence
    are the same text.

    Args:
        text: the message.
    """

    def __init__(self, classifier: IntentClassifier, text: str) -> None:
        self._classifier = classifier
        self._encoder = classifier.encoder
        self._text = text.lower()
        self._embeddings: dict[str, Embeddings] = {}
        self._wordings: dict[str, Wording] = {}
        self._predictions: dict[str, Prediction] = {}
        self._alone: set[str] = set()
        self._apart: dict[str, Prediction] = {}

    @cached_property
    def _whole(self) -> EmbeddedText:
        whole = self._encoder.embed_text(self._text)
        self._embeddings[self._text] = whole.embedding
        return whole

    def _wording_of(self, texts: Sequence[str]) -> list[Wording]:
        missing = [text for text in texts if text not in self._wordings]
        self._wordings.update(zip(missing, self._classifier.wordings(missing)))
        return [self._wordings[text] for text in texts]

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """The embeddings of `texts`, the message or parts of it, shape `(len(texts), 384)`."""
        whole, lowered = self._whole, [text.lower() for text in texts]
        for text in lowered:
            if text not in self._embeddings and (part := whole.part(text)) is not None:
                self._embeddings[text] = part
        # beyond what the encoder takes at once, or put together anew
        missing = [text for text in dict.fromkeys(lowered) if text not in self._embeddings]
        if missing:
            self._embeddings.update(zip(missing, self._encoder.encode(missing)))
            self._alone.update(missing)
        return np.stack([self._embeddings[text] for text in lowered])

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """What each of `texts`, the message or parts of it, was read as."""
        lowered = [text.lower() for text in texts]
        missing = [text for text in dict.fromkeys(lowered) if text not in self._predictions]
        if missing:
            wordings = self._wording_of(missing)
            self._predictions.update(zip(missing, self._classifier.judge(wordings, self.embed(missing))))
        return [self._predictions[text] for text in lowered]

    def predict_apart(self, texts: Sequence[str]) -> list[Prediction]:
        """What `texts` are read as without the rest of the message, which colours them."""
        lowered = [text.lower() for text in texts]
        self._apart.update((text, self.predict([text])[0]) for text in lowered if text in self._alone)
        missing = [text for text in dict.fromkeys(lowered) if text not in self._apart]
        if missing:
            wordings = self._wording_of(missing)
            self._apart.update(zip(missing, self._classifier.judge(wordings, self._encoder.encode(missing))))
        return [self._apart[text] for text in lowered]


def _evidence(shares: Floats, embeddings: Embeddings, centroids: Embeddings, known: Sequence[float]) -> Floats:
    """What the calibrator looks at: best share, gap to the second, nearest centroid, its agreement, known words."""
    second, best = np.partition(shares, (-2, -1), axis=1)[:, -2:].T
    similarity = embeddings @ centroids.T
    return np.column_stack(
        [
            np.log(best),
            best - second,
            similarity.max(axis=1),
            similarity.argmax(axis=1) == shares.argmax(axis=1),
            known,
        ]
    )


def _fit_calibrator(
    lowered: Sequence[str],
    tfidf: Tfidf,
    terms: scipy.sparse.csr_matrix,
    embeddings: Embeddings,
    targets: Labels,
) -> LinearModel:
    """Fit the confidence on folds that leave out whole labels and, of the other labels, some examples."""
    from bot.language import learning  # scikit-learn: not in a server

    random = np.random.default_rng(learning.SEED)
    names = np.unique(targets)
    fold_of_label = dict(zip(names, random.permutation(len(names)) % FOLDS))
    sample = random.permutation(len(targets))[:CALIBRATION_EXAMPLES]
    left_out = np.asarray([fold_of_label[label] for label in targets[sample]])
    rows = np.arange(len(sample)) % FOLDS
    evidence, right = [], []
    for fold in range(FOLDS):
        train, test = sample[(left_out != fold) & (rows != fold)], sample[rows == fold]
        known = np.unique(targets[train])
        if len(known) < 2 or not len(test):
            continue
        models = LinearModels(*learning.meant_and_said(embeddings[train], terms[train], targets[train]))
        shares = models.shares(embeddings[test], models.said.scores(terms[test]))
        centroids = learning.centroids(embeddings[train], targets[train])
        words = [tfidf.share_of_known_words(lowered[index]) for index in test]
        evidence.append(_evidence(shares, embeddings[test], centroids, words))
        right.append(known[shares.argmax(axis=1)] == targets[test])
    outcome = np.concatenate(right) if right else np.empty(0, bool)
    if len(np.unique(outcome)) < 2:  # tiny data: no fold shows both right and wrong readings
        evidence, outcome = [np.zeros((2, 5)), np.ones((1, 5))], np.asarray([False, False, True])
    return learning.calibrator(np.concatenate(evidence), outcome)
