"""What the care screen costs: hardly anything on a short message, and even the longest is screened whole in time."""

from __future__ import annotations

import json
import os
import statistics
import time
from typing import Any

import pytest

from bot.language import care_screen, reading, segments
from bot.language.classifier import MessageReader
from bot.language.standby import standby
from tests.care.registry import SENTENCES
from tests.questions.held_out import FOLDER

# of one sentence: those of several cost another run of the encoder, whoever asks for it
SHORT = [sentence for sentence, _ in SENTENCES.values() if "." not in sentence]
# milliseconds by the clock, the best of a few tries, so that other work on the machine counts little
SHORT_WITHIN, LONG_WITHIN = 2.0, 300.0
LONGEST = 10_000
QUESTIONS = FOLDER / "questions.jsonl"


def screening(text: str) -> tuple[float, list[care_screen.SeenSign]]:
    """What the screen adds to a message that was read as a question already: milliseconds, and the signs."""
    assert standby.classifier is not None
    assert standby.screen is not None
    doc, reader = standby.nlp(text.lower()), MessageReader(standby.classifier)
    sentences = segments.sentences(doc)
    reading.read(reader, text, [part for sentence in sentences for part in segments.clauses(sentence)])
    began = time.perf_counter()
    signs = standby.screen.read(doc, care_screen.texts_to_screen(text, sentences), reader)
    return (time.perf_counter() - began) * 1000, signs


def test_sentences_that_could_raise_nothing_are_not_read(agent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the whole message leaves no room for is not looked for, and nothing is missed by that."""
    texts = [json.loads(line)["text"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    texts = [text for text in texts if any(f"{mark} " in text for mark in ".!?")]
    found = [screening(text)[1] for text in texts]
    monkeypatch.setattr(care_screen, "leaves_room", lambda _: True)
    assert found == [screening(text)[1] for text in texts]
    assert len(texts) > 100


def test_a_short_message_is_screened_in_two_milliseconds(agent: Any) -> None:
    assert statistics.median(min(screening(text)[0] for _ in range(5)) for text in SHORT) <= SHORT_WITHIN


@pytest.mark.parametrize("at", [0, 0.5, 1], ids=["first", "in the middle", "last"])
def test_the_longest_message_is_screened_whole_and_in_time(agent: Any, at: float) -> None:
    days = [f"On day {day} I sat on the new chair, then walked to the shops and back. " for day in range(200)]
    count = (LONGEST - 60) // max(map(len, days))
    before = round(count * at)
    text = "".join([*days[:before], "My groin has gone numb since this morning. ", *days[before:count]])
    assert LONGEST - 500 < len(text) <= LONGEST
    times = []
    for _ in range(6):
        milliseconds, signs = screening(text)
        times.append(milliseconds)
    assert "cauda_equina" in {sign.card for sign in signs}
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # each process gets its share of the machine
    assert min(times) <= LONG_WITHIN * busy
