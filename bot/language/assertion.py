"""What is said of a thing that a message names: present, denied, hypothetical, past, or about someone else.

After ConText (Harkema et al. 2009): a trigger word has a scope of a few words in its sentence, which a terminator
("but", "except") cuts short. Doubt counts as present: missing a warning sign costs more than asking once too often.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from ruamel.yaml import YAML
from spacy.tokens import Doc, Span, Token

Assertion = Literal["present", "denied", "hypothetical", "past", "someone_else"]
PRESENT: Assertion = "present"

DATA = Path(__file__).parent / "data" / "assertion.yml"

# "can't" in all its spellings becomes one word, so that the lists need one form each
_APOSTROPHES = re.compile(r"['’`]")

Words = tuple[str, ...]


class Phrases:
    """A list of phrases, kept by their first words: a message is compared with few of them."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[Words]] = {}
        for phrase in phrases:
            words = tuple(phrase.split())
            self._by_first.setdefault(words[0], []).append(words)
        self.longest = max((len(words) for group in self._by_first.values() for words in group), default=0)

    def lengths_at(self, words: Sequence[str], at: int) -> Iterator[int]:
        """How many words each phrase has that `words` hold at the position `at`."""
        for phrase in self._by_first.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                yield len(phrase)

    def are_in(self, words: Sequence[str]) -> bool:
        """Whether `words` hold any phrase."""
        return any(True for at in range(len(words)) for _ in self.lengths_at(words, at))


@dataclass(frozen=True)
class Rule:
    """The triggers of one assertion. `reach` is the longest scope, in words."""

    assertion: Assertion
    before: Phrases
    after: Phrases
    reach: int


_loaded = YAML(typ="safe").load(DATA.read_text(encoding="utf-8"))
_CUES: tuple[Assertion, ...] = ("denied", "hypothetical", "past", "someone_else")
RULES = tuple(
    Rule(name, Phrases(_loaded[name]["before"]), Phrases(_loaded[name]["after"]), _loaded[name]["reach"])
    for name in _CUES
)
NOT_A_DENIAL = Phrases(_loaded["not_a_denial"])
ABOUT_SELF = Phrases(_loaded["about_self"])
BARE_DENIALS = frozenset({"no", "none", "nope", "nah", "never", "negative", "nothing"})
TERMINATORS = frozenset(_loaded["terminators"])
DENIAL_ENDS = TERMINATORS.union(_loaded["denial_ends"])


def words_of(tokens: Sequence[Token]) -> list[str]:
    """The words of spaCy tokens as the trigger lists have them: lower case, "n't" joined to the verb, no apostrophe."""
    words: list[str] = []
    for token in tokens:
        word = _APOSTROPHES.sub("", token.lower_)
        if word == "nt" and words:
            words[-1] += "nt"
            words.append("")  # keeps positions equal to those of the tokens
        elif word == "not" and words and words[-1] == "can":
            words[-1], word = "cant", ""
            words.append(word)
        else:
            words.append(word)
    return words


def _blocked(words: Sequence[str], at: int) -> bool:
    """Whether the trigger at `at` belongs to a phrase where negation is the symptom, or answers what was said."""
    if tuple(words[at : at + 2]) == ("no", ","):  # "no, I meant the jab"
        return True
    first = max(0, at - NOT_A_DENIAL.longest + 1)
    return any(
        start + length > at for start in range(first, at + 1) for length in NOT_A_DENIAL.lengths_at(words, start)
    )


def _in_scope(words: Sequence[str], rule: Rule, start: int, end: int) -> bool:
    """Whether a trigger of `rule` in `words` reaches the words from `start` to `end`."""
    ends = DENIAL_ENDS if rule.assertion == "denied" else TERMINATORS
    for at in range(max(0, start - rule.reach), start):
        if any(at + length <= start for length in rule.before.lengths_at(words, at)):
            if ends.intersection(words[at + 1 : start]):
                continue
            if rule.assertion != "denied" or not _blocked(words, at):
                return True
    for at in range(end, min(len(words), end + rule.reach)):
        if ends.intersection(words[end:at]):
            break
        if any(True for _ in rule.after.lengths_at(words, at)):
            return True
    return False


def of_words(words: Sequence[str], start: int, end: int) -> Assertion:
    """The assertion of the words from `start` to `end` of a sentence, given as by `words_of`."""
    for rule in RULES:
        if _in_scope(words, rule, start, end):
            return rule.assertion
    return PRESENT


def of_span(span: Span) -> Assertion:
    """The assertion of an entity, from the words of its sentence."""
    sentence = span.sent
    return of_words(words_of(list(sentence)), span.start - sentence.start, span.end - sentence.start)


def is_bare_denial(sentence: Span) -> bool:
    """Whether a sentence says no more than "no", as the second of "Numbness? None." does."""
    words = [word for word in words_of(list(sentence)) if any(map(str.isalnum, word))]
    return len(words) <= 2 and bool(BARE_DENIALS.intersection(words))


def refused(doc: Doc) -> set[str]:
    """The sentences of a message that the next one takes back: "Numbness? None."."""
    return {sentence.text.strip() for sentence, following in pairwise(doc.sents) if is_bare_denial(following)}


def is_about_someone_else(doc: Doc) -> bool:
    """Whether a message speaks of another person than the one who writes."""
    return _has_trigger(doc, "someone_else")


def is_about_self(doc: Doc) -> bool:
    """Whether a message says that it now turns to the one who writes ("and for me, …")."""
    return ABOUT_SELF.are_in(words_of(list(doc)))


def has_hypothetical_cue(doc: Doc) -> bool:
    """Whether a message holds any word that makes what follows a mere possibility."""
    return _has_trigger(doc, "hypothetical")


def _has_trigger(doc: Doc, name: Assertion) -> bool:
    return next(rule.before for rule in RULES if rule.assertion == name).are_in(words_of(list(doc)))
