"""The spaCy pipeline: tokens, lemmas by lookup, sentences, and entities from the lexicon with their assertion.

No trained English pipeline is used. `build()` makes ours from `spacy.blank("en")`, and `python -m bot train` stores
it where `config.yml` lets Rasa load it from.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import spacy
from ruamel.yaml import YAML
from spacy.language import Language
from spacy.tokens import Doc, Span

from bot.language import assertion

LEXICON = Path(__file__).parent / "data" / "lexicon.yml"

Span.set_extension("assertion", default=assertion.PRESENT, force=True)


def read_lexicon(path: Path = LEXICON) -> dict[str, dict[str, dict[str, Any]]]:
    """Entity → value → `{"answer": id or None, "phrases": [...]}`."""
    loaded: dict[str, dict[str, dict[str, Any]]] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return loaded


def answer_for(entity: str, value: str) -> str | None:
    """The answer that a named thing leads to, or `None` if the document says nothing about it."""
    answer: str | None = _ANSWERS.get((entity, value))
    return answer


_ANSWERS = {
    (entity, value): entry["answer"] for entity, values in read_lexicon().items() for value, entry in values.items()
}


@Language.component("lumbar_assertion")
def _assert_entities(doc: Doc) -> Doc:
    for entity in doc.ents:
        entity._.assertion = assertion.of_span(entity)
    return doc


def build() -> Language:
    """Make the pipeline: sentences, lemmas, entities from the lexicon, assertions. It reads texts in lower case."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": [".", "!", "?", "…", "\n"]})
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    # phrases below are matched on lemmas, so the lemmatizer must be ready before they are added
    lemmatizer.initialize()  # type: ignore[call-arg]  # a lookup lemmatizer needs no examples
    patterns = [
        {"label": entity, "id": value, "pattern": phrase}
        for entity, values in read_lexicon().items()
        for value, entry in values.items()
        for phrase in entry["phrases"]
    ]
    ruler = nlp.add_pipe("entity_ruler", config={"overwrite_ents": True, "phrase_matcher_attr": "LEMMA"})
    ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    nlp.add_pipe("lumbar_assertion")
    return nlp
