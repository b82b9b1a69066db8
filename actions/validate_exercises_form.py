"""Fill the chooser from whatever a message says."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.turn import Turn
from bot.dialogue import chooser


class ValidateExercisesForm(Action):
    """Rasa's form calls this with each message, and asks what is still missing.

    A message that settles nothing sets no slot; Rasa then lets the rules take the turn, and asks again after it.
    """

    def name(self) -> str:
        """The name that Rasa derives from the form's."""
        return f"validate_{chooser.FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Set what the message settles, and the next question."""
        turn = Turn.of(tracker)
        asked = turn.slots.get("requested_slot")
        settled = chooser.fill(turn.message, asked)
        left = chooser.missing({**turn.slots, **settled})
        events: list[EventType] = [SlotSet(name, value) for name, value in settled.items()]
        if not asked:  # it starts: what was said before it is no longer what "why?" or "more" is about
            events += [SlotSet(name, None) for name in ("topic", "offered", "plan", "chooser_left")]
        return [*events, SlotSet("requested_slot", left[0] if left else None)]
