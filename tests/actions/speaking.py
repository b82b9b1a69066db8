"""Let an action speak: give it a message and slots, get what it shows, lists and remembers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


@dataclass(frozen=True)
class Spoken:
    """What an action said.

    Attributes:
        messages: as Rasa gets them: text, buttons, summary.
        slots: what it set.
        events: everything else that it told Rasa, by type.
    """

    messages: list[dict[str, Any]]
    slots: dict[str, Any]
    events: list[str]

    @property
    def text(self) -> str:
        """Everything shown, one message below the other."""
        return "\n".join(message["text"] for message in self.messages)

    @property
    def says(self) -> list[dict[str, Any]]:
        """The items of the reply contract."""
        return [item for message in self.messages for item in (message["custom"] or {}).get("data", {}).get("says", [])]

    @property
    def listed(self) -> list[tuple[str, list[str]]]:
        """Kind and ids of each item."""
        return [(item["kind"], item["ids"]) for item in self.says]

    @property
    def payloads(self) -> list[str]:
        """What the buttons send."""
        return [button["payload"] for message in self.messages for button in message["buttons"]]


def speak(
    action: Action,
    *intents: str,
    slots: dict[str, Any] | None = None,
    entities: list[dict[str, Any]] | None = None,
    text: str = "as typed",
    **reading: Any,
) -> Spoken:
    """Run `action` on a message that was read as `intents`, in a conversation with `slots`.

    The first notice was shown before, unless `slots` says otherwise. `reading` is what else was read of the message:
    `alternatives`, `signs`, `replies`.
    """
    message = {
        "text": text,
        "intent": {"name": intents[0] if intents else None},
        "entities": entities or [],
        "reading": {"questions": list(intents), **reading},
    }
    tracker = Tracker("tests", {"noticed": True, **(slots or {})}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, tracker, {}))
    return Spoken(
        dispatcher.messages,
        {event["name"]: event["value"] for event in events if event["event"] == "slot"},
        [event["event"] for event in events if event["event"] != "slot"],
    )
