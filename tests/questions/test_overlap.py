"""No held-out text is in the training data, nor anything like it: else the scores would say nothing."""

from __future__ import annotations

import pytest

from bot.language import examples
from bot.settings import ROOT
from tests.questions import held_out

SEEDED = "does a wobbly stool make my lower back any worse than a firm one"


def test_there_is_something_held_out() -> None:
    assert len(held_out.rows("questions.jsonl")) == 630
    assert len(held_out.rows("dialogues.jsonl")) == 45


def test_no_example_repeats_a_held_out_text() -> None:
    copied = held_out.copies(held_out.texts(), [example.text for example in examples.read()])
    assert sorted(copied) == []


def test_no_held_out_text_stands_in_any_other_training_file() -> None:
    """Stories may quote users too."""
    files = {path: " ".join(held_out.words(path.read_text("utf-8"))) for path in (ROOT / "data").rglob("*.yml")}
    quoted = [
        (path.name, key)
        for key, text in held_out.texts().items()
        for path, content in files.items()
        if len(held_out.words(text)) >= held_out.QUOTED_FROM and f" {' '.join(held_out.words(text))} " in content
    ]
    assert quoted == []


@pytest.mark.parametrize(
    "example",
    [
        SEEDED,
        "Does a wobbly stool make my lower back any worse, than a FIRM one?!",
        "does a wobbly stool make my lower back any worse than the firm one",
        "than a firm one does a wobbly stool make my lower back any worse now",
    ],
    ids=["the same", "other signs", "one other word", "other order"],
)
def test_a_copy_is_found(example: str) -> None:
    assert held_out.copies({"seeded": SEEDED}, ["something else", example]) == {"seeded": example}


@pytest.mark.parametrize(
    ("text", "example"),
    [
        (SEEDED, "does a firm stool help my lower back any more"),
        ("no thanks", "no thanks"),
        ("ice or heat now", "heat or ice then"),
    ],
    ids=["another question", "two words, by chance", "few words, not the same"],
)
def test_what_is_no_copy_is_let_be(text: str, example: str) -> None:
    assert held_out.copies({"seeded": text}, [example]) == {}
