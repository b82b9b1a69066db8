"""The exercise chooser: three questions, filled from whatever a message says, and the plan that follows.

Plain Python; Rasa's form asks `fill` for what a message settles and `missing` for what is still to ask.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue import cues
from bot.dialogue.messages import Message

FORM = "exercises_form"
SPASM_NOW, ACTIVE, AREA = "spasm_now", "active", "area"
QUESTIONS = (SPASM_NOW, ACTIVE, AREA)

# area → the answer that names its exercises
AREAS = {
    "shoulders": "shoulder_exercises",
    "mid_back": "mid_back_exercises",
    "waist": "waist_exercises",
    "lower_back": "lower_back_exercises",
    "abdomen": "abdominal_exercises",
}
ALL_AREAS = [area for area in AREAS if area != "abdomen"]
# single words that mean an area once it was asked for; a slip of the finger is forgiven
AREA_WORDS = {
    **dict.fromkeys(("top", "upper", "shoulder", "shoulders"), "shoulders"),
    **dict.fromkeys(("middle", "mid", "lats"), "mid_back"),
    **dict.fromkeys(("waist", "side", "sides", "obliques"), "waist"),
    **dict.fromkeys(("bottom", "lower", "lumbar"), "lower_back"),
    **dict.fromkeys(("abdomen", "abdominals", "abs", "belly", "stomach", "tummy"), "abdomen"),
}
CLOSE = 0.8  # how alike two spellings must be (0 to 1)
# how much of the probability must lie on an area's answer for an unclear reply to mean that area
AREA_FROM = 0.3
# replies that settle a question; "kind of" counts as not active: it brings the document's caution, and loses nothing
REPLIES: dict[str, tuple[str, Any]] = {
    "spasm_yes": (SPASM_NOW, True),
    "spasm_no": (SPASM_NOW, False),
    "active_yes": (ACTIVE, True),
    "active_no": (ACTIVE, False),
    "active_vague": (ACTIVE, False),
}
SAYS_MORE = 4  # words from which a wish for exercises may say something of oneself
VAGUE = "active_vague"  # "so-so" is a reply only to what was asked
BY_ANSWER = {answer: area for area, answer in AREAS.items()}
# intents that take something back, and those that may tell something new of oneself
CORRECTIONS = frozenset({"change_mind", "recant", "deny"})
TELLING = frozenset({*CORRECTIONS, "play_down", "bare_statement", "unsure", "not_understood"})


def fill(message: Message, asked: str | None) -> dict[str, Any]:
    """What a message settles.

    Args:
        asked: the question that is open, or `None`; "yes" and "no" mean something only for it.
    """
    settled: dict[str, Any] = {}
    said = message.intents[:1]
    if asked in (SPASM_NOW, ACTIVE) and said in (("affirm",), ("deny",)):
        settled[asked] = said == ("affirm",)
    elif asked == SPASM_NOW and cues.says_both(message.text):
        settled[SPASM_NOW] = True
    elif asked == SPASM_NOW and said == ("play_down",) and "spasm_yes" not in message.replies:
        settled[SPASM_NOW] = False  # "it's fine now"
    # a bare "yes" says nothing of the other questions, nor does the one word "exercises" say that someone is active
    if message.matter if settled else asked or len(message.text.split()) >= SAYS_MORE:
        for question, value in _replied(message, asked).items():
            settled.setdefault(question, value)
    areas = _areas(message, asked)
    return {**settled, AREA: areas} if areas else settled


def _replied(message: Message, asked: str | None) -> dict[str, Any]:
    """What a message would mean as a reply about the spasm or about being active, each question once."""
    replied: dict[str, Any] = {}
    for reply in message.replies:
        if reply in REPLIES and (reply != VAGUE or asked == ACTIVE):
            question, value = REPLIES[reply]
            replied.setdefault(question, value)
    return replied


def _areas(message: Message, asked: str | None) -> list[str]:
    """The areas that a message asks for; empty where it is about something else."""
    named = named_areas(message)
    if asked is None:
        return named
    if asked != AREA:
        # said ahead of its question: "it's for my tummy"
        tells = bool(message.intents) and message.intents[0] in BY_ANSWER and not cues.is_question(message.text)
        return named if named and (tells or "area" in message.replies) else []
    if named:
        return named
    if not ("area" in message.replies or message.is_unsure):
        return []  # a question or a word about something else
    return _worded(message.text) or _likely(message) or (ALL_AREAS if "area" in message.replies else [])


def _worded(text: str) -> list[str]:
    """The areas whose words, rightly spelt or nearly, are in `text`."""
    words = re.findall(r"[a-z]+", text.lower())
    near = (difflib.get_close_matches(word, AREA_WORDS, 1, CLOSE) for word in words if len(word) > 2)
    return list(dict.fromkeys(AREA_WORDS[match] for matches in near for match in matches))


def _likely(message: Message) -> list[str]:
    topics = message.matter.topics if message.matter else ()
    return [BY_ANSWER[topic] for topic, share in topics if topic in BY_ANSWER and share >= AREA_FROM]


def named_areas(message: Message) -> list[str]:
    """The areas that a message names, by body part, by exercise or by a button, in the order named."""
    named = [*message.named_answers, *message.topics]
    return list(dict.fromkeys(BY_ANSWER[answer] for answer in named if answer in BY_ANSWER))


def missing(slots: Mapping[str, Any]) -> list[str]:
    """The questions still to ask, in order. In spasm now there is nothing more to choose."""
    if slots.get(SPASM_NOW):
        return []
    return [question for question in QUESTIONS if slots.get(question) is None]


def plan(slots: Mapping[str, Any]) -> list[str]:
    """The answers that make up the plan, in the order shown."""
    if slots.get(SPASM_NOW):
        return ["spasm_after_injury", "physical_therapy"]
    areas: Sequence[str] = slots.get(AREA) or ALL_AREAS
    caution = [] if slots.get(ACTIVE) else ["starting_exercise"]
    return [*caution, *(AREAS[area] for area in areas)]


def corrected(given: Mapping[str, Any], message: Message) -> dict[str, Any] | None:
    """What a plan was made from, as a later message corrects it, or `None` where it corrects nothing.

    Args:
        given: what was said before the plan, by question.
    """
    tells = bool(TELLING.intersection(message.intents[:1])) or cues.takes_back(message.text)
    if message.is_button or (not message.matter and not message.topics) or not tells or cues.is_question(message.text):
        return None
    changed = _replied(message, asked=None)
    if message.intents and message.intents[0] in CORRECTIONS:
        areas = named_areas(message) or _likely(message)
        changed |= {AREA: areas} if areas else {}
    after = {**given, **changed}
    return after if any(given.get(question) != value for question, value in changed.items()) else None
