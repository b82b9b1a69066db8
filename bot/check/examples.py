"""Checks of the training messages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from bot.check import catalogue
from bot.check.faults import Fault
from bot.check.project import DOMAIN, Project
from bot.language.reading import NOT_UNDERSTOOD, UNSURE

# what the classifier gives where it abstains: nobody writes examples of them
ABSTENTIONS = frozenset({UNSURE, NOT_UNDERSTOOD})
FEWEST = 40


def normal(text: str) -> str:
    """`text` as far as two examples may differ and still be the same: no case, punctuation or spacing."""
    words = re.findall(r"\w+", re.sub(r"['’]", "", text.casefold()))
    return " ".join(words) or text.strip()


def not_an_example(project: Project) -> list[Fault]:
    """Every line is a list item with words, and none begins with a slash, which Rasa reads as an intent."""
    faults = []
    for message in project.messages:
        if not message.line.strip():
            continue
        if not message.line.startswith("- ") or not message.text:
            faults.append(Fault(message.file, message.line, "not an example; write “- ” and a message"))
        elif message.text.startswith("/"):
            faults.append(Fault(message.file, message.text, "Rasa takes a leading slash for an intent; remove it"))
    return faults


def in_two_intents(project: Project) -> list[Fault]:
    """No text is an example of two intents. Answers to the chooser are learnt apart, so they may say the same."""
    places: dict[str, dict[str, str]] = defaultdict(dict)
    for message in project.messages:
        if message.text and not message.only_when_asked:
            places[normal(message.text)].setdefault(message.intent, message.file)
    return [
        Fault(file, text, f"an example of {intent}, but of {first} too ({held[first]}); keep one")
        for text, held in places.items()
        for first in [next(iter(held))]
        for intent, file in list(held.items())[1:]
    ]


def unknown_intents(project: Project) -> list[Fault]:
    """Every intent of the examples is in the domain."""
    found = {message.intent: message.file for message in reversed(project.messages)}
    return [
        Fault(file, intent, f"not an intent of {DOMAIN}; add it there or correct it")
        for intent, file in sorted(found.items())
        if intent not in project.intents
    ]


def intents_without_examples(project: Project) -> list[Fault]:
    """Every intent of the domain has examples, but for those that only buttons send and those of an abstention."""
    counts = Counter(message.intent for message in project.messages)
    return [
        Fault(DOMAIN, intent, "this intent has no examples; write some in data/nlu or remove it")
        for intent in project.intents
        if not counts[intent] and intent not in ABSTENTIONS and intent not in project.buttons
    ] + [
        Fault(DOMAIN, intent, "the classifier abstains with this intent; its examples belong to another")
        for intent in sorted(ABSTENTIONS)
        if counts[intent]
    ]


def topics_without_examples(project: Project) -> list[Fault]:
    """Every topic has its own file, named like it, with enough examples, and is an intent of the domain."""
    counts = Counter((message.file, message.intent) for message in project.messages)
    wanted: dict[str, Iterable[str]] = {
        "topics": project.content.answers,
        "not_in_document": project.content.not_in_document,
        "conversation": catalogue.TALK,
        "care": catalogue.CARE,
    }
    faults = []
    for folder, intents in wanted.items():
        for intent in intents:
            file = f"data/nlu/{folder}/{intent}.yml"
            if counts[file, intent] < FEWEST:
                message = f"{counts[file, intent]} examples, at least {FEWEST}; write more in this file"
                faults.append(Fault(file, intent, message))
            if intent not in project.intents:
                faults.append(Fault(DOMAIN, intent, "not among the intents; add it"))
    return faults
