"""The training examples, read from Rasa's NLU files without Rasa."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.content import content

FOLDER = Path(__file__).parent.parent.parent / "data" / "nlu"


@dataclass(frozen=True)
class Example:
    """One training message.

    Attributes:
        text: the message.
        intent: its label: an answer, a card, a conversation id or a kind of question that the document leaves open.
        hand: who wrote it, so that cross-validation can leave a writer out.
        sign: which sign of a card it shows; `None` where the intent is not a card.
        level: the level that the sign lifts its card to, or `None` for the card's own.
        hypothetical: the sign is asked about, not present.
        only_when_asked: means something only as an answer to a question of the chooser ("twice a week").
    """

    text: str
    intent: str
    hand: str = ""
    sign: str | None = None
    level: str | None = None
    hypothetical: bool = False
    only_when_asked: bool = False


def from_metadata(text: str, intent: str, metadata: Mapping[str, Any]) -> Example:
    """An example from the metadata of its block."""
    return Example(
        text=text,
        intent=intent,
        hand=metadata.get("hand", ""),
        sign=metadata.get("sign"),
        level=metadata.get("level"),
        hypothetical=bool(metadata.get("hypothetical", False)),
        only_when_asked=bool(metadata.get("only_when_asked", False)),
    )


def read(folder: Path = FOLDER) -> list[Example]:
    """Read every `*.yml` below `folder`, in the order of their paths."""
    return [example for path in sorted(folder.rglob("*.yml")) for example in read_file(path)]


def official_wordings() -> list[Example]:
    """The official wordings that the care cards cover, as examples of their signs: they stand in the cards alone."""
    return [
        Example(wording, card, sign=sign)
        for card, entry in content().care.items()
        for sign, told in entry.signs.items()
        for wording in told.official
    ]


def read_file(path: Path) -> Iterator[Example]:
    """The examples of one file, in order."""
    for block in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]:
        yield from _read_block(block)


def _read_block(block: dict[str, Any]) -> Iterator[Example]:
    for line in block["examples"].splitlines():
        yield from_metadata(line.removeprefix("- ").strip(), block["intent"], block.get("metadata", {}))
