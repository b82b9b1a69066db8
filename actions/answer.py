"""Answer from the document: one question or two."""

from __future__ import annotations

from actions import wording
from actions.base import ReplyAction
from actions.reply import Reply
from actions.turn import Turn


class AnswerTopics(ReplyAction):
    """Says what the document says about each topic of the message, or that it says nothing."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer"

    def respond(self, turn: Turn) -> Reply:
        """One item for each question, in the order asked."""
        items = tuple(wording.topic(topic) for topic in turn.message.topics)
        return Reply(items, turn.answered(turn.message.topics[-1]))
