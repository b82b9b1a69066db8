"""Say what is kept and ask for consent, show a copy, ask whether to delete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import wording
from actions.base import ReplyAction
from actions.reply import Item, Reply, button
from actions.turn import Turn
from bot.dialogue import privacy

YES_OR_NO = (button("Yes", "affirm"), button("No", "deny"))
OTHER_WISHES = (button("Show my data", "export_my_data"), button("Delete my data", "delete_my_data"))


class Privacy(ReplyAction):
    """Replies to those who ask about their data."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_privacy"

    def respond(self, turn: Turn) -> Reply:
        """The texts of the step with their buttons; then the copy, if one was asked for."""
        step = privacy.asked(turn.message, turn.slots)
        buttons = (*YES_OR_NO, *(OTHER_WISHES if step.asks == "consent" else ())) if step.asks else ()
        items = [wording.timed_talk(step.texts, step.asks, buttons)]
        if step.copy:
            items.append(Item("\n".join(transcript(turn.events)), is_copy=True))
        return Reply(tuple(items), step.slots)

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Reply; the question whether to delete closes the chooser, so that "yes" can mean one thing alone."""
        events = await super().run(dispatcher, tracker, domain)
        asked_to_delete = any(event.get("value") == privacy.ABOUT_DELETING for event in events)
        if asked_to_delete and tracker.active_loop.get("name"):
            events += [ActiveLoop(None), SlotSet("requested_slot", None)]
        return events


def transcript(events: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Every message of a conversation, a line each: when, who, what."""
    for event in events:
        text = event.get("text")
        if event.get("event") in ("user", "bot") and text:
            who = "You" if event["event"] == "user" else "Bot"
            when = datetime.fromtimestamp(event.get("timestamp") or 0, timezone.utc)
            yield f"{when:%Y-%m-%d %H:%M} {who}: {text}"
