"""More, simpler, why, again: views of what was last said."""

from __future__ import annotations

from typing import get_args

from actions import wording
from actions.base import ReplyAction
from actions.reply import Item, Reply
from actions.turn import Turn
from bot.content import content


class FollowUp(ReplyAction):
    """Shows another view of the last topic; with nothing to refer to, asks."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_follow_up"

    def respond(self, turn: Turn) -> Reply:
        """The view that the intent names, or the last one again for `repeat`."""
        topic = turn.slots.get("topic")
        view = turn.slots.get("view") or "short" if turn.intent == "repeat" else turn.intent
        if not topic:
            return Reply((wording.talk(turn.intent, asks="clarify"),))
        if topic not in content().answers:
            return Reply((wording.not_in_document(topic),))
        item = wording.answer(topic, view) if view in get_args(wording.View) else wording.talk(view)
        listed = {**(item.says or {}), "view": view}
        return Reply((Item(item.text, listed, item.buttons),), {"view": view})
