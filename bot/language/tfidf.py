"""TF-IDF of words and of the characters within them, as scikit-learn has it.

scikit-learn's own `transform` takes a millisecond for one short message, most of it in preparing and checking.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.language.linear import Floats, SparseRow

Array = npt.NDArray[Any]

_WORD = re.compile(r"\b\w\w+\b")
# how long runs of characters are
RUNS = range(2, 6)
_NO = np.empty(0, np.int32)


def words_of(text: str) -> list[str]:
    """The words of `text`, and its pairs of neighbouring words."""
    words = _WORD.findall(text)
    return words + [f"{word} {following}" for word, following in pairwise(words)]


def runs_of(text: str) -> list[str]:
    """The runs of characters within each word of `text`, with a space on either side of the word."""
    return list(chain.from_iterable(map(_runs_of_word, text.split())))


def _runs_of_word(word: str) -> tuple[str, ...]:
    spaced = f" {word} "
    lengths = [length for length in RUNS if length < len(spaced)]
    runs = [spaced[at : at + length] for length in lengths for at in range(len(spaced) - length + 1)]
    return tuple(runs) if len(lengths) == len(RUNS) else (*runs, spaced)  # a short word is its own longest run


@dataclass(frozen=True)
class Part:
    """What was learnt of one kind of terms.

    Attributes:
        columns: term → its column.
        rarity: the inverse document frequency of each column.
    """

    columns: Mapping[str, int]
    rarity: Floats


@dataclass(frozen=True)
class Tfidf:
    """Turns texts in lower case into sparse rows: the words and pairs of words, then the runs of characters."""

    words: Part
    characters: Part

    def rows(self, texts: Sequence[str]) -> list[SparseRow]:
        """The rows of `texts`; the words' part and the characters' have length one each.

        As `TfidfVectorizer(sublinear_tf=True)` has it: (1 + ln of how often) × rarity.
        """
        return [self._row(text) for text in texts]

    def _row(self, text: str) -> SparseRow:
        words = [column for column in map(self.words.columns.get, words_of(text)) if column is not None]
        runs = [self._columns_of_word(word) for word in text.split()]
        columns, weights, first = [], [], 0
        for part, found in ((self.words, np.asarray(words, np.int32)), (self.characters, np.concatenate([_NO, *runs]))):
            where, counts = np.unique(found, return_counts=True)
            weight = (1 + np.log(counts)) * part.rarity[where]
            weights.append(weight / (np.sqrt(weight @ weight) or 1.0))
            columns.append(where + first)
            first += len(part.columns)
        return SparseRow(np.concatenate(columns), np.concatenate(weights).astype(np.float32))

    @cached_property
    def _columns_of_word(self) -> Callable[[str], npt.NDArray[np.int32]]:
        """Gives the columns of a word's runs of characters, without those never learnt."""
        known = self.characters.columns

        def columns(word: str) -> npt.NDArray[np.int32]:
            return np.asarray([known[run] for run in _runs_of_word(word) if run in known], np.int32)

        return lru_cache(maxsize=5000)(columns)  # most words of most messages are common ones

    def share_of_known_words(self, text: str) -> float:
        """How many of the words of `text` the examples have too, between 0 and 1."""
        words, known = _WORD.findall(text), self.words.columns
        return sum(word in known for word in words) / len(words) if words else 0.0

    def arrays(self) -> dict[str, Array]:
        """What was learnt, as arrays for a file."""
        return {
            name: array
            for part, columns, rarity in (
                (self.words, "words", "words_rarity"),
                (self.characters, "characters", "characters_rarity"),
            )
            for name, array in ((columns, _as_bytes(part.columns)), (rarity, part.rarity))
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Tfidf:
        """What `arrays` was taken of."""
        return cls(
            Part(_from_bytes(arrays["words"]), arrays["words_rarity"]),
            Part(_from_bytes(arrays["characters"]), arrays["characters_rarity"]),
        )


def _as_bytes(columns: Mapping[str, int]) -> Array:
    """Terms in the order of their columns; none has a line break in it."""
    return np.frombuffer("\n".join(sorted(columns, key=columns.__getitem__)).encode(), np.uint8)


def _from_bytes(array: Array) -> dict[str, int]:
    return {term: column for column, term in enumerate(array.tobytes().decode().split("\n"))}
