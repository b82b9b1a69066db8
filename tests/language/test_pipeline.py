from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from bot.content import content
from bot.language import pipeline


def entities(nlp: Language, text: str) -> list[tuple[str, str, str]]:
    return [(entity.label_, entity.ent_id_, entity._.assertion) for entity in nlp(text.lower()).ents]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do ice packs help?", [("treatment", "ice", "present")]),
        ("ICE or a hot water bottle", [("treatment", "ice", "present"), ("treatment", "heat", "present")]),
        ("is Nurofen ok with codeine", [("medicine", "nsaid", "present"), ("medicine", "opioid", "present")]),
        ("side bends for my love handles", [("exercise", "side_bend", "present"), ("body_part", "waist", "present")]),
        ("I have never had an injection", [("treatment", "injection", "denied")]),
        ("what time is it", []),
        ("", []),
    ],
)
def test_it_finds_what_is_named(nlp: Language, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert entities(nlp, text) == expected


def test_lemmas_come_from_a_table(nlp: Language) -> None:
    assert [token.lemma_ for token in nlp("injections helped shoulders")] == ["injection", "help", "shoulder"]


def test_sentences_end_where_people_end_them(nlp: Language) -> None:
    sentences = [sentence.text.strip() for sentence in nlp("It hurts! Does ice help? I hope so… bye\nnew line").sents]
    assert sentences == ["It hurts!", "Does ice help?", "I hope so…", "bye", "new line"]


def test_it_is_the_same_after_saving(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    text = "no ice packs, but physio helped my shoulders"
    assert entities(spacy.load(tmp_path), text) == entities(nlp, text)


LEXICON = {
    f"{entity}-{value}": (entity, value, entry["answer"], entry["phrases"])
    for entity, values in pipeline.read_lexicon().items()
    for value, entry in values.items()
}


@pytest.mark.parametrize(("entity", "value", "answer", "phrases"), LEXICON.values(), ids=LEXICON)
def test_every_phrase_of_the_lexicon_leads_to_its_answer(
    nlp: Language, entity: str, value: str, answer: str | None, phrases: list[str]
) -> None:
    assert answer is None or answer in content().answers
    assert pipeline.answer_for(entity, value) == answer
    for phrase in phrases:
        named = entities(nlp, f"tell me about {phrase} please")
        assert answer in [pipeline.answer_for(label, name) for label, name, _ in named], phrase
