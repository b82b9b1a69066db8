"""How a reply looks in Slack: blocks within its limits, and the same words as plain text for notifications.

Texts go into rich text blocks, which hold plain words beside their style, so that nothing in a text needs to be
escaped or can be lost. https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels import marks, prose
from bot.channels.turns import Message
from bot.content import content

MAX_TEXT = 3000  # characters; all blocks of a message together may hold about four times as many
MAX_HEADER = 150
MAX_TITLE = 75  # of a button
PER_BLOCK = 5  # buttons side by side
MAX_BLOCKS = 45  # of buttons in one message, which may have 50 blocks in all

LINK = re.compile(r"https?://[^\s<>\"”]*[^\s<>\"”.,;:!?)]")

Block = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One message as Slack takes it.

    Attributes:
        text: what notifications and screen readers say.
        blocks: what is shown.
    """

    text: str
    blocks: list[Block]


def parts(message: Message) -> list[Part]:
    """A message of a reply, cut where it is too long, its buttons below the last piece."""
    text: str = message["text"]
    bold = list(prose.emphasis(message))
    made = [
        Part(notification(message, start, end), text_blocks(message, start, end, bold))
        for start, end in prose.pieces(text, MAX_TEXT)
    ]
    buttons = button_blocks(message)
    if made:
        made[-1].blocks.extend(buttons[:MAX_BLOCKS])
    later = [buttons[place : place + MAX_BLOCKS] for place in range(MAX_BLOCKS, len(buttons), MAX_BLOCKS)]
    return [*made, *(Part("…", blocks) for blocks in later)]


def notification(message: Message, start: int, end: int) -> str:
    """What notifications say of a piece of a message: its words, unless nobody else may see them."""
    return content().care_words["notice_preview"] if prose.is_hidden(message) else escaped(message["text"][start:end])


def text_blocks(message: Message, start: int, end: int, bold: Sequence[prose.Range]) -> list[Block]:
    """The blocks of a piece of a message. The heading of a care card stands above it, large."""
    text: str = message["text"]
    says = message.get("says") or {}
    heading = next(((first, last) for first, last in bold if says.get("kind") == "care"), None)
    if heading and start == heading[0] and heading[1] - start <= MAX_HEADER and heading[1] < end:
        above = {"type": "header", "text": {"type": "plain_text", "text": text[start : heading[1]], "emoji": False}}
        return [above, rich_text(text, heading[1] + 1, end, ())]
    return [rich_text(text, start, end, bold)]


def rich_text(text: str, start: int, end: int, bold: Iterable[prose.Range]) -> Block:
    """A block with the words between two places of a text, bold words and links among them."""
    links = [(found.span(), "link") for found in LINK.finditer(text, start, end)]
    strong = [((max(first, start), min(last, end)), "bold") for first, last in bold if first < end and last > start]
    elements: list[Block] = []
    at = start
    for (first, last), kind in sorted([*links, *strong]):
        if first < at:  # a link within bold words stays bold
            continue
        elements += _words(text[at:first])
        elements.append(_styled(text[first:last], kind))
        at = last
    elements += _words(text[at:end])
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _words(text: str) -> list[Block]:
    return [{"type": "text", "text": text}] if text else []


def _styled(text: str, kind: str) -> Block:
    if kind == "link":
        return {"type": "link", "url": text, "text": text}
    return {"type": "text", "text": text, "style": {"bold": True}}


def button_blocks(message: Message) -> list[Block]:
    """The buttons of a message, and below an answer those that ask whether it helped."""
    offered = [(button["title"], button["payload"]) for button in message.get("buttons") or []]
    answer = marks.answer_of(message)
    return [*rows(offered), *(rows(marks.question(answer)) if answer else [])]


def rows(buttons: Sequence[tuple[str, str]]) -> list[Block]:
    """Blocks of a few buttons each."""
    return [
        {"type": "actions", "elements": [_button(place, *button) for place, button in enumerate(chunk)]}
        for chunk in (buttons[at : at + PER_BLOCK] for at in range(0, len(buttons), PER_BLOCK))
    ]


def _button(place: int, title: str, payload: str) -> Block:
    short = title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…"
    label = {"type": "plain_text", "text": short, "emoji": True}
    return {"type": "button", "action_id": f"button-{place}", "text": label, "value": payload}


def with_reasons(blocks: Any, answer: str) -> list[Block]:
    """Blocks with the reasons why an answer did not help, in the place of the question whether it did."""
    return [*without_marks(blocks), *rows(marks.reasons(answer))]


def with_thanks(blocks: Any) -> list[Block]:
    """Blocks with a word of thanks in the place of the buttons that ask about the answer."""
    thanks = {"type": "plain_text", "text": content().talk["feedback_thanks"].text}
    return [*without_marks(blocks), {"type": "context", "elements": [thanks]}]


def without_marks(blocks: Any) -> list[Block]:
    """Blocks without those that ask about the answer."""
    given = [block for block in blocks if isinstance(block, Mapping)] if isinstance(blocks, list) else []
    return [dict(block) for block in given if not any(marks.read(value) for value in _values(block))]


def _values(block: Mapping[str, Any]) -> Iterator[Any]:
    for element in block.get("elements") or []:
        if isinstance(element, Mapping):
            yield element.get("value")


def escaped(text: str) -> str:
    """A text in which Slack sees no mention and no link of its own."""
    return html.escape(text, quote=False)


def home() -> Block:
    """The app's home tab: who speaks, what it can do, what to ask, and what is kept."""
    known = content()
    samples = [known.answers[name] for name in known.talk["greet"].buttons]
    asks = [(answer.question, f"/{name}") for name, answer in zip(known.talk["greet"].buttons, samples)]
    data = [
        ("What do you keep?", "/privacy"),
        ("Show my data", "/export_my_data"),
        ("Delete my data", "/delete_my_data"),
    ]
    texts = [known.talk[name].text for name in ("first_notice", "capabilities")]
    blocks = [rich_text(text, 0, len(text), ()) for text in texts]
    return {"type": "home", "blocks": [*blocks, *rows(asks), {"type": "divider"}, *rows(data)]}
