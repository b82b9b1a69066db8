"""TF-IDF of words and of the characters within them, learnt by scikit-learn and computed here.

scikit-learn's own `transform` takes a millisecond for one short message, most of it in preparing and checking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.language.linear import Floats

# fewer examples than this are few: every word of theirs counts; of many, those seen once are noise and cost memory
FEW = 2000


@dataclass(frozen=True)
class Part:
    """What was learnt of one kind of terms.

    Attributes:
        terms_of: text → its terms.
        columns: term → its column.
        rarity: the inverse document frequency of each column.
    """

    terms_of: Callable[[str], list[str]]
    columns: Mapping[str, int]
    rarity: Floats


class Tfidf:
    """Turns texts in lower case into sparse rows: the words and pairs of words, then the runs of characters."""

    def __init__(self) -> None:
        self._words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, dtype=np.float32)
        self._characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=4, dtype=np.float32
        )
        self._tokens: Callable[[str], list[str]] = self._words.build_tokenizer()
        # scikit-learn computes `idf_` anew whenever it is asked for
        self._parts = [Part(one.build_analyzer(), {}, np.empty(0)) for one in (self._words, self._characters)]

    def fit(self, texts: Sequence[str]) -> scipy.sparse.csr_matrix:
        """Learn the terms of `texts` and how rare each is.

        Returns:
            The rows of `texts`, as `transform` gives them.
        """
        if len(texts) < FEW:
            self._words.set_params(min_df=1)
            self._characters.set_params(min_df=1)
        vectorizers = (self._words, self._characters)
        rows = scipy.sparse.hstack([one.fit_transform(texts) for one in vectorizers], format="csr", dtype=np.float32)
        self._parts = [Part(one.build_analyzer(), one.vocabulary_, one.idf_) for one in vectorizers]
        return rows

    def transform(self, texts: Sequence[str]) -> scipy.sparse.csr_matrix:
        """The rows of `texts`, shape `(len(texts), terms)`; the words' part and the characters' have length one each.

        As `TfidfVectorizer(sublinear_tf=True)` has it: (1 + ln of how often) × rarity.
        """
        weights, columns, ends = [], [], [0]
        for text in texts:
            first = 0
            for part in self._parts:
                found = Counter(map(part.columns.get, part.terms_of(text)))
                found.pop(None, None)  # terms never learnt
                where = np.fromiter(found, np.int32, len(found))
                counts = np.fromiter(found.values(), np.float32, len(found))
                weight = (1 + np.log(counts)) * part.rarity[where]
                weights.append(weight / (np.sqrt(weight @ weight) or 1.0))
                columns.append(where + first)
                first += len(part.columns)
            ends.append(ends[-1] + len(columns[-2]) + len(columns[-1]))
        entries = (np.concatenate(weights).astype(np.float32), np.concatenate(columns), np.asarray(ends, np.int32))
        rows = scipy.sparse.csr_matrix(entries, shape=(len(texts), first))
        rows.sort_indices()
        return rows

    def share_of_known_words(self, text: str) -> float:
        """How many of the words of `text` the examples have too, between 0 and 1."""
        words, known = self._tokens(text), self._parts[0].columns
        return sum(word in known for word in words) / len(words) if words else 0.0

    def state(self) -> list[dict[str, Any]]:
        """What was learnt. As a dictionary, skops would read its 50,000 terms one by one for ten seconds."""
        return [
            {"terms": "\n".join(sorted(part.columns, key=part.columns.__getitem__)), "rarity": part.rarity}
            for part in self._parts
        ]

    def restore(self, state: Sequence[dict[str, Any]]) -> None:
        """Take over what `state` gave."""
        terms = [{term: column for column, term in enumerate(learnt["terms"].split("\n"))} for learnt in state]
        self._parts = [
            replace(part, columns=columns, rarity=learnt["rarity"])
            for part, columns, learnt in zip(self._parts, terms, state)
        ]
