"""What an action replies: the texts to show, the items of the reply contract, and the slots to set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Button = dict[str, str]


def button(title: str, intent: str) -> Button:
    """A button that sends `intent` when tapped."""
    return {"title": title, "payload": f"/{intent}"}


@dataclass(frozen=True)
class Item:
    """One thing shown.

    Attributes:
        text: as the reader sees it.
        says: its entry in the reply contract, or `None` for what the contract does not list (the first notice).
        buttons: what can be tapped below it.
        is_copy: it is a copy of the conversation, which is not kept within the conversation.
    """

    text: str
    says: dict[str, Any] | None = None
    buttons: tuple[Button, ...] = ()
    is_copy: bool = False

    @property
    def has_summary(self) -> bool:
        """Whether there is something to say of it to machines."""
        return bool(self.says) or self.is_copy


@dataclass(frozen=True)
class Reply:
    """Everything that one action says and remembers, and the action that goes on from there, if one does."""

    items: tuple[Item, ...]
    slots: dict[str, Any] = field(default_factory=dict)
    then: str | None = None


def says(kind: str, ids: list[str], asks: str | None = None, **more: Any) -> dict[str, Any]:
    """An entry of the reply contract.

    Args:
        more: what some kinds say besides, such as `source`, `level`, `offers`, `about` (what `ids` does not tell apart)
            and `mark` (what a reader said of an answer).
    """
    return {"kind": kind, "ids": ids, "level": None, "asks": asks, **more}
