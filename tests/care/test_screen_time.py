"""What the care screen costs: hardly anything on a short message, and even the longest is screened whole in time."""

from __future__ import annotations

import os
import statistics
import time
from typing import Any

import pytest

from bot.language import care_screen, reading, segments
from bot.language.classifier import MessageReader
from bot.language.lexical import Patterns
from bot.language.standby import standby
from tests.care.registry import SENTENCES

SHORT = [sentence for sentence, _ in SENTENCES.values()]
# milliseconds by the clock, the best of a few tries, so that other work on the machine counts little
SHORT_WITHIN, LONG_WITHIN = 2.0, 300.0
LONGEST = 10_000


def screening(text: str) -> tuple[float, list[care_screen.SeenSign]]:
    """What the screen adds to a message that was read as a question already: milliseconds, and the signs."""
    assert standby.classifier is not None
    assert standby.screen is not None
    doc, reader = standby.nlp(text.lower()), MessageReader(standby.classifier, text)
    sentences = segments.sentences(doc)
    reading.read(reader, text, reading.parts_to_read(sentences))
    began = time.perf_counter()
    words = care_screen.Words.of(doc, Patterns.load())
    signs = standby.screen.read(words, care_screen.texts_to_screen(text, sentences), reader)
    return (time.perf_counter() - began) * 1000, signs


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
