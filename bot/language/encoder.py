"""The sentence encoder: all-MiniLM-L6-v2, run by ONNX Runtime.

A run can be started and its result fetched later: it goes on in a thread of ONNX Runtime's, which needs no lock of
Python's, while the caller prepares what else a message needs.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

FOLDER = Path(__file__).parent / "encoder"
DIMENSIONS = 384
MAX_TOKENS = 128
# from how many texts on their runs go side by side
MANY_TEXTS = 6
OUTPUTS = ["embedding", "states"]
# no run takes a hundredth of this: a turn that fails is better than a server that waits for ever
RUN_SECONDS = 10

Embeddings = npt.NDArray[np.float32]


class EncoderError(Exception):
    """The shipped encoder is missing or is not the one whose checksum was recorded."""


class EmbeddedText:
    """A text and the vectors of its tokens, of which the embeddings of its parts are made without another run.

    A part keeps what the rest of the text says of it: in "my leg is numb. it started today" the second sentence is
    about a leg too.

    Args:
        text: the text.
        places: where each of its tokens begins and ends in it, without the marks before and after them.
        states: the vector of each token, shape `(tokens, 384)`.
        embedding: the text's own, shape `(384,)`.
    """

    def __init__(self, text: str, places: Sequence[tuple[int, int]], states: Embeddings, embedding: Embeddings) -> None:
        self._text = text
        self._begins = [begin for begin, _ in places]
        self._end = places[-1][1] if places else 0
        self._states = states
        self.embedding = embedding

    def part(self, text: str) -> Embeddings | None:
        """The embedding of a part, shape `(384,)`; `None` where it does not stand in the text like this."""
        begin = self._text.find(text)
        end = begin + len(text.rstrip())
        first, last = bisect_left(self._begins, begin), bisect_left(self._begins, end)
        if begin < 0 or end > self._end or first == last:
            return None
        total = self._states[first:last].sum(axis=0)
        embedding: Embeddings = total / np.linalg.norm(total)
        return embedding


class SentenceEncoder:
    """Turns texts into vectors of length one whose dot product says how near their meanings are.

    Args:
        folder: holds `model.onnx`, `tokenizer.json` and `SHA256SUMS`.
        cache: a folder that keeps the embeddings of `encode_many` between trainings, or `None`.
        beside: whether runs can be `started` and go on beside the caller, as a server wants it.

    Raises:
        EncoderError: a file is missing or its checksum differs.
    """

    def __init__(self, folder: Path = FOLDER, cache: Path | None = None, *, beside: bool = False) -> None:
        self.checksum = verify(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        # The caller's thread counts as one. More would only wait for each other: a message has about 15 tokens.
        options.intra_op_num_threads = 2 if beside else 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._cache = cache
        self._beside = beside
        self._started: dict[str, Future[EmbeddedText]] = {}

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Embed `texts`.

        Each text is run alone, so that its vector never depends on its neighbours: dynamic quantisation takes one scale
        per run.

        Returns:
            Shape `(len(texts), 384)`, float32, every row of length one.
        """
        if len(texts) >= MANY_TEXTS:
            found = list(_threads().map(self.embed_text, texts))
        else:
            with self.started(texts[1:]):  # beside the first
                found = [self.embed_text(text) for text in texts]
        return np.stack([one.embedding for one in found]) if found else np.empty((0, DIMENSIONS), np.float32)

    def embed_text(self, text: str) -> EmbeddedText:
        """Embed `text` so that its parts can be embedded too; waits for its run where that was started."""
        if text in self._started:
            return self._started[text].result(RUN_SECONDS)
        tokens = self._tokenizer.encode(text)
        return _embedded(text, tokens, self._session.run(OUTPUTS, {"tokens": tokens.ids}))

    @contextlib.contextmanager
    def started(self, texts: Sequence[str]) -> Iterator[list[Future[EmbeddedText]]]:
        """Start to embed `texts` beside the caller, where it may; in the block, `embed_text` waits for them."""
        new = {text: self._start(text) for text in texts if text not in self._started} if self._beside else {}
        self._started.update(new)
        try:
            yield [self._started[text] for text in texts if text in self._started]
        finally:
            for text in new:
                del self._started[text]

    def _start(self, text: str) -> Future[EmbeddedText]:
        tokens, run = self._tokenizer.encode(text), Future[EmbeddedText]()

        def end(outputs: Sequence[Embeddings], _: None, error: str) -> None:
            if error:
                run.set_exception(EncoderError(f"The encoder failed: {error}"))
            else:
                run.set_result(_embedded(text, tokens, outputs))

        self._session.run_async(OUTPUTS, {"tokens": tokens.ids}, end, None)
        return run

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


def _embedded(text: str, tokens: Encoding, outputs: Sequence[Embeddings]) -> EmbeddedText:
    embedding, states = outputs
    return EmbeddedText(text, tokens.offsets[1:-1], states[1:-1], embedding[0])


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
    return SentenceEncoder(beside=True)
