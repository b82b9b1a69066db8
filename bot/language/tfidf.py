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

from bot.language.linear import FewColumns, Floats

Array = npt.NDArray[Any]

_WORD = re.compile(r"\b\w\w+\b")
# how long runs of characters are
RUNS = range(2, 6)


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
    """Turns texts in lower case into rows: the words and pairs of words, then the runs of characters."""

    words: Part
    characters: Part

    def rows(self, texts: Sequence[str]) -> FewColumns:
        """The rows of `texts`, one at least; the words' part and the characters' have length one each.

        As `TfidfVectorizer(sublinear_tf=True)` has it: (1 + ln of how often) × rarity.
        """
        found = [self._columns_of(text) for text in texts]
        columns, places = np.unique(np.concatenate(found), return_inverse=True)
        shape = len(texts), len(columns)
        places += np.repeat(np.arange(len(texts)) * len(columns), [len(row) for row in found])
        counts = np.bincount(places, minlength=shape[0] * shape[1]).reshape(shape)
        weights = (np.log(np.maximum(counts, 1)) + (counts > 0)) * self._rarity[columns]
        first_run = columns.searchsorted(len(self.words.columns))
        for part in (weights[:, :first_run], weights[:, first_run:]):
            lengths = np.sqrt((part * part).sum(axis=1, keepdims=True))
            part /= lengths + (lengths == 0)
        return FewColumns(columns, weights.astype(np.float32))

    def _columns_of(self, text: str) -> npt.NDArray[np.int32]:
        """The columns of all terms of `text`, as often as they stand there."""
        known = self.words.columns
        words = np.asarray([known[term] for term in words_of(text) if term in known], np.int32)
        return np.concatenate([words, *map(self._columns_of_word, text.split())])

    @cached_property
    def _rarity(self) -> Floats:
        return np.concatenate([self.words.rarity, self.characters.rarity])

    @cached_property
    def _columns_of_word(self) -> Callable[[str], npt.NDArray[np.int32]]:
        """Gives the columns of a word's runs of characters, after those of words, without those never learnt."""
        known, first = self.characters.columns, len(self.words.columns)

        def columns(word: str) -> npt.NDArray[np.int32]:
            return np.asarray([first + known[run] for run in _runs_of_word(word) if run in known], np.int32)

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
