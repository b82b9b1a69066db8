"""Checks of the care cards: each can be raised, asks what it must, and speaks with the region's numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bot.check import catalogue
from bot.check.answers import file_of_card
from bot.check.faults import Fault
from bot.check.project import CONCEPTS, PATTERNS, Project
from bot.content.cards import NEVER_HYPOTHETICAL

FEWEST = 10


def changed_levels(project: Project) -> list[Fault]:
    """Every card has the level of the catalogue."""
    return [
        Fault(file_of_card(key), key, f"its level is {card.level}, in the catalogue {level}; correct one of them")
        for key, level in catalogue.CARE.items()
        for card in [project.content.care.get(key)]
        if card and card.level != level
    ]


def missing_questions(project: Project) -> list[Fault]:
    """Emergency and crisis cards ask; all can be shown as information but those that never are a mere question."""
    faults = []
    for key, card in project.content.care.items():
        if card.level in ("emergency", "crisis") and not card.asks:
            faults.append(Fault(file_of_card(key), key, f"asks: a card of level {card.level} asks; write its question"))
        if bool(card.hypothetical) == (key in NEVER_HYPOTHETICAL):
            problem = "is never shown as information; remove it" if card.hypothetical else "is missing; write it"
            faults.append(Fault(file_of_card(key), key, f"hypothetical: it {problem}"))
    return faults


def unknown_signs(project: Project) -> list[Fault]:
    """Every sign of the examples and patterns is a sign of its card."""
    care = project.content.care
    examples = {(message.file, message.intent, message.sign) for message in project.messages if message.sign}
    patterns = {(PATTERNS, card, sign) for card, signs in project.patterns.items() for sign in signs}
    return [
        Fault(file, f"{card}/{sign}", "there is no such sign; correct it or add it to the card")
        for file, card, sign in sorted(examples | patterns)
        if card not in care or sign not in care[card].signs
    ]


def signs_that_nothing_raises(project: Project) -> list[Fault]:
    """Every sign has examples enough to be learnt, or a pattern."""
    counts = Counter((message.intent, message.sign) for message in project.messages)
    return [
        Fault(file_of_card(key), sign, f"fewer than {FEWEST} examples and no pattern; write either")
        for key, card in project.content.care.items()
        for sign in card.signs
        if counts[key, sign] < FEWEST and not project.patterns.get(key, {}).get(sign)
    ]


def unknown_concepts(project: Project) -> list[Fault]:
    """Every concept that a pattern or another concept names exists."""
    named = [(PATTERNS, f"{card}/{sign}", concept) for card, sign, concept in _concepts_of_patterns(project)]
    named += [
        (CONCEPTS, name, str(phrase)[1:-1])
        for name, phrases in project.concepts.items()
        for phrase in phrases
        if str(phrase).startswith("<")
    ]
    return [
        Fault(file, entry, f"there is no concept {concept}; correct it or add it to {CONCEPTS}")
        for file, entry, concept in named
        if concept not in project.concepts
    ]


def _concepts_of_patterns(project: Project) -> Iterator[tuple[str, str, str]]:
    for card, signs in project.patterns.items():
        for sign, entries in signs.items():
            for entry in entries:
                for concept in _concepts(entry):
                    yield card, sign, concept


def _concepts(pattern: Any) -> list[str]:
    """The concepts of one pattern, which is a list of them or a mapping with `all` and `unless`."""
    if isinstance(pattern, Mapping):
        return [*pattern["all"], *pattern.get("unless", ())]
    return list(pattern)


def missing_numbers(project: Project) -> list[Fault]:
    """The region in use has a word for every placeholder; the loader would leave a gap in the text."""
    contacts = project.content.contacts
    return [
        Fault("bot/content/contacts", word, "has no value, but its region is on; look it up or switch the region off")
        for word, value in contacts.words.items()
        if not value
    ]
