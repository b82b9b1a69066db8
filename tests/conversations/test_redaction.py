"""What names a person is taken out before anything is stored; what is said of health is not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sqlalchemy.orm import Session

from bot.check import project
from bot.content import content
from bot.conversations.redaction import redact
from tests.conversation import Conversation

LISTED = YAML(typ="safe").load(Path(__file__).with_name("identifiers.yml"))
COUNT = 300

# medical text that looks like an identifier
MEDICAL = [
    "I'm sore and I'm Type 2 diabetic",
    "I'm British, I'm 45 and I weigh 16 st 4 lb",
    "L4 5th day of pain, L5 1st time ever",
    "my L4 L5 and S1 discs, 5mg twice a day",
    "call 999 or 111, or Samaritans on 116 123",
    "20 minutes each way down the road",
    "I walked 2 miles up a hill then a 10 minute drive",
    "surgery on 12/05/2001 and again in 2009",
    "it started on 3 April and got worse on 5 May",
    "blood pressure 140/90, pulse 72, BMI 31.5",
    "pain 7/10 for 3-4 weeks, 2-3 times a night",
    "I'm Struggling to bend",
    "I lift 100 kg 3x10 and did 12000 steps",
    "is it normal, doctor?",
    "I am allergic to ibuprofen 400mg and codeine 30/500",
    "my husband says ice, my GP says heat",
    "MRI 2019 showed a bulge of 4 mm at L5-S1",
    "I was signed off work for 2 weeks",
    "It's Monday and I'm Off Work",
    "I'm on the waiting list since 2022-01-05",
]


def identifiers() -> Iterator[tuple[str, str]]:
    """Each identifier with the text that it stands in, until there are enough."""
    pairs = [
        (str(value), context.format(value), kind)
        for kind, listed in LISTED.items()
        for value, context in zip(listed["values"], cycle(listed["contexts"]))
    ]
    shifted = [
        (str(value), context.format(value), kind)
        for kind, listed in LISTED.items()
        for value, context in zip(listed["values"], cycle(listed["contexts"][1:]))
    ]
    seen: dict[str, str] = {text: value for value, text, _ in [*pairs, *shifted]}
    yield from ((value, text) for text, value in list(seen.items())[:COUNT])


def test_of_300_identifiers_in_context_98_of_100_are_taken_out() -> None:
    listed = list(identifiers())
    assert len(listed) == COUNT
    left = [text for value, text in listed if value in redact(text)]
    assert len(left) <= 0.02 * COUNT, left


def test_of_medical_text_at_most_1_of_100_is_damaged() -> None:
    """The training examples are what people say of their backs, and hardly any of them names a person."""
    examples = [message.text for message in project.load().messages]
    assert len(examples) > 10_000
    damaged = [text for text in examples if redact(text) != text]
    assert len(damaged) <= 0.01 * len(examples), damaged


@pytest.mark.parametrize("text", MEDICAL)
def test_what_looks_like_an_identifier_stays(text: str) -> None:
    assert redact(text) == text


def test_what_the_assistant_says_is_not_changed() -> None:
    said = [entry.text for entry in content().talk.values()]
    said += [
        getattr(entry, view) for entry in content().answers.values() for view in ("short", "more", "simpler", "why")
    ]
    assert [text for text in said if redact(text) != text] == []


def test_the_rest_of_the_text_stays_as_it_was() -> None:
    text = "my name is Jane Smith and my email is jane@example.com, does ice help?"
    assert redact(text) == "my name is [name] and my email is [email], does ice help?"


def test_a_card_is_known_by_its_check_digit() -> None:
    assert redact("ref 4111 1111 1111 1112") == "ref 4111 1111 1111 1112"
    assert redact("ref 4111 1111 1111 1111") == "ref [card number]"


def test_an_nhs_number_is_known_by_its_check_digit() -> None:
    assert redact("943 476 5919") == "[NHS number]"
    assert redact("the code 943 476 5918 on the box") == "the code 943 476 5918 on the box"


def test_the_message_is_read_before(conversation: Conversation) -> None:
    """Names and numbers do not keep a question or a warning sign from being understood."""
    assert conversation.says("I'm Jane, 07700 900123. Does ice help?")[0]["ids"] == ["ice_and_heat"]
    says = conversation.says("my name is Tom, I live at 12 High Street and my groin has gone numb")
    assert says[0]["ids"] == ["cauda_equina"]


def test_what_is_stored_is_redacted(conversation: Conversation) -> None:
    conversation.say("I'm Zebedee Quux, zq@example.com, 07700 900123, LS1 4AP. Does ice help?")
    with Session(conversation.agent.tracker_store.engine) as session:
        table = conversation.agent.tracker_store.SQLEvent
        rows = session.query(table).filter(table.sender_id == conversation.sender)
        kept = "".join(row.data for row in rows)
    assert "[name], [email], [phone number], [postcode]. Does ice help?" in kept
    for part in ("Zebedee", "Quux", "zq@", "900123", "LS1"):
        assert part not in kept
