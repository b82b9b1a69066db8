"""What all actions share: they see a `Turn`, give back a `Reply`, and this class talks to Rasa."""

from __future__ import annotations

from abc import ABC, abstractmethod

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ACTION_LISTEN_NAME
from rasa_sdk.types import DomainDict

from actions import wording
from actions.reply import Item, Reply
from actions.turn import Turn
from bot.dialogue import privacy


class ReplyAction(Action, ABC):
    """An action that replies.

    `respond` is plain and has no side effects; `run` sends its items and sets its slots. The first reply of a
    conversation carries the notice of who is speaking: before what was asked, but after a care card.

    Attributes:
        ends_turn: nothing follows but listening, outside the chooser. Saying so spares the policies a prediction.
    """

    ends_turn = True

    @abstractmethod
    def respond(self, turn: Turn) -> Reply:
        """The reply to `turn`."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Send the reply and remember what it said."""
        turn = Turn.of(tracker)
        reply = self.respond(turn)
        items = list(reply.items)
        slots = dict(reply.slots)
        if not turn.slots.get("noticed"):
            at = 1 if is_care(items[0]) else 0
            items.insert(at, wording.first_notice())
            slots["noticed"] = True
        if turn.slots.get(privacy.QUESTION):
            slots.setdefault(privacy.QUESTION, None)  # it was open for this message alone: a later "yes" means another
        for item in items:
            summary = wording.summary([item.says] if item.says else [], item.is_copy) if item.has_summary else None
            dispatcher.utter_message(text=item.text, buttons=list(item.buttons), json_message=summary)
        then = reply.then
        if then is None and self.ends_turn and not tracker.active_loop.get("name"):
            then = ACTION_LISTEN_NAME
        return [*(SlotSet(name, value) for name, value in slots.items()), *([FollowupAction(then)] if then else [])]


def is_care(item: Item) -> bool:
    """Whether an item is a care card."""
    return bool(item.says) and item.says["kind"] == "care"  # type: ignore[index]
