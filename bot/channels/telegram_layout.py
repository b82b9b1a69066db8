"""How a reply looks in Telegram: texts within its limits, words that stand out, and rows of buttons.

Formatting is given by entities, places in the text, so that nothing in a text needs to be escaped or can be lost.
https://core.telegram.org/bots/api#sendmessage
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels import marks, payloads, prose
from bot.channels.turns import Message

MAX_TEXT = 4096  # UTF-16 units
MAX_DATA = 64  # bytes of what a button sends
MAX_BUTTONS = 100  # below one message
ROW = 34  # letters that fit side by side on a telephone
PER_ROW = 4

Button = tuple[str, str]
Keyboard = list[list[dict[str, str]]]


@dataclass(frozen=True)
class Part:
    """One message as Telegram takes it.

    Attributes:
        entities: what is bold or hidden, as places in the text.
        keyboard: rows of buttons below it.
    """

    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)
    keyboard: Keyboard = field(default_factory=list)


def units(text: str) -> int:
    """The length of a text as Telegram counts it: letters beyond the first 65,536, emoji among them, are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts(message: Message) -> list[Part]:
    """A message of a reply, cut where it is too long, its buttons below the last piece."""
    text: str = message["text"]
    # a spoiler is what Telegram leaves out of notifications; one tap shows it
    kind, marked = ("spoiler", [(0, len(text))]) if prose.is_hidden(message) else ("bold", [*prose.emphasis(message)])
    ranges = prose.pieces(text, MAX_TEXT, units)
    made = [Part(text[start:end], _entities(kind, text, start, end, marked)) for start, end in ranges]
    keyboards = below(keyboard_of(message))
    if made and keyboards:
        made[-1] = Part(made[-1].text, made[-1].entities, keyboards[0])
    return [*made, *(Part("…", keyboard=more) for more in keyboards[1:])]


def below(keyboard: Keyboard) -> list[Keyboard]:
    """The rows of a keyboard, dealt out to as many messages as Telegram wants for them."""
    dealt: list[Keyboard] = []
    for row in keyboard:
        if not dealt or sum(map(len, dealt[-1])) + len(row) > MAX_BUTTONS:
            dealt.append([])
        dealt[-1].append(row)
    return dealt


def _entities(kind: str, text: str, start: int, end: int, marked: Iterable[prose.Range]) -> list[dict[str, Any]]:
    """The marked words between two places of a text."""
    within = [(max(first, start), min(last, end)) for first, last in marked if first < end and last > start]
    return [
        {"type": kind, "offset": units(text[start:first]), "length": units(text[first:last])} for first, last in within
    ]


def keyboard_of(message: Message) -> Keyboard:
    """The buttons of a message, and below an answer those that ask whether it helped."""
    offered = [(button["title"], button["payload"]) for button in message.get("buttons") or []]
    answer = marks.answer_of(message)
    return [*rows(offered), *(rows(marks.question(answer)) if answer else [])]


def rows(buttons: Sequence[Button]) -> Keyboard:
    """Buttons side by side as long as their titles can be read."""
    found: Keyboard = []
    width = ROW
    for title, payload in buttons:
        if width + len(title) > ROW or len(found[-1]) == PER_ROW:
            found.append([])
            width = 0
        found[-1].append({"text": title, "callback_data": data_of(payload)})
        width += len(title) + 4
    return found


def data_of(payload: str) -> str:
    """What a button carries: its payload, or where that is too long a short name for it."""
    if len(payload.encode()) <= MAX_DATA:
        return payload
    return "#" + hashlib.sha256(payload.encode()).hexdigest()[: MAX_DATA - 1]


def payload_of(data: str, known: Iterable[str] | None = None) -> str | None:
    """The payload of a button of ours, or `None`.

    Args:
        known: the payloads that our buttons have.
    """
    return next(
        (payload for payload in (payloads.known() if known is None else known) if data_of(payload) == data), None
    )


def with_reasons(keyboard: Sequence[Sequence[Mapping[str, Any]]], answer: str) -> Keyboard:
    """A keyboard with the reasons why an answer did not help, in the place of the question whether it did."""
    return [*without_marks(keyboard), *rows(marks.reasons(answer))]


def without_marks(keyboard: Sequence[Sequence[Mapping[str, Any]]]) -> Keyboard:
    """A keyboard without the buttons that ask about the answer."""
    kept = [[dict(button) for button in row if not marks.read(button.get("callback_data"))] for row in keyboard]
    return [row for row in kept if row]
