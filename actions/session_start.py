"""Begin a session: a conversation that comes back after a day is picked up."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ACTION_LISTEN_NAME
from rasa_sdk.types import DomainDict

from bot.dialogue import chooser, privacy

# what was said about today, and what only the last reply was about
FORGOTTEN = frozenset(
    {"requested_slot", "offered", "plan", "misses", privacy.QUESTION, chooser.SPASM_NOW, chooser.AREA}
)


class SessionStart(Action):
    """Takes over what the conversation knows, in place of Rasa's own action of this name.

    An open care card stays open. The chooser's question does not, as a spasm may have come or gone; but the questions
    can be gone back to.
    """

    def name(self) -> str:
        """The name that Rasa calls."""
        return "action_session_start"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """The start of the session, the slots that are kept, and listening."""
        kept = {name: value for name, value in tracker.slots.items() if value is not None and name not in FORGOTTEN}
        if tracker.slots.get("requested_slot"):
            kept["chooser_left"] = True
        return [
            SessionStarted(),
            *(SlotSet(name, value) for name, value in kept.items()),
            ActionExecuted(ACTION_LISTEN_NAME),
        ]
