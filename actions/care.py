"""Show where to get help, before anything else."""

from __future__ import annotations

from typing import Any

from actions import wording
from actions.base import ReplyAction
from actions.reply import Item, Reply
from actions.turn import Turn
from bot.dialogue import care, chooser, privacy


class Care(ReplyAction):
    """Does what `bot.dialogue.care` decides: shows a card, takes one back, or acknowledges help on its way."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_care"

    def respond(self, turn: Turn) -> Reply:
        """The card or the word that was decided, then what may be answered beside it."""
        message = turn.message
        decision = care.decide(
            care.State.load(turn.slots.get("care")),
            message,
            turn.slots.get("topic"),
            turn.slots.get("requested_slot"),
            turn.slots.get(privacy.QUESTION),
        )
        items: list[Item] = []
        if decision.act == "card" and decision.sign:
            items.append(wording.card(decision.sign))
        elif decision.act == "resume":
            items.append(wording.care_word("resumed", "deny"))
        elif decision.act == "dealt_with":
            items.append(wording.care_word("dealt_with", "affirm"))
        items += [wording.topic(topic) for topic in decision.topics]
        slots: dict[str, Any] = {"care": decision.state.dump()}
        open_question = turn.slots.get("requested_slot")
        if open_question and not (decision.act == "card" and decision.sign and decision.sign.is_grave):
            # "no, that never happened" answered the card, not the chooser
            settled = chooser.fill(message, open_question) if decision.act == "card" else {}
            left = chooser.missing({**turn.slots, **settled}) or [chooser.AREA]
            items.append(wording.chooser_question(left[0]))
            slots |= {**settled, "requested_slot": left[0]}
        if decision.topics:
            slots |= turn.answered(decision.topics[-1])
        return Reply(tuple(items), slots)
