"""Checks of the texts that people read: short enough, and without words that mislead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.check.answers import CARE_WORDS, NOT_IN_DOCUMENT, NOTES, SAFETY, TALK, file_of, file_of_card
from bot.check.faults import Fault
from bot.check.project import Project
from bot.content import CareCard, Content
from bot.content.model import Entry

# the longest that a field may be, in words; sources, safety lines and notes are not counted in an answer's 60
LIMITS = {
    "short": 60,
    "more": 60,
    "simpler": 35,
    "why": 45,
    "referral": 30,
    "caution": 30,
    "say": 35,
    "ask": 30,
    "note": 35,
    "safety": 30,
    "text": 60,
    "words": 30,
    "card": 90,
}

FORBIDDEN = {
    r"\bthe nhs says\b": "the document says it, not the NHS",
    r"\bprobably\b": "it promises what nobody here can know",
    r"\b(?:don.?t|do not|no need to) worry\b": "it plays a worry down",
    r"\bwait and see\b": "it may keep someone from getting help",
    r"\byou are safe\b": "nobody here can know that",
    r"\bno warning signs\b": "nobody here can rule them out",
    r"\bsimply\b": "it blames those for whom it is not simple",
}
# whoever is in danger at home is in more danger on the day they leave or speak up
FORBIDDEN_ON = {"danger_at_home": {r"\bleave\b|\btalk to (?:them|him|her)\b": "it may put them in danger"}}

CARD_FIELDS = ("heading", "body", "on_the_phone", "do_not")


@dataclass(frozen=True)
class Text:
    """One text of the content that people read, with the place where it stands."""

    file: str
    entry: str
    field: str
    words: str


def texts(content: Content) -> Iterator[Text]:
    """Every text of the project's own that people read."""
    for key, answer in content.answers.items():
        for field in ("short", "more", "simpler", "why", "referral", "caution"):
            words = getattr(answer, field)
            if words:
                yield Text(file_of(answer), key, field, words)
    for key, kind in content.not_in_document.items():
        yield Text(NOT_IN_DOCUMENT, key, "say", kind.say)
        yield Text(NOT_IN_DOCUMENT, key, "ask", kind.ask)
    for key, talk in content.talk.items():
        yield Text(TALK, key, "text", talk.text)
    for key, note in content.notes.items():
        yield Text(NOTES, key, "note", note.text)
    for key, line in content.safety.items():
        yield Text(SAFETY, key, "safety", line)
    for key, words in content.care_words.items():
        yield Text(CARE_WORDS, key, "words", words)
    for key, card in content.care.items():
        for words in variants(card):
            yield Text(file_of_card(key), key, "card", words)


def variants(card: CareCard) -> Iterator[str]:
    """Every wording in which a card may be shown: its own, for someone else, for each sign, as information."""
    wordings: list[list[Entry]] = [[card], [card.third_person, card], *([sign, card] for sign in card.signs.values())]
    for parts in wordings:
        fields = [next((getattr(part, field) for part in parts if getattr(part, field)), "") for field in CARD_FIELDS]
        yield " ".join(fields)
    if card.hypothetical:
        yield f"{card.hypothetical.heading} {card.hypothetical.body}"


def too_long(project: Project) -> list[Fault]:
    """No text is longer than its field may be."""
    return [
        Fault(text.file, text.entry, f"{text.field}: {count} words, at most {LIMITS[text.field]}; shorten it")
        for text in texts(project.content)
        for count in [len(text.words.split())]
        if count > LIMITS[text.field]
    ]


def forbidden_words(project: Project) -> list[Fault]:
    """No text holds words that mislead."""
    return [
        Fault(text.file, text.entry, f"{text.field}: “{found.group()}”: {reason}; say it in other words")
        for text in texts(project.content)
        for pattern, reason in {**FORBIDDEN, **FORBIDDEN_ON.get(text.entry, {})}.items()
        for found in re.finditer(pattern, text.words, re.IGNORECASE)
    ]
