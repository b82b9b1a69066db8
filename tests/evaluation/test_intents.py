from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.commands import evaluate_intents
from bot.evaluation import intents
from bot.evaluation.intents import CsvError, Labelled
from bot.language.classifier import Prediction
from tests.language.predictions import prediction

TRAIN = """sentence,label
does ice help,ice
cold pack on my back,ice
frozen peas for the swelling,ice
should I put something cold on it,ice
which pills can I take,pills
is ibuprofen any good,pills
do painkillers help,pills
a tablet for the pain,pills
who won the match,other
play some music,other
what is the weather like,other
tell me a joke,other
"""
TEST = """label,sentence,comment
ice,"would ice, or a cold pack, help",columns in another order
pills,which painkillers are good,
other,will it rain tomorrow,
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_columns_in_any_order_and_passes_over_others(tmp_path: Path) -> None:
    rows = intents.read_csv(write(tmp_path, "test.csv", TEST))
    assert rows[0] == Labelled("would ice, or a cold pack, help", "ice")
    assert [row.label for row in rows] == ["ice", "pills", "other"]


def test_reads_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_text("sentence,label\nhello,greet\n", encoding="utf-8-sig")
    assert intents.read_csv(path) == [Labelled("hello", "greet")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("text,label\nhello,greet\n", "line 1: no column sentence; expected: sentence,label"),
        ("", "line 1: no column sentence and no column label"),
        ("sentence,label\n", "no rows below the header"),
        ("sentence,label\nhello,greet\nbye\n", "line 3: no label"),
        ("sentence,label\n ,greet\n", "line 2: no sentence"),
        ("sentence,label\nhello, you,greet\n", "line 2: more values than columns"),
        ('sentence,label\n"hello,greet\n', "not CSV"),
    ],
)
def test_names_the_line_and_the_fault(tmp_path: Path, text: str, fault: str) -> None:
    path = write(tmp_path, "bad.csv", text)
    with pytest.raises(CsvError, match=r"bad\.csv") as raised:
        intents.read_csv(path)
    assert fault in str(raised.value)


def test_names_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("sentence,label\ncafé,place\n".encode("latin-1"))
    with pytest.raises(CsvError, match="not UTF-8"):
        intents.read_csv(path)


def test_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CsvError, match="No such file"):
        intents.read_csv(tmp_path / "none.csv")


def test_one_label_cannot_be_trained() -> None:
    with pytest.raises(CsvError, match="two labels"):
        intents.train([Labelled("hello", "greet"), Labelled("hi", "greet")])


class Fixed:
    """Predicts what it was told to."""

    def __init__(self, predictions: dict[str, tuple[str, float]]) -> None:
        self._predictions = predictions

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        read = (self._predictions[text] for text in texts)
        return [prediction(label, confidence, ((label, confidence),)) for label, confidence in read]


def test_accuracy_leaves_out_of_scope_rows_aside() -> None:
    rows = [Labelled("a", "ice"), Labelled("b", "pills"), Labelled("c", "other"), Labelled("d", "other")]
    fixed = Fixed({"a": ("ice", 0.9), "b": ("ice", 0.4), "c": ("other", 0.8), "d": ("ice", 0.3)})
    accuracy = intents.score(fixed, rows, out_of_scope="other").accuracy
    assert (accuracy.right, accuracy.of) == (1, 2)
    assert intents.score(fixed, rows).accuracy.of == 4


def test_auroc_reads_a_confident_out_of_scope_prediction_as_out_of_scope() -> None:
    rows = [Labelled("a", "ice"), Labelled("b", "pills"), Labelled("c", "other"), Labelled("d", "other")]
    # in-scope scores: a 0.6, b 0.7; out of scope: c 1 - 0.95, d 0.2. Without "one minus", c would rank first
    fixed = Fixed({"a": ("ice", 0.6), "b": ("pills", 0.7), "c": ("other", 0.95), "d": ("ice", 0.2)})
    assert intents.score(fixed, rows, out_of_scope="other").auroc == 1.0
    assert intents.score(fixed, rows).auroc is None


def test_auroc_counts_pairs_in_the_wrong_order() -> None:
    rows = [Labelled("a", "ice"), Labelled("b", "pills"), Labelled("c", "other")]
    fixed = Fixed({"a": ("ice", 0.6), "b": ("pills", 0.1), "c": ("ice", 0.5)})
    assert intents.score(fixed, rows, out_of_scope="other").auroc == 0.5


@pytest.mark.parametrize(("label", "fault"), [("none", "no row of the test"), ("ice", "every row of the test")])
def test_an_out_of_scope_label_that_cannot_be_measured_is_refused(label: str, fault: str) -> None:
    fixed = Fixed({"a": ("ice", 0.6)})
    with pytest.raises(CsvError, match=fault):
        intents.score(fixed, [Labelled("a", "ice")], out_of_scope=label)


def test_the_command_trains_and_prints_accuracy_auroc_and_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train, test = write(tmp_path, "train.csv", TRAIN), write(tmp_path, "test.csv", TEST)
    assert evaluate_intents.main([str(train), str(test), "--out-of-scope", "other"]) == 0
    printed = capsys.readouterr().out
    assert "accuracy           100.0% (34.2% to 100.0%, 2 of 2)" in printed
    assert "AUROC" in printed
    assert "for other" in printed
    assert "ms (median)" in printed


def test_the_command_warns_of_labels_without_training_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = write(tmp_path, "train.csv", TRAIN)
    test = write(tmp_path, "test.csv", "sentence,label\ncan I swim,swimming\n")
    assert evaluate_intents.main([str(train), str(test)]) == 0
    assert "labels without a training row: swimming" in capsys.readouterr().err


def test_the_command_fails_with_the_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = write(tmp_path, "train.csv", TRAIN)
    assert evaluate_intents.main([str(train), str(tmp_path / "none.csv")]) == 2
    assert "none.csv: No such file" in capsys.readouterr().err
