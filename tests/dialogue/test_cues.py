from __future__ import annotations

import pytest

from bot.dialogue import cues

DENIALS = [
    "no",
    "No.",
    "nope!",
    "oh no, it hasn't",
    "no it never did",
    "it hasn't",
    "I haven’t",
    "that is not true",
    "never",
]
NO_DENIALS = ["not a big fall", "no big deal", "not that bad", "only a bit", "yes", "no worse than before"]


@pytest.mark.parametrize("text", DENIALS)
def test_denied_outright(text: str) -> None:
    assert cues.denies(text)


@pytest.mark.parametrize("text", NO_DENIALS)
def test_played_down_is_not_denied(text: str) -> None:
    assert not cues.denies(text)


@pytest.mark.parametrize("text", ["does it help", "ok and is heat good", "what for", "heat?", "should I rest"])
def test_asking(text: str) -> None:
    assert cues.is_question(text)


@pytest.mark.parametrize("text", ["it is in spasm", "I do walk a lot", "no, the waist", "doing nothing"])
def test_telling(text: str) -> None:
    assert not cues.is_question(text)


@pytest.mark.parametrize(
    ("text", "whom"), [("who can I see about it", True), ("who are you", False), ("see it", False)]
)
def test_asking_whom(text: str, whom: bool) -> None:
    assert cues.asks_whom(text) is whom


@pytest.mark.parametrize(("text", "both"), [("both", True), ("Yes, both of them.", True), ("both legs", False)])
def test_both(text: str, both: bool) -> None:
    assert cues.says_both(text) is both


@pytest.mark.parametrize(
    ("text", "asks"), [("why do you ask", True), ("what do you need that for, why", False), ("why", False)]
)
def test_why_it_asks(text: str, asks: bool) -> None:
    assert cues.asks_why_asked(text) is asks


@pytest.mark.parametrize(
    ("text", "picks"),
    [
        ("no, the red one", True),
        ("the slow kind please", False),
        ("not that, the very slow kind.", True),
        ("the other one", False),
        ("the one", False),
        ("no, the whole thing", False),
        ("no thanks", False),
        ("my back is bad and I think that it is the worst kind", False),
    ],
)
def test_picking_by_a_word(text: str, picks: bool) -> None:
    assert cues.describes_one(text) is picks
