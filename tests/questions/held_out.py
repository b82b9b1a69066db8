"""The held-out questions and dialogues, and how near a training example may come to one of them."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
# "yes", "no, thanks": of so few words that two people write the same by chance
BY_CHANCE = 2
# near-copies are looked for among texts of at least so many words
NEAR_FROM = 5
NEAR = 0.9
# a short question may stand inside a longer one by chance; from so many words on it was copied
QUOTED_FROM = 8


def rows(name: str) -> list[dict[str, Any]]:
    """The lines of one of the files."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def texts() -> dict[str, str]:
    """Id → text of every question and every user's turn. Tests name the id alone: the texts stay in their files."""
    found = {row["id"]: row["text"] for row in rows("questions.jsonl")}
    for dialogue in rows("dialogues.jsonl"):
        for number, turn in enumerate(dialogue["turns"]):
            found[f"{dialogue['id']} turn {number}"] = turn["user"]
    return found


def words(text: str) -> tuple[str, ...]:
    """The words of a text without case, punctuation and apostrophes."""
    return tuple(re.findall(r"\w+", re.sub(r"['’]", "", text.casefold())))


def copies(held_out: dict[str, str], training: Iterable[str]) -> dict[str, str]:
    """Id → training text, for each held-out text that a training text repeats or nearly repeats.

    Near means: of the words in either, 90 % are in both.
    """
    known = {words(text): text for text in training}
    containing: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for example in known:
        for word in example:
            containing[word].add(example)
    return {
        key: known[copy]
        for key, text in held_out.items()
        for copy in [_copy(words(text), known, containing)]
        if copy is not None
    }


def _copy(
    text: tuple[str, ...], known: Iterable[tuple[str, ...]], containing: dict[str, set[tuple[str, ...]]]
) -> tuple[str, ...] | None:
    if len(text) > BY_CHANCE and text in known:
        return text
    if len(text) < NEAR_FROM:
        return None
    # a near-copy lacks at most a tenth of the words, so it has one of the rarest of that many and one more
    rarest = sorted(set(text), key=lambda word: len(containing[word]))[: len(text) // 9 + 1]
    shared = Counter(example for word in rarest for example in containing[word])
    ours = set(text)
    return next(
        (
            example
            for example in shared
            if len(example) >= NEAR_FROM and len(ours & set(example)) >= NEAR * len(ours | set(example))
        ),
        None,
    )
