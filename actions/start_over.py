"""Start again: forget what was talked about, but not what holds answers back."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn
from bot.dialogue import chooser


class StartOver(ReplyAction):
    """Clears the topic and the chooser; an open care card stays open."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_start_over"

    def respond(self, turn: Turn) -> Reply:
        """Ask what they would like to know."""
        cleared = dict.fromkeys(["topic", "view", "offered", "plan", "chooser_left", *chooser.QUESTIONS])
        return Reply((wording.talk("start_over"),), {**cleared, "misses": 0})

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Reply, then end the form."""
        events = await super().run(dispatcher, tracker, domain)
        return [*events, ActiveLoop(None), SlotSet("requested_slot", None)]
