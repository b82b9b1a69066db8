"""Leave the chooser, or whatever else was open."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn


class Stop(ReplyAction):
    """Closes the chooser and keeps what it learnt, so that it can be gone back to."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_stop"

    def respond(self, turn: Turn) -> Reply:
        """Say that the questions can be left; to a goodbye, goodbye."""
        left = {"chooser_left": True} if turn.slots.get("requested_slot") else {}
        return Reply((wording.talk("goodbye" if turn.intent == "goodbye" else "chooser_stopped"),), left)

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Reply, then end the form."""
        events = await super().run(dispatcher, tracker, domain)
        return [*events, ActiveLoop(None), SlotSet("requested_slot", None)]
