"""A message as the dialogue sees it: what the language part wrote into Rasa's parse data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.content import content
from bot.dialogue.care import Sign


@dataclass(frozen=True)
class Message:
    """What was read.

    Attributes:
        intents: what the message, or each of its two questions, was read as.
        topics: those of them that the content answers or says to leave open.
        alternatives: the nearest topics, best first.
        signs: the warning signs in it.
        replies: what it, or a part of it, would mean as a reply to a question of the chooser.
        entities: what it names: `{"entity": …, "value": …, "assertion": …, "answer": …}`.
    """

    intents: tuple[str, ...]
    topics: tuple[str, ...]
    alternatives: tuple[str, ...]
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
        signs=tuple(Sign(**sign) for sign in reading.get("signs") or ()),
        replies=tuple(reading.get("replies") or ()),
        entities=tuple(data.get("entities") or ()),
    )
