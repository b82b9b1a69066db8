"""Train and test the intent classifier on two lists of labelled sentences."""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sklearn.metrics import roc_auc_score

from bot.evaluation.shares import Share
from bot.language.classifier import IntentClassifier, Prediction

COLUMNS = ("sentence", "label")


class CsvError(Exception):
    """A file of labelled sentences cannot be used. The message names the file, the line and what is expected."""


class Predictor(Protocol):
    """Whatever predicts labels as `IntentClassifier` does."""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction for each text."""


@dataclass(frozen=True)
class Labelled:
    """One sentence with its label."""

    sentence: str
    label: str


@dataclass(frozen=True)
class IntentScores:
    """What a test showed.

    Attributes:
        accuracy: over the rows whose label is not the out-of-scope label.
        auroc: how well the confidence tells in-scope from out-of-scope rows (0.5: not at all, 1: always), or `None`
            where no out-of-scope label was given.
        milliseconds: the median time of one message, read alone.
    """

    accuracy: Share
    auroc: float | None
    milliseconds: float


def read_csv(path: Path) -> list[Labelled]:
    """Read a CSV file with the columns `sentence` and `label`, in any order; other columns are passed over.

    Raises:
        CsvError: the file is missing, is not UTF-8 or CSV, lacks a column, or a row lacks a value.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
            if missing:
                raise CsvError(f"{path}: line 1: no column {' and no column '.join(missing)}; expected: sentence,label")
            rows = [_labelled(row, f"{path}: line {reader.line_num}") for row in reader]
    except OSError as error:
        raise CsvError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CsvError(f"{path}: not UTF-8 (byte {error.start}); save the file as UTF-8") from error
    except csv.Error as error:
        raise CsvError(f"{path}: line {reader.line_num}: not CSV: {error}") from error
    if not rows:
        raise CsvError(f"{path}: no rows below the header")
    return rows


def _labelled(row: dict[str | None, str | None], place: str) -> Labelled:
    if None in row:
        raise CsvError(f"{place}: more values than columns; put a sentence with commas between double quotes")
    values = {column: (row[column] or "").strip() for column in COLUMNS}
    for column, value in values.items():
        if not value:
            raise CsvError(f"{place}: no {column}")
    return Labelled(values["sentence"], values["label"])


def train(rows: Sequence[Labelled]) -> IntentClassifier:
    """Fit a classifier.

    Raises:
        CsvError: fewer than two labels.
    """
    try:
        return IntentClassifier().fit([row.sentence for row in rows], [row.label for row in rows])
    except ValueError as error:
        raise CsvError(f"cannot train: {error}") from error


def unknown_labels(train_rows: Iterable[Labelled], test_rows: Iterable[Labelled]) -> list[str]:
    """Labels of the test that the training never saw: their rows cannot be read rightly."""
    return sorted({row.label for row in test_rows} - {row.label for row in train_rows})


def score(classifier: Predictor, rows: Sequence[Labelled], out_of_scope: str | None = None) -> IntentScores:
    """Read each sentence alone, as messages come, and compare.

    Args:
        out_of_scope: the label of rows that belong to no intent. A row counts as in scope by its confidence where
            another label is predicted, and by one minus its confidence where this label is.

    Raises:
        CsvError: there are no in-scope rows, or an out-of-scope label was given that no row has.
    """
    inside = [row.label != out_of_scope for row in rows]
    if not any(inside):
        raise CsvError(f"every row of the test has the label {out_of_scope}; accuracy needs others")
    if out_of_scope is not None and all(inside):
        raise CsvError(f"no row of the test has the label {out_of_scope}, given as --out-of-scope")
    predictions, times = _read_one_by_one(classifier, [row.sentence for row in rows])
    right = sum(
        prediction.label == row.label for prediction, row, is_inside in zip(predictions, rows, inside) if is_inside
    )
    auroc = None
    if out_of_scope is not None:
        scores = [
            1 - prediction.confidence if prediction.label == out_of_scope else prediction.confidence
            for prediction in predictions
        ]
        auroc = float(roc_auc_score(inside, scores))
    return IntentScores(Share(right, sum(inside)), auroc, statistics.median(times))


def _read_one_by_one(classifier: Predictor, sentences: Sequence[str]) -> tuple[list[Prediction], list[float]]:
    """Predictions and the milliseconds that each took."""
    classifier.predict(sentences[:1])  # the first run of the encoder allocates its memory
    predictions, times = [], []
    for sentence in sentences:
        start = time.perf_counter()
        predictions += classifier.predict([sentence])
        times.append((time.perf_counter() - start) * 1000)
    return predictions, times
