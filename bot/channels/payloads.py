"""What our own buttons send. Nothing else that begins with a slash is taken for an intent."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.content import content

# intents that are not topics and stand on buttons, with the words that the conversation keeps for them
CONVERSATION = {
    "affirm": "Yes",
    "deny": "No",
    "something_else": "Something else",
    "start_over": "Start over",
    "greet": "Hello",
    "capabilities": "What can you do?",
    "privacy": "What do you keep?",
    "export_my_data": "Show my data",
    "delete_my_data": "Delete my data",
    "feedback_helpful": "Helpful",
    "feedback_not_helpful": "Not helpful",
    "feedback_wrong_topic": "Not what I asked",
    "feedback_unclear": "Hard to understand",
    "feedback_too_little": "Not enough detail",
}


@lru_cache(maxsize=1)
def known() -> dict[str, str]:
    """Payload → the words on the button."""
    titles = {topic: entry.title for topic, entry in content().answers.items()}
    titles |= {topic: entry.title for topic, entry in content().not_in_document.items()}
    return {f"/{intent}": title for intent, title in {**titles, **CONVERSATION}.items()}


def resolve(text: Any) -> dict[str, Any] | None:
    """The parse data of a button's payload, or `None` for a message that someone typed."""
    if not isinstance(text, str) or text not in known():
        return None
    intent = text[1:]
    return {
        "text": known()[text],
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [],
        "entities": [],
        "reading": {"questions": [intent], "alternatives": [], "button": True},
    }
