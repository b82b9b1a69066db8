"""What is kept of a conversation: what the person may ask for, and what "yes" and "no" do.

Plain Python. The slots tell the store (bot/conversations/store.py) what was decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.dialogue.messages import Message

# slots: which question is open, for the next message alone; whether history may be kept; whether all is to be deleted
QUESTION, CONSENT, ERASE = "privacy_question", "consent", "erase"
ABOUT_CONSENT, ABOUT_DELETING = "consent", "delete"

# first intents that answer an open question
ANSWERS = (("affirm",), ("deny",))

Asks = Literal["consent", "confirm_delete"]


@dataclass(frozen=True)
class Step:
    """What comes next.

    Attributes:
        texts: the ids in talk.yml of what is said.
        asks: the question that the last of them asks, as the reply contract calls it.
        slots: what to remember.
        copy: whether a copy of the conversation follows.
    """

    texts: tuple[str, ...]
    asks: Asks | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    copy: bool = False


def asked(message: Message, slots: Mapping[str, Any]) -> Step:
    """What to do about a message that asks about its data."""
    if message.intents[:1] == ("delete_my_data",):
        return Step(("delete_my_data",), "confirm_delete", {QUESTION: ABOUT_DELETING})
    if message.intents[:1] == ("export_my_data",):
        return Step(("export_my_data",), copy=True)
    if slots.get("requested_slot"):
        return Step(("privacy",))  # the chooser's question follows; two at once would be one too many
    ask = "privacy_ask_again" if slots.get(CONSENT) else "privacy_ask"
    return Step(("privacy", ask), "consent", {QUESTION: ABOUT_CONSENT})


def answered(message: Message, question: str | None) -> Step:
    """What "yes" or "no" to a question about one's data does.

    Args:
        question: the question; `None` if it was asked too long ago to count.
    """
    agreed = message.intents[:1] == ("affirm",)
    if question == ABOUT_DELETING:
        return Step(("deleted",), slots={ERASE: True}) if agreed else Step(("not_deleted",))
    if question == ABOUT_CONSENT:
        return Step(("consent_given" if agreed else "consent_declined",), slots={CONSENT: agreed})
    return Step(("affirm" if agreed else "deny",))
