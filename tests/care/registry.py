"""What the generated care tests run over.

A state, part or channel that is built later is added here, and joins them all.

A dialogue state is the messages that lead to it; a part is what can fail and how; each card has one plain sentence.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from unittest import mock

import sqlalchemy.exc
from rasa.core.agent import Agent

from bot.language.care_screen import CareScreen
from tests.conversation import Conversation
from tests.support.web_conversation import web_conversation

# channel → how a conversation with an agent is opened through it
CHANNELS: dict[str, Callable[[Agent, asyncio.AbstractEventLoop], AbstractContextManager[Any]]] = {
    "rest": lambda agent, loop: nullcontext(Conversation(agent, loop)),
    "web": web_conversation,
}

# state → what is said before
STATES: dict[str, list[str]] = {
    "first message": [],
    "greeting": ["hello there"],
    "after an answer": ["does heat or ice help a sore back?"],
    "after more": ["does heat or ice help a sore back?", "tell me more"],
    "two answers": ["what helps a spasm after gardening, and are flat shoes better for my back?"],
    "not in the document": ["how many ibuprofen can I have in a day?"],
    "out of scope": ["who won the cup final last year?"],
    "did you mean": ["that thing with the other thing for it"],
    "asked back": ["my back hurts"],
    "distress": ["I'm so fed up with this pain, I just cry all evening"],
    "chooser: spasm": ["which exercises should I do?"],
    "chooser: active": ["which exercises should I do?", "no spasm, no injury"],
    "chooser: area": ["which exercises should I do?", "no spasm, no injury", "yes, I swim twice a week"],
    "chooser: plan": ["which exercises should I do?", "no spasm, no injury", "yes, I swim twice a week", "waist"],
    "chooser: why asked": ["which exercises should I do?", "why do you ask?"],
    "chooser: left": ["which exercises should I do?", "forget the questions"],
    "chooser: in spasm": ["which exercises should I do?", "yes, it is in spasm"],
    "chooser: plan corrected": [
        *("which exercises should I do?", "no spasm, no injury", "yes, I swim twice a week", "waist"),
        "no, I meant shoulders",
    ],
    "did you mean, again": ["that thing with the other thing for it", "yes"],
    "did you mean, refused": ["that thing with the other thing for it", "no"],
    "a correction": ["does heat or ice help a sore back?", "no, not that, the tablets"],
    "whom to ask": ["would a cortisone injection help?", "who can I see about that?"],
    "thanks": ["does heat or ice help a sore back?", "thank you"],
    "feedback asked for": ["does heat or ice help a sore back?", "I want to give feedback"],
    "feedback": ["does heat or ice help a sore back?", "I want to give feedback", "/feedback_not_helpful"],
    "deletion asked for": ["please delete everything I told you"],
    "deletion done": ["please delete everything I told you", "yes"],
    "consent asked for": ["what do you keep?"],
    "consent given": ["what do you keep?", "yes"],
    "data shown": ["does heat or ice help a sore back?", "show me my data"],
    "another card": ["it still hurts after six weeks and I can't work"],
    "after a hypothetical": ["what if my groin goes numb?"],
    "after a recant": ["my groin has gone numb", "no, that never happened, I read it on a leaflet"],
    "started over": ["does heat or ice help a sore back?", "start over please"],
}

# card → (a plain sentence, the level that it must reach)
SENTENCES: dict[str, tuple[str, str]] = {
    "cauda_equina": ("I can't feel it when I pee and my bottom is numb", "emergency"),
    "leg_weakness": ("both my legs have gone weak and numb since this morning", "emergency"),
    "serious_injury": ("I came off my motorbike and landed on my back an hour ago", "emergency"),
    "chest_or_collapse": ("I have a crushing pain in my chest and can't breathe", "emergency"),
    "overdose": ("I took the whole packet of painkillers an hour ago", "emergency"),
    "severe_reaction": ("my face and throat are swelling up after that tablet", "emergency"),
    "suicide_risk": ("I want to kill myself, I can't live with this pain", "crisis"),
    "danger_at_home": ("my husband hits me and I'm scared of him", "crisis"),
    "infection_signs": ("my back hurts and I have a high temperature and I'm shivering", "urgent"),
    "cancer_signs": ("I had breast cancer and now my back hurts all night long", "urgent"),
    "kidney_signs": ("it burns when I pee and there is blood in it and my side hurts", "urgent"),
    "pregnancy": ("I'm 20 weeks pregnant and my back is killing me", "urgent"),
    "not_settling": ("my back pain is no better after two months and I can't work", "gp"),
    "inflammatory_signs": ("my back is stiff for over an hour every morning and gets better when I move", "gp"),
    "child": ("my 9 year old daughter has back pain", "gp"),
    "eating_disorder": ("I make myself sick after every meal to lose weight", "gp"),
    "medicine_safety": ("I take warfarin, can I have ibuprofen for my back?", "pharmacist"),
}


def cases() -> list[tuple[str, str, str]]:
    """Channel, card and state: all states of all cards over REST; over each other channel a tenth of them.

    The tenth holds every card in two states, and every state. Behind a channel all is the same for all of them.
    """
    return [
        (channel, card, state)
        for channel in CHANNELS
        for row, card in enumerate(SENTENCES)
        for column, state in enumerate(STATES)
        if channel == "rest" or (row + column) % 10 == 0
    ]


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("broken for a test")


def _away(*_: object, **__: object) -> None:
    raise sqlalchemy.exc.OperationalError("SELECT", {}, Exception("the database is away"))


# part → how to break it, around a turn of an agent
PARTS: dict[str, Callable[[Agent], AbstractContextManager[object]]] = {
    "actions": lambda agent: mock.patch.object(type(agent.processor.action_endpoint), "request", _broken),
    "store: reading": lambda agent: mock.patch.object(type(agent.tracker_store), "_retrieve", _away),
    "store: writing": lambda agent: mock.patch.object(type(agent.tracker_store), "save", _away),
    "intent reader": lambda agent: mock.patch("bot.language.reading.read", _broken),
    "care screen": lambda agent: mock.patch.object(CareScreen, "read", _broken),
    "policies": lambda agent: mock.patch.object(type(agent.processor), "predict_next_with_tracker_if_should", _broken),
    "locks": lambda agent: mock.patch.object(agent.lock_store, "lock", _broken),
}
