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


def test_a_part_is_embedded_as_it_stands_in_the_text(encoder: SentenceEncoder) -> None:
    text, parts = "my leg is numb. it began today. does ice help?", ["my leg is numb.", "does ice help?"]
    whole = encoder.embed_text(text)
    embedded = np.stack([whole.part(part) for part in parts])
    assert np.array_equal(whole.embedding, encoder.encode([text])[0])
    assert np.allclose(np.linalg.norm(embedded, axis=1), 1.0, atol=1e-4)
    alone = encoder.encode(parts)
    assert (embedded @ alone.T).argmax(axis=1).tolist() == [0, 1]
    assert not np.allclose(embedded[0], alone[0], atol=0.01)  # coloured by the rest
    assert whole.part("it is numb.") is None


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_has_parts_or_none(encoder: SentenceEncoder, text: str) -> None:
    whole = encoder.embed_text(text)
    for part in ("", "x x", "x " * 300):
        embedded = whole.part(part)
        assert embedded is None or np.linalg.norm(embedded) == pytest.approx(1.0, abs=1e-4)
    assert whole.part("x x") is not None or not text.startswith("x")


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


def test_other_texts_are_embedded_beside_the_first(encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    started, start = [], encoder._start
    monkeypatch.setattr(encoder, "_start", lambda text: started.append(text) or start(text))
    found = encoder.encode(["ice", "heat", "rest"])
    assert started == ["heat", "rest"]
    assert not encoder._started
    np.testing.assert_array_equal(found, [encoder.embed_text(text).embedding for text in ("ice", "heat", "rest")])


def test_an_encoder_for_training_runs_in_the_calling_thread() -> None:
    with SentenceEncoder().started(["ice"]) as runs:
        assert runs == []
