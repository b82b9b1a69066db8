"""More, simpler, why, again, the other one: follow-ups that name nothing and refer to what was last said."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Item, Reply
from actions.turn import Turn
from actions.wording import View
from bot.content import content
from bot.dialogue import chooser, cues

VIEWS: dict[str, View] = {"more": "more", "simpler": "simpler", "why": "why", "does_it_work": "short"}


class FollowUp(ReplyAction):
    """Shows another view of the last topic, or its neighbour; with nothing to refer to, asks."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_follow_up"

    def respond(self, turn: Turn) -> Reply:
        """What the intent means for the last topic, or for the question that the chooser asked."""
        asked = turn.slots.get("requested_slot")
        if asked and turn.intent == "why" and (not turn.slots.get("topic") or cues.asks_why_asked(turn.message.text)):
            return Reply((wording.talk(f"chooser_why_{asked}"),))
        return reply(turn.intent, turn)


def reply(intent: str, turn: Turn) -> Reply:
    """What a follow-up means for the last topic."""
    topic = turn.slots.get("topic")
    if not topic:
        return Reply((wording.talk(intent, asks="clarify"),))
    if intent == "repeat" and turn.slots.get("plan"):
        return Reply((wording.exercise_plan(chooser.plan(turn.slots["plan"])),))
    if topic not in content().answers:
        return Reply((about_what_is_left_open(intent, topic),))
    if intent == "the_other":
        other = content().answers[topic].follow_ups[0]
        return Reply((wording.answer(other),), turn.answered(other))
    if intent == "repeat":
        return Reply((view_of(topic, turn.slots.get("view") or "short"),))
    if intent in VIEWS:
        view = VIEWS[intent]
        return Reply((view_of(topic, view),), {"view": view})
    return Reply((in_detail(intent, topic),))


def view_of(topic: str, view: View) -> Item:
    """An answer in one of its views, which the contract names too."""
    item = wording.answer(topic, view)
    return Item(item.text, {**(item.says or {}), "view": view}, item.buttons)


def has_side_effects(topic: str) -> bool:
    """Whether the document speaks of side effects where it answers `topic`."""
    holds = content().holds
    return topic in (*holds["medicines"], *holds["injections"])


def in_detail(intent: str, topic: str) -> Item:
    """Side effects, or how to do it: the answer where the document says it, otherwise that it does not."""
    if intent == "side_effects" and has_side_effects(topic):
        return wording.answer(topic)
    if intent == "how_to" and content().answers[topic].exercises:
        return wording.not_in_document("technique")
    if intent == "how_to":
        return wording.answer(topic)
    return wording.not_in_document("general")


def about_what_is_left_open(kind_of_follow_up: str, kind: str) -> Item:
    """A follow-up of what is not in the document: of side effects, its nearest answer may speak."""
    nearest = content().not_in_document[kind].nearest[:1]
    if kind_of_follow_up == "side_effects" and any(map(has_side_effects, nearest)):
        return wording.answer(nearest[0])
    return wording.not_in_document(kind)
