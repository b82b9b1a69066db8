"""Every official wording that a card covers is caught, however it is typed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.content import content
from bot.content.cards import RANK, level_of
from bot.language.standby import standby

WORDINGS = [
    (card, sign, wording)
    for card, entry in content().care.items()
    for sign, told in entry.signs.items()
    for wording in told.official
]


def misspelt(wording: str) -> str:
    """One letter wrong in its longest word; short words are other words with another letter."""
    longest = max(wording.split(), key=len)
    if len(longest) < 6:
        return wording
    middle = len(longest) // 2
    slip = "e" if longest[middle] != "e" else "a"
    return wording.replace(longest, longest[:middle] + slip + longest[middle + 1 :], 1)


WAYS = {
    "as written": lambda wording: wording,
    "in capitals": str.upper,
    "without apostrophes": lambda wording: wording.replace("'", "").replace("’", ""),
    "without spaces after commas": lambda wording: wording.replace(", ", ","),
    "with one letter wrong": misspelt,
    "in the third person": lambda wording: f"my husband has this: {wording}",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("card", "sign", "wording"), WORDINGS)
def test_caught(agent: Any, card: str, sign: str, wording: str, way: str) -> None:
    seen = standby.read(WAYS[way](wording))
    wanted = RANK[level_of(card, sign)]
    assert any(RANK[level_of(found.card, found.sign)] >= wanted for found in seen), seen
