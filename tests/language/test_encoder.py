from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.language.encoder import DIMENSIONS, FOLDER, EncoderError, SentenceEncoder, verify

TEXTS = ["Does ice help a back spasm?", "ice", "", "🧊", "x " * 5000]


def test_every_text_becomes_a_vector_of_length_one(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)


def test_no_text_has_no_vector(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, DIMENSIONS)
    assert encoder.encode_many([]).shape == (0, DIMENSIONS)


def test_a_vector_does_not_depend_on_its_neighbours(encoder: SentenceEncoder) -> None:
    alone = encoder.encode([TEXTS[0]])[0]
    among = encoder.encode(TEXTS)[0]
    assert np.array_equal(alone, among)


def test_texts_may_share_a_run(encoder: SentenceEncoder) -> None:
    texts = [*TEXTS, *(f"is number {number} good for a bad back" for number in range(30))]
    alone, together = encoder.encode(texts), encoder.encode_together(texts)
    assert together.shape == alone.shape
    # quantisation rounds differently; another text's vector is far
    assert (alone * together).sum(axis=1).min() > 0.95
    assert (alone[:4] @ together[:4].T).argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert np.array_equal(encoder.encode_together(texts[:1]), alone[:1])
    assert encoder.encode_together([]).shape == (0, DIMENSIONS)


def test_texts_that_mean_the_same_are_nearer(encoder: SentenceEncoder) -> None:
    cold, freezing, football = encoder.encode(
        [
            "Should I put something cold on my back?",
            "Would an ice pack on my spine be any good?",
            "Who won the cup final?",
        ]
    )
    assert cold @ freezing > cold @ football + 0.2


def test_the_cache_gives_back_what_was_encoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = SentenceEncoder(cache=tmp_path).encode_many(TEXTS[:2])
    again = SentenceEncoder(cache=tmp_path)
    computed: list[str] = []
    encode = again.encode
    monkeypatch.setattr(again, "encode", lambda texts: computed.extend(texts) or encode(texts))
    rows = again.encode_many(["new", *reversed(TEXTS[:2])])
    assert computed == ["new"]
    assert np.array_equal(rows[1:], first[::-1])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "encoder"))


def test_the_shipped_files_are_those_whose_checksum_was_recorded() -> None:
    assert len(verify(FOLDER)) == 64


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_changed_file_is_refused(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(EncoderError, match=f"{name} is not the file that was shipped; restore it"):
        SentenceEncoder(folder)


@pytest.mark.parametrize("name", ["model.onnx", "SHA256SUMS"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(EncoderError, match=f"{name} is missing; restore it"):
        SentenceEncoder(folder)
