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
    """Closes the chooser and keeps what it learnt."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_stop"

    def respond(self, turn: Turn) -> Reply:
        """Say that the questions can be left."""
        return Reply((wording.talk("chooser_stopped"),))

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Reply, then end the form."""
        events = await super().run(dispatcher, tracker, domain)
        return [*events, ActiveLoop(None), SlotSet("requested_slot", None)]
