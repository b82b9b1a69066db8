"""A message as the dialogue sees it: what the language part wrote into Rasa's parse data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.content import content
from bot.content.cards import RANK, level_of

# parts of the body that the document has no exercises for, and words beside them that say nothing of them
BODY = frozenset(
    [
        "arm",
        "arms",
        "hand",
        "hands",
        "neck",
        "leg",
        "legs",
        "thigh",
        "thighs",
        "calf",
        "calves",
        "knee",
        "knees",
        "ankle",
        "ankles",
        "foot",
        "feet",
        "hip",
        "hips",
        "bum",
    ]
)
FILLERS = frozenset(
    {"my", "the", "a", "and", "or", "both", "please", "maybe", "for", "just", "upper", "lower", "whole"}
)
# a reading with less confidence than this gives way to what the conversation expects
UNSURE_BELOW = 0.35


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
class Matter:
    """What a message is about, its lead-in ("no, I meant …") taken away.

    Attributes:
        intent: what the rest was read as, with its confidence (0 to 1).
        topics: the nearest topics, best first, each with its probability.
    """

    intent: str
    confidence: float
    topics: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Message:
    """What was read.

    Attributes:
        text: as typed, or the words of a button.
        is_button: one of our own buttons was tapped.
        confidence: how likely it is that the first intent is right (0 to 1).
        shares: the likeliest labels, each with its probability.
        matter: what it is about, where it may lean on what was said before.
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
    text: str = ""
    is_button: bool = False
    confidence: float = 1.0
    shares: Mapping[str, float] = field(default_factory=dict)
    matter: Matter | None = None

    @property
    def is_bare_body_part(self) -> bool:
        """Whether it names parts of the body and says nothing of them: "my legs"."""
        words = set(re.findall(r"[a-z']+", self.text.lower()))
        return bool(words & BODY) and words <= BODY | FILLERS

    @property
    def is_unsure(self) -> bool:
        """Whether its first reading is none, or hardly one."""
        return self.intents[:1] in (("unsure",), ("not_understood",)) or self.confidence < UNSURE_BELOW

    @property
    def named_answers(self) -> tuple[str, ...]:
        """The answers that the named things lead to, in order; what is denied is not asked about."""
        named = (entity.get("answer") for entity in self.entities if entity.get("assertion") != "denied")
        return tuple(dict.fromkeys(answer for answer in named if answer))


def read_message(parse_data: Mapping[str, Any] | None) -> Message:
    """Read Rasa's parse data; what is missing counts as empty."""
    data = parse_data or {}
    reading = data.get("reading") or {}
    intent = data.get("intent") or {}
    intents = tuple(reading.get("questions") or ([intent["name"]] if intent.get("name") else []))
    matter = reading.get("matter")
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
        text=data.get("text") or "",
        is_button=bool(reading.get("button")),
        confidence=float(intent.get("confidence") or 0.0),
        shares={entry["name"]: entry["confidence"] for entry in reversed(data.get("intent_ranking") or ())},
        matter=Matter(matter["intent"], matter["confidence"], tuple(map(tuple, matter["topics"]))) if matter else None,
    )
