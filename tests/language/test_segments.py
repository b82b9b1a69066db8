from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from bot.language import segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Does ice help?", ["Does ice help?"]),
        ("Does ice help? And what about heat?", ["Does ice help?", "And what about heat?"]),
        ("It hurts!!! ok", ["It hurts!!!", "ok"]),
        ("??? ...", []),
        ("", []),
    ],
)
def test_sentences_have_words(nlp: Language, text: str, expected: list[str]) -> None:
    assert segments.sentences(nlp(text)) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("does ice help", ["does ice help"]),
        ("does ice help and which shoes are best", ["does ice help", "which shoes are best"]),
        ("does ice help, also is physio any good", ["does ice help", "is physio any good"]),
        ("my back hurts; what shoes should I wear", ["my back hurts", "what shoes should I wear"]),
        ("does ice help - or a hot bath", ["does ice help", "or a hot bath"]),
        ("ice and heat", ["ice and heat"]),
        ("do heels and flats matter at all", ["do heels flats matter at all"]),
        ("is it good or bad and why", ["is it good or bad and why"]),
        ("first does ice help and then which shoes are best", ["first does ice help", "which shoes are best"]),
        ("", []),
    ],
)
def test_clauses_that_can_stand_alone(sentence: str, expected: list[str]) -> None:
    assert segments.clauses(sentence) == expected


@given(st.text(alphabet="abc ,;-\n", max_size=60))
def test_no_word_is_lost_or_made_up(sentence: str) -> None:
    joined = " ".join(segments.clauses(sentence))
    letters = [word for word in "".join(c if c.isalpha() else " " for c in sentence).split() if word]
    kept = [word for word in "".join(c if c.isalpha() else " " for c in joined).split() if word]
    assert kept == letters
