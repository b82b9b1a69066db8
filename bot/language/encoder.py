"""The sentence encoder: all-MiniLM-L6-v2, run by ONNX Runtime on one thread."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

FOLDER = Path(__file__).parent / "encoder"
DIMENSIONS = 384
MAX_TOKENS = 128
# how many tokens a run takes, if one text has no more: the cost of attention grows with their square
RUN_TOKENS = 64
# from how many runs on they go side by side
MANY_RUNS = 6
POSITIONS = np.arange(MAX_TOKENS)

Embeddings = npt.NDArray[np.float32]


class EncoderError(Exception):
    """The shipped encoder is missing or is not the one whose checksum was recorded."""


class SentenceEncoder:
    """Turns texts into vectors of length one whose dot product says how near their meanings are.

    Args:
        folder: holds `model.onnx`, `tokenizer.json` and `SHA256SUMS`.
        cache: a folder that keeps the embeddings of `encode_many` between trainings, or `None`.

    Raises:
        EncoderError: a file is missing or its checksum differs.
    """

    def __init__(self, folder: Path = FOLDER, cache: Path | None = None) -> None:
        self.checksum = verify(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        # one thread: a message has about 15 tokens, and more threads only wait for each other
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._cache = cache

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Embed `texts`.

        Each text is run alone, so that its vector never depends on its neighbours: dynamic quantisation takes one scale
        per run.

        Returns:
            Shape `(len(texts), 384)`, float32, every row of length one.
        """
        return self._run([[ids] for ids in self._ids(texts)])

    def encode_together(self, texts: Sequence[str]) -> Embeddings:
        """As `encode`, but several texts in each run: the parts of a message cost little more than one of them.

        The vectors differ from those of `encode` by what quantisation rounds away.
        """
        runs: list[list[list[int]]] = []
        for ids in self._ids(texts):
            if not runs or sum(map(len, runs[-1])) + len(ids) > RUN_TOKENS:
                runs.append([])
            runs[-1].append(ids)
        return self._run(runs)

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens of each text."""
        return [self._tokenizer.encode(text).ids for text in texts]

    def _run(self, runs: Sequence[Sequence[Sequence[int]]]) -> Embeddings:
        """The embeddings of all texts, given run by run as lists of their tokens."""
        # one message is rarely worth a second thread; the forty pieces of a very long one are, and training is
        found = map(self._embed, runs) if len(runs) < MANY_RUNS else _threads().map(self._embed, runs)
        return np.concatenate([np.empty((0, DIMENSIONS), np.float32), *found])

    def _embed(self, texts: Sequence[Sequence[int]]) -> Embeddings:
        """The embeddings of some texts, given as lists of their tokens, in one run."""
        lengths = [len(ids) for ids in texts]
        inputs = {
            "tokens": np.fromiter(chain.from_iterable(texts), np.int64),
            "positions": np.concatenate([POSITIONS[:length] for length in lengths]),
            "owners": np.repeat(POSITIONS[: len(texts)], lengths),
        }
        embeddings: Embeddings = self._session.run(None, inputs)[0]
        return embeddings

    def encode_many(self, texts: Sequence[str]) -> Embeddings:
        """As `encode`, but embeddings that the cache folder holds are not computed again."""
        if self._cache is None:
            return self.encode(texts)
        store = self._cache / f"embeddings-{self.checksum[:16]}.npz"
        known: dict[str, Embeddings] = {}
        if store.exists():
            with np.load(store, allow_pickle=False) as held:
                known = dict(zip(held["keys"].tolist(), held["rows"]))
        keys = [hashlib.sha1(text.encode("utf-8")).hexdigest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts) if key not in known}
        if missing:
            known.update(zip(missing, self.encode(list(missing.values()))))
            self._cache.mkdir(parents=True, exist_ok=True)
            partial = store.with_suffix(".partial.npz")
            np.savez(partial, keys=np.asarray(list(known)), rows=np.stack(list(known.values())))
            partial.replace(store)
        return np.stack([known[key] for key in keys]) if keys else np.empty((0, DIMENSIONS), np.float32)


def verify(folder: Path) -> str:
    """Check the encoder's files against `SHA256SUMS` and return the checksum of the model.

    Raises:
        EncoderError: says which file is missing or differs, and what to do.
    """
    try:
        lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").split("\n")
        expected = {name: checksum for checksum, name in (line.split() for line in lines if line)}
        for name, checksum in expected.items():
            actual = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            if actual != checksum:
                raise EncoderError(f"{folder / name} is not the file that was shipped; restore it with git checkout.")
    except FileNotFoundError as error:
        raise EncoderError(f"{error.filename} is missing; restore it with git checkout.") from error
    return expected["model.onnx"]


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(min(4, os.cpu_count() or 1), "encoder")


@lru_cache(maxsize=1)
def shared_encoder() -> SentenceEncoder:
    """The one encoder of this process: the classifier and the care screen share it."""
    return SentenceEncoder()
