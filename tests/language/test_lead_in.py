from __future__ import annotations

import pytest

from bot.language import lead_in


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("no, I meant the jab", "the jab"),
        ("and for the waist?", "for the waist"),
        ("not that one, the gel please", "the gel"),
        ("ok so what about my shoes then?", "my shoes"),
        ("No. No! Wait, ice", "ice"),
        ("no spasm", "no spasm"),
        ("not now", "not now"),
        ("norway", "norway"),
        ("nothing helps", "nothing helps"),
        ("does ice help?", "does ice help?"),
        ("yes", ""),
        ("no, sorry!", ""),
        ("hmm ok", ""),
    ],
)
def test_what_is_left(text: str, rest: str) -> None:
    assert lead_in.without(text) == rest
