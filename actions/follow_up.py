"""More, simpler, why, again, the other one: follow-ups that name nothing and refer to what was last said."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Item, Reply
from actions.turn import Turn
from actions.wording import View
from bot.content import content

VIEWS: dict[str, View] = {"more": "more", "simpler": "simpler", "why": "why", "does_it_work": "short"}


class FollowUp(ReplyAction):
    """Shows another view of the last topic, or its neighbour; with nothing to refer to, asks."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_follow_up"

    def respond(self, turn: Turn) -> Reply:
        """What the intent means for the last topic."""
        topic = turn.slots.get("topic")
        if not topic:
            return Reply((wording.talk(turn.intent, asks="clarify"),))
        if topic not in content().answers:
            return Reply((wording.not_in_document(topic),))
        if turn.intent == "the_other":
            other = content().answers[topic].follow_ups[0]
            return Reply((wording.answer(other),), {"topic": other, "view": "short"})
        if turn.intent == "repeat":
            return Reply((view_of(topic, turn.slots.get("view") or "short"),))
        if turn.intent in VIEWS:
            view = VIEWS[turn.intent]
            return Reply((view_of(topic, view),), {"view": view})
        return Reply((in_detail(turn.intent, topic),))


def view_of(topic: str, view: View) -> Item:
    """An answer in one of its views, which the contract names too."""
    item = wording.answer(topic, view)
    return Item(item.text, {**(item.says or {}), "view": view}, item.buttons)


def in_detail(intent: str, topic: str) -> Item:
    """Side effects, or how to do it: the answer where the document says it, otherwise that it does not."""
    holds = content().holds
    if intent == "side_effects" and topic in (*holds["medicines"], *holds["injections"]):
        return wording.answer(topic)
    if intent == "how_to" and content().answers[topic].exercises:
        return wording.not_in_document("technique")
    if intent == "how_to":
        return wording.answer(topic)
    return wording.not_in_document("general")
