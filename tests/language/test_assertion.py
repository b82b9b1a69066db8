from __future__ import annotations

import pytest
from spacy.language import Language

from bot.language import assertion


def assertion_of(nlp: Language, text: str, marked: str) -> str:
    doc = nlp(text)
    start = text.index(marked)
    span = doc.char_span(start, start + len(marked))
    return assertion.of_span(span)


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("I have numbness in my leg", "numbness", "present"),
        ("no numbness at all", "numbness", "denied"),
        ("I don't have any numbness", "numbness", "denied"),
        ("I don’t have any numbness", "numbness", "denied"),
        ("numbness none", "numbness", "denied"),
        ("no pain but numbness", "numbness", "present"),
        ("no numbness, what helps a spasm", "numbness", "denied"),
        ("no numbness, what helps a spasm", "spasm", "present"),
        ("No pain. Numbness though.", "Numbness", "present"),
        ("I can't pee", "pee", "present"),
        ("I can not pee", "pee", "present"),
        ("I cannot pee", "pee", "present"),
        ("I've no feeling between my legs", "legs", "present"),
        ("not only the back, the leg", "leg", "present"),
        ("what if my leg goes numb", "numb", "hypothetical"),
        ("what are the signs of an infection", "infection", "hypothetical"),
        ("is it normal that my leg is numb", "numb", "present"),
        ("should I worry that my leg is numb", "numb", "present"),
        ("I used to have numbness", "numbness", "past"),
        ("I had numbness years ago", "numbness", "past"),
        ("my husband has numbness", "numbness", "someone_else"),
    ],
)
def test_what_is_said_of_a_thing(nlp: Language, text: str, marked: str, expected: str) -> None:
    assert assertion_of(nlp, text, marked) == expected


def test_the_scope_of_a_trigger_ends(nlp: Language) -> None:
    far = "no " + "really " * 12 + "numbness"
    assert assertion_of(nlp, far, "numbness") == "present"
    assert assertion_of(nlp, "no really really numbness", "numbness") == "denied"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Can't", ["cant", ""]),
        ("can not", ["cant", ""]),
        ("don’t", ["dont", ""]),
        ("Hasn`t it", ["hasnt", "it"]),
    ],
)
def test_negations_are_one_word_in_every_spelling(nlp: Language, text: str, words: list[str]) -> None:
    found = assertion.words_of(list(nlp(text)))
    assert [word for word in found if word] == [word for word in words if word]
    assert len(found) == len(nlp(text))


def test_who_and_whether_it_is_about(nlp: Language) -> None:
    assert assertion.is_about_someone_else(nlp("My mum's back went"))
    assert not assertion.is_about_someone_else(nlp("My back went"))
    assert assertion.has_hypothetical_cue(nlp("What if it goes numb?"))
    assert not assertion.has_hypothetical_cue(nlp("It went numb"))
