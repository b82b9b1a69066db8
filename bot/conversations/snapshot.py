"""The state of a conversation at some turn, so that later turns need not read it from its beginning.

Rasa plays all events of a session again for each prediction. Stories look back two turns, and slots keep what must be
known for longer; so a turn is given the two turns before it and, in place of all others, what they led to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

# what a turn is given of those before it
TURNS = 2


def first_kept(events: Sequence[Event]) -> int | None:
    """The place of the first event that the next turn needs, or `None` while it needs all."""
    turns = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    return turns[-TURNS] if len(turns) > TURNS else None


def after(sender_id: str, events: Sequence[Event], slots: Sequence[Slot]) -> list[dict[str, Any]]:
    """What `events` led to, as events: slots, an open form, and listening.

    Args:
        slots: those of the domain.
    """
    tracker = DialogueStateTracker.from_events(sender_id, list(events), slots)
    changed = [SlotSet(name, slot.value) for name, slot in tracker.slots.items() if slot.value != slot.initial_value]
    form = [ActiveLoop(tracker.active_loop_name)] if tracker.active_loop_name else []
    return [event.as_dict() for event in (*changed, *form, ActionExecuted(ACTION_LISTEN_NAME))]
