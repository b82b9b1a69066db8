"""A warning sign in every state of the dialogue, for every card: help comes first."""

from __future__ import annotations

import pytest

from bot.content.cards import RANK
from tests.care.registry import CHANNELS, SENTENCES, STATES, cases
from tests.conversation import Conversation


@pytest.mark.parametrize(("conversation", "card", "state"), cases(), indirect=["conversation"])
def test_help_comes_first(conversation: Conversation, state: str, card: str) -> None:
    for before in STATES[state]:
        conversation.say(before)
    sentence, level = SENTENCES[card]
    messages = conversation.say(sentence)
    first = messages[-1]["custom"]["data"]["says"][0]
    assert first["kind"] == "care"
    assert first["ids"] == [card]
    assert RANK[first["level"]] >= RANK[level]
    assert not first["informational"]
    # the card is what the reader sees first, too
    assert messages[0]["text"].split("\n")[0] in shown_headings(card)


@pytest.mark.parametrize("conversation", CHANNELS, indirect=True)
@pytest.mark.parametrize("card", [card for card, (_, level) in SENTENCES.items() if level in ("emergency", "crisis")])
def test_after_an_emergency_no_answer_follows(conversation: Conversation, card: str) -> None:
    says = conversation.says(f"{SENTENCES[card][0]}. Does ice help?")
    assert [item["kind"] for item in says] == ["care"]
    says = conversation.says("Does ice help?")
    assert [(item["kind"], item["ids"]) for item in says] == [("care", [card])]


def shown_headings(card: str) -> set[str]:
    from bot.content import cards, content

    signs = [None, *content().care[card].signs]
    return {cards.show(card, sign, other, False).heading for sign in signs for other in (False, True)}
