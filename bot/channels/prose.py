"""Texts for services that limit their length: where to cut them, and which of their words stand out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.content import content

Message = dict[str, Any]
Range = tuple[int, int]

# cards that nobody else may see over a shoulder or in a notification (bot/content/care/danger_at_home.yml)
HIDDEN = frozenset({"danger_at_home"})
SENTENCE_END = re.compile(r"\n|(?<=[.!?…])\s")
SPACE = re.compile(r"\s")
LABEL = re.compile(r"^(?:Not from the document|Source):", re.MULTILINE)


def pieces(text: str, limit: int, size: Callable[[str], int] = len) -> list[Range]:
    """Cut a text at the ends of sentences, or else of words, so that no piece is longer than `limit`.

    Args:
        limit: the greatest size of a piece.
        size: how the service counts a text.

    Returns:
        Where each piece begins and ends. Between two of them there is white space alone.
    """
    found: list[Range] = []
    start, last = _trimmed(text, 0, len(text))
    while start < last:
        end = last if size(text[start:last]) <= limit else _cut(text, start, _longest(text, start, last, limit, size))
        found.append(_trimmed(text, start, end))
        start, _ = _trimmed(text, end, last)
    return found


def _trimmed(text: str, start: int, end: int) -> Range:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _longest(text: str, start: int, last: int, limit: int, size: Callable[[str], int]) -> int:
    """The end of the longest piece that fits, by halving."""
    fits, too_long = start + 1, last
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if size(text[start:middle]) <= limit:
            fits = middle
        else:
            too_long = middle
    return fits


def _cut(text: str, start: int, end: int) -> int:
    """The last place before `end` where a sentence ends; else a word; else `end`."""
    for boundary in (SENTENCE_END, SPACE):
        places = [match.start() for match in boundary.finditer(text, start + 1, end + 1)]
        if places:
            return places[-1]
    return end


def is_hidden(message: Message) -> bool:
    """Whether a notification must not show the words of a message."""
    says = message.get("says") or {}
    return says.get("kind") == "care" and not HIDDEN.isdisjoint(says.get("ids") or ())


def emphasis(message: Message) -> Iterator[Range]:
    """The words of a message that stand out: a card's heading, the groups of a plan, labels."""
    text, says = message["text"], message.get("says") or {}
    if says.get("kind") == "care":
        yield 0, (text + "\n").index("\n")
        return
    for match in LABEL.finditer(text):
        yield match.span()
    if len(says.get("ids") or ()) > 1:
        titles = [content().answers[name].title for name in says["ids"] if name in content().answers]
        for title in titles:
            group = re.search(rf"^{re.escape(title)}:", text, re.MULTILINE)
            if group:
                yield group.span()
