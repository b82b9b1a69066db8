"""A message as the dialogue sees it: what the language part wrote into Rasa's parse data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.content import content
from bot.content.cards import RANK, level_of


@dataclass(frozen=True)
class Sign:
    """A warning sign in a message, as the care screen saw it, or the sign of an open card."""

    card: str
    sign: str | None = None
    informational: bool = False
    someone_else: bool = False
    language: str | None = None
    sure: bool = True

    @property
    def rank(self) -> int:
        """How urgent it is; information comes after everything that is present."""
        return RANK[level_of(self.card, self.sign)] - (10 if self.informational else 0)

    @property
    def is_grave(self) -> bool:
        """Whether its card is an emergency or a crisis, after which no answer follows."""
        return RANK[level_of(self.card, self.sign)] >= RANK["crisis"]


@dataclass(frozen=True)
class Message:
    """What was read.

    Attributes:
        intents: what the message, or each of its two questions, was read as.
        topics: those of them that the content answers or says to leave open.
        alternatives: the nearest topics, best first.
        remarks: what parts of it say that is no question.
        about_self: it says that it turns to the one who writes.
        signs: the warning signs in it.
        replies: what it, or a part of it, would mean as a reply to a question of the chooser.
        entities: what it names: `{"entity": …, "value": …, "assertion": …, "answer": …}`.
    """

    intents: tuple[str, ...]
    topics: tuple[str, ...]
    alternatives: tuple[str, ...]
    remarks: tuple[str, ...]
    about_self: bool
    signs: tuple[Sign, ...]
    replies: tuple[str, ...]
    entities: tuple[dict[str, Any], ...]

    @property
    def named_answers(self) -> tuple[str, ...]:
        """The answers that the named things lead to, in order; what is denied is not asked about."""
        named = (entity.get("answer") for entity in self.entities if entity.get("assertion") != "denied")
        return tuple(dict.fromkeys(answer for answer in named if answer))


def read_message(parse_data: Mapping[str, Any] | None) -> Message:
    """Read Rasa's parse data; what is missing counts as empty."""
    data = parse_data or {}
    reading = data.get("reading") or {}
    intent = (data.get("intent") or {}).get("name")
    intents = tuple(reading.get("questions") or ([intent] if intent else []))
    known = content()
    return Message(
        intents=intents,
        topics=tuple(name for name in intents if name in known.answers or name in known.not_in_document),
        alternatives=tuple(reading.get("alternatives") or ()),
        remarks=tuple(reading.get("remarks") or ()),
        about_self=bool(reading.get("about_self")),
        signs=tuple(Sign(**sign) for sign in reading.get("signs") or ()),
        replies=tuple(reading.get("replies") or ()),
        entities=tuple(data.get("entities") or ()),
    )
