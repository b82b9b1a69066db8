"""Put a care card together from its parts: the sign's own text, then the third person's, then the card's."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.loader import content
from bot.content.model import CareCard, CareText, Level

# which card comes first where a message shows two
RANK: dict[Level, int] = {"pharmacist": 1, "gp": 2, "urgent": 3, "crisis": 4, "emergency": 5}
# signs of these are never a mere question: whoever asks about them is asked whether they are safe
NEVER_HYPOTHETICAL = frozenset({"suicide_risk", "danger_at_home", "eating_disorder"})


@dataclass(frozen=True)
class ShownCard:
    """A card as the reader sees it.

    Attributes:
        asks: the question that follows, or `None`.
    """

    card: str
    level: Level
    heading: str
    body: str
    on_the_phone: str
    do_not: str
    asks: str | None

    @property
    def text(self) -> str:
        """The card as plain text, its question last."""
        lines = [self.heading, self.body, self.on_the_phone, self.do_not, self.asks]
        return "\n".join(line for line in lines if line)


def level_of(card: str, sign: str | None) -> Level:
    """The level of a sign: its own where it has one, otherwise its card's."""
    entry = content().care[card]
    own = entry.signs[sign].level if sign in entry.signs else None
    return own or entry.level


def show(card: str, sign: str | None, someone_else: bool, informational: bool) -> ShownCard:
    """The card for a sign.

    Args:
        sign: which sign was seen, or `None` where only the card is known.
        someone_else: the person with the sign is not the one who writes.
        informational: the sign was asked about, not described.
    """
    entry = content().care[card]
    level = level_of(card, sign)
    if informational and entry.hypothetical:
        told = entry.hypothetical
        heading = f"{content().care_words['informational_prefix']} {told.heading}"
        return ShownCard(card, entry.level, heading, told.body, "", "", told.asks)
    parts: list[CareText] = [entry.signs[sign]] if sign in entry.signs else []
    if someone_else:
        parts.append(entry.third_person)
    return ShownCard(
        card,
        level,
        _first(parts, "heading", entry),
        _first(parts, "body", entry),
        _first(parts, "on_the_phone", entry),
        _first(parts, "do_not", entry),
        _question(entry, level),
    )


def _first(parts: list[CareText], name: str, entry: CareCard) -> str:
    for part in parts:
        text: str | None = getattr(part, name)
        if text:
            return text
    fallback: str = getattr(entry, name)
    return fallback


def _question(entry: CareCard, level: Level) -> str | None:
    """What an emergency or crisis card asks; a card that its sign lifted asks whether it has happened."""
    if entry.asks or RANK[level] < RANK["crisis"]:
        return entry.asks if RANK[level] >= RANK["crisis"] else None
    return content().care_words["happened"]


def held_answers(card: str) -> frozenset[str]:
    """The answers that are held back while `card` is open."""
    entry = content().care[card]
    return frozenset(answer for group in entry.holds for answer in content().holds[group])
