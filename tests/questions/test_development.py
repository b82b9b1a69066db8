"""What hands that were never trained on wrote, at the borders: how the reading and the care screen do on them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.content.cards import RANK, level_of
from bot.dialogue.messages import Message, Sign, read_message
from bot.evaluation.shares import Share
from bot.language import examples
from bot.language.examples import Example

FOLDER = Path(__file__).parent / "development"
URGENT = RANK["urgent"]

Read = Callable[[Example], Message]


@pytest.fixture(scope="module")
def read(agent: Any, loop: asyncio.AbstractEventLoop) -> Read:
    """What the assistant reads in an example."""
    return lambda example: read_message(loop.run_until_complete(agent.parse_message(example.text)))


def written(name: str) -> list[Example]:
    return list(examples.read_file(FOLDER / f"{name}.yml"))


def share_of(found: list[bool], name: str, capsys: pytest.CaptureFixture[str]) -> float:
    """The share that is true, printed with its interval."""
    with capsys.disabled():
        print(f"\n  {name}: {Share(sum(found), len(found))}")
    return sum(found) / len(found)


def present(message: Message) -> list[Sign]:
    return [sign for sign in message.signs if not sign.informational]


def test_signs_are_seen(read: Read, capsys: pytest.CaptureFixture[str]) -> None:
    grave, other, card, asked = [], [], [], []
    for example in written("care"):
        signs = read(example).signs
        if example.hypothetical:
            asked.append(bool(signs) and all(sign.informational for sign in signs))
            continue
        rank = RANK[level_of(example.intent, example.sign)]
        caught = any(sign.rank >= rank for sign in signs)
        (grave if rank > URGENT else other).append(caught)
        card.append(bool(signs) and signs[0].card == example.intent)
    assert share_of(grave, "emergencies and crises caught", capsys) >= 0.90
    assert share_of(other, "other signs caught", capsys) >= 0.88
    assert share_of(card, "with the right card first", capsys) >= 0.80
    assert share_of(asked, "told as only asked about", capsys) >= 0.60


def test_signs_among_other_matters_are_seen(read: Read, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever else a message asks: signs between two other messages, and as many messages without a sign."""
    dice = random.Random(1)
    others = [*written("answers"), *written("conversation"), *written("near_care")]
    grave = [one for one in written("care") if not one.hypothetical and RANK[level_of(one.intent, one.sign)] > URGENT]

    def among(example: Example) -> Message:
        before, after = dice.sample(others, 2)
        return read(replace(example, text=" ".join(map(_sentence, (before, example, after)))))

    caught = [any(sign.rank > URGENT for sign in among(example).signs) for example in grave]
    assert share_of(caught, "emergencies and crises caught between two other messages", capsys) >= 0.60
    raised = [bool(present(among(example))) for example in dice.sample(others, len(grave))]
    assert share_of(raised, "three other messages with any card", capsys) <= 0.12


def _sentence(example: Example) -> str:
    text = example.text[0].upper() + example.text[1:]
    return text if text[-1] in ".?!" else f"{text}."


def test_what_only_looks_like_a_sign_is_let_be(read: Read, capsys: pytest.CaptureFixture[str]) -> None:
    found = [[sign.rank for sign in present(read(example))] for example in written("near_care")]
    assert share_of([bool(ranks) for ranks in found], "near misses with any card", capsys) <= 0.15
    urgent = [any(rank >= URGENT for rank in ranks) for ranks in found]
    assert share_of(urgent, "near misses with an urgent card", capsys) <= 0.12


def test_every_fact_is_asked_for(read: Read, capsys: pytest.CaptureFixture[str]) -> None:
    messages = [(example.intent, read(example)) for example in written("answers")]
    assert share_of([intent in message.intents for intent, message in messages], "answers", capsys) >= 0.70
    assert share_of([bool(present(message)) for _, message in messages], "answers with any card", capsys) <= 0.05


def test_conversation_is_followed(read: Read, capsys: pytest.CaptureFixture[str]) -> None:
    messages = [(example.intent, read(example)) for example in written("conversation")]
    assert share_of([intent in message.intents for intent, message in messages], "conversation", capsys) >= 0.55
