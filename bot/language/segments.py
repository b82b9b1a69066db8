"""Cut a message into the parts that may each hold a question or a sign: sentences, and clauses joined by "and"."""

from __future__ import annotations

import re

from spacy.tokens import Doc

# where a sentence without punctuation, as people dictate it, turns to something new
_JOINTS = re.compile(
    r"(?:[;\n]+|\s[-–—]\s|,?\s+(?:and also|oh and|also|and then|plus|as well as that|and|but|another thing|secondly|btw"
    r"|by the way)\s+(?=\S+\s+\S+))",
    re.IGNORECASE,
)
# a first part says what is asked; another may leave that out: "what are press-ups for, and arm circles?"
MIN_WORDS = 3
MIN_WORDS_AFTER = 2


def sentences(doc: Doc) -> list[str]:
    """The sentences of `doc` that have a word in them."""
    return [text for text in (sentence.text.strip() for sentence in doc.sents) if any(map(str.isalnum, text))]


def clauses(sentence: str) -> list[str]:
    """The parts of a sentence between joints, those too short to stand alone joined to the part before or after."""
    parts: list[str] = []
    for part in _JOINTS.split(sentence):
        part = part.strip(" ,")
        if parts and (len(parts[-1].split()) < MIN_WORDS or len(part.split()) < MIN_WORDS_AFTER):
            parts[-1] = f"{parts[-1]} {part}".strip()
        elif part:
            parts.append(part)
    return parts
