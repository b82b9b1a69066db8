"""Lexical patterns over words and lemmas: which signs of which cards a message names, and what it says of them.

A *concept* is a list of phrases that mean the same ("numb", "no feeling", "can't feel"); a *pattern* is a set of
concepts that stand near each other in one sentence. Both are data (`data/care/concepts.yml`, `data/care/patterns.yml`),
so that a clinician can read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from spacy.tokens import Doc, Span

from bot.language import assertion
from bot.language.assertion import Assertion

DATA = Path(__file__).parent / "data" / "care"
WITHIN = 8  # words between the first and the last concept of a pattern, unless it says otherwise
# a slip of the finger is forgiven in words at least this long
FUZZY_FROM = 6


@dataclass(frozen=True)
class Mention:
    """A concept found in a sentence: words `start` to `end` (exclusive)."""

    concept: str
    start: int
    end: int


@dataclass(frozen=True)
class Pattern:
    """Concepts that together mean a sign.

    Attributes:
        concepts: all must be there.
        within: the longest stretch of words from the first to the last.
        unless: concepts that, anywhere in the sentence, take the meaning away.
        asserted: the assertions under which the sign counts; a past cancer counts, a past fall does not.
        ordered: the concepts must come in this order.
    """

    card: str
    sign: str
    concepts: tuple[str, ...]
    within: int
    unless: frozenset[str]
    asserted: frozenset[str]
    ordered: bool

    @property
    def name(self) -> str:
        """How the log calls it."""
        return f"{self.card}/{self.sign}: {' + '.join(self.concepts)}"


@dataclass(frozen=True)
class Hit:
    """A pattern found, and what is said of it."""

    pattern: Pattern
    assertion: Assertion


class Lexicon:
    """Finds concepts in a sentence through a tree of words; a word matches as typed, as lemma, or with one slip."""

    def __init__(self, concepts: dict[str, list[str]]) -> None:
        self._tree: dict[str, Any] = {}
        self._long_words: set[str] = set()
        for concept, phrases in concepts.items():
            for phrase in phrases:
                words = phrase.lower().replace("'", "").split()
                node = self._tree
                for word in words:
                    node = node.setdefault(word, {})
                node.setdefault("", set()).add(concept)
                self._long_words.update(word for word in words if len(word) >= FUZZY_FROM)
        self._by_deletion: dict[str, str] = {}
        for word in sorted(self._long_words):
            for shorter in _deletions(word):
                self._by_deletion.setdefault(shorter, word)

    def mentions(self, words: Sequence[frozenset[str]]) -> list[Mention]:
        """Every concept in `words`; each word is given as the forms that it may be matched by."""
        found: list[Mention] = []
        for start in range(len(words)):
            nodes = [self._tree]
            for end in range(start, len(words)):
                if not words[end]:  # the second half of "ca n't"
                    continue
                nodes = [node[form] for node in nodes for form in words[end] if form in node]
                if not nodes:
                    break
                found += [Mention(concept, start, end + 1) for node in nodes for concept in node.get("", ())]
        return found

    @lru_cache(maxsize=10_000)
    def respelled(self, word: str) -> str | None:
        """The long word of the lexicon that `word` is one slip away from, or `None`."""
        if len(word) < FUZZY_FROM - 1 or word in self._long_words:
            return None
        for candidate in (word, *_deletions(word)):
            near = self._by_deletion.get(candidate) or (candidate if candidate in self._long_words else None)
            if near and abs(len(near) - len(word)) <= 1 and near[0] == word[0]:
                return near
        return None


def _deletions(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def load_concepts(path: Path = DATA / "concepts.yml") -> dict[str, list[str]]:
    """Concept → phrases. A phrase `<name>` stands for all phrases of another concept."""
    raw: dict[str, list[str]] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))

    def expand(concept: str) -> list[str]:
        phrases: list[str] = []
        for phrase in raw[concept]:
            phrase = str(phrase)
            phrases += expand(phrase[1:-1]) if phrase.startswith("<") else [phrase]
        return phrases

    return {concept: expand(concept) for concept in raw}


def load_patterns(path: Path = DATA / "patterns.yml") -> list[Pattern]:
    """The patterns of all cards."""
    raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return [
        _pattern(card, sign, entry)
        for card, signs in raw.items()
        for sign, entries in signs.items()
        for entry in entries
    ]


def _pattern(card: str, sign: str, entry: list[str] | dict[str, Any]) -> Pattern:
    given: dict[str, Any] = entry if isinstance(entry, dict) else {"all": entry}
    return Pattern(
        card=card,
        sign=sign,
        concepts=tuple(given["all"]),
        within=given.get("within", WITHIN),
        unless=frozenset(given.get("unless", ())),
        asserted=frozenset({"present", "someone_else", "hypothetical", *given.get("also", ())}),
        ordered=given.get("ordered", False),
    )


class Patterns:
    """All patterns, ready to run over the sentences of a message."""

    def __init__(self, concepts: dict[str, list[str]], patterns: Iterable[Pattern]) -> None:
        self._lexicon = Lexicon(concepts)
        self._patterns = list(patterns)
        self._by_first_concept: dict[str, list[int]] = {}
        for at, pattern in enumerate(self._patterns):
            self._by_first_concept.setdefault(pattern.concepts[0], []).append(at)

    @classmethod
    @cache
    def load(cls) -> Patterns:
        """The patterns as shipped, read once."""
        return cls(load_concepts(), load_patterns())

    def find(self, doc: Doc) -> list[Hit]:
        """Every sign that a message names, sentence by sentence, whatever is said of it."""
        sentences = list(doc.sents)
        hits: list[Hit] = []
        for sentence, following in zip(sentences, [*sentences[1:], None]):
            refused = following is not None and assertion.is_bare_denial(following)
            hits += [Hit(hit.pattern, "denied") if refused else hit for hit in self._find_in(sentence)]
        return hits

    def _find_in(self, sentence: Span) -> Iterator[Hit]:
        words = assertion.words_of(list(sentence))
        forms = [
            frozenset({word, token.lemma_.lower(), self._lexicon.respelled(word) or word}) if word else frozenset()
            for word, token in zip(words, sentence)
        ]
        by_concept: dict[str, list[Mention]] = {}
        for mention in self._lexicon.mentions(forms):
            by_concept.setdefault(mention.concept, []).append(mention)
        for at in sorted(at for concept in by_concept for at in self._by_first_concept.get(concept, ())):
            pattern = self._patterns[at]
            if by_concept.keys() >= set(pattern.concepts) and not pattern.unless & by_concept.keys():
                for start, end in _stretches(pattern, by_concept):
                    yield Hit(pattern, assertion.of_words(words, start, end))


def _stretches(pattern: Pattern, by_concept: dict[str, list[Mention]]) -> Iterator[tuple[int, int]]:
    """The stretches of words in which all concepts of a pattern stand together."""
    for first in by_concept[pattern.concepts[0]]:
        start, end = first.start, first.end
        last = first
        for concept in pattern.concepts[1:]:
            near = [
                mention
                for mention in by_concept[concept]
                if max(end, mention.end) - min(start, mention.start) <= pattern.within
                and (not pattern.ordered or mention.start >= last.end)
            ]
            if not near:
                break
            last = min(near, key=lambda mention: abs(mention.start - first.start))
            start, end = min(start, last.start), max(end, last.end)
        else:
            yield start, end
