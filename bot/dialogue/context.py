"""What a message means that leans on what was said before: "no, the other kind", "and if it is cold?", "yes or no?".

Plain Python; `bot.dialogue.policy` asks it whether context takes the turn, the action what to say. A message that
stands for itself is left to the rules, and so is everything while the chooser has a question open: there, replies come
first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.content import content
from bot.dialogue import chooser, cues
from bot.dialogue.messages import UNSURE_BELOW, Message

# Readings that say little by themselves: an answer to no question, a correction, a reply to a card that nobody showed,
# and what was not understood. What such a message names decides.
LEANING = frozenset(
    {
        *("affirm", "deny", "recant", "change_mind", "play_down", "card_question", "dealt_with", "something_else"),
        *("the_other", "unsure", "not_understood"),
    }
)
# follow-ups that name nothing
FOLLOW_UPS = frozenset({"more", "simpler", "why", "repeat", "side_effects", "does_it_work", "how_to", "the_other"})
# of these, only a question leans: "yes, I use ice" asks for nothing, "ok, and ice?" does
TELLING = frozenset({"affirm", "play_down", "dealt_with"})
# what else it may be counts for nothing where the whole message is read with this confidence
SURE_FROM = 0.85
# a topic counts by itself from this share of the probability, one that the last answer leads to from the lower
TOPIC_FROM = 0.35
NEAR_FROM = 0.05
FOLLOW_UP_FROM = 0.3
OFFERED = 3

Act = Literal["answer", "follow_up", "who", "plan"]


@dataclass(frozen=True)
class Context:
    """What the conversation remembers of what was said.

    Attributes:
        topic: what was last answered, or said not to be in the document.
        offered: the topics that the last reply offered to choose from.
        learnt: which topic was chosen from an offer, by the offer (`key_of`).
        plan: what the last plan of exercises was made from, while nothing else was talked about.
    """

    topic: str | None = None
    offered: tuple[str, ...] = ()
    learnt: Mapping[str, str] = field(default_factory=dict)
    plan: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, slots: Mapping[str, Any]) -> Context:
        """Read the context from the slots."""
        return cls(
            slots.get("topic"), tuple(slots.get("offered") or ()), slots.get("learnt") or {}, slots.get("plan") or None
        )


@dataclass(frozen=True)
class Meaning:
    """What a message means in its context.

    Attributes:
        act: `answer` the topics; give a `follow_up` of the last topic, by its intent; say `who` to ask about it; make
            the `plan` anew.
    """

    act: Act
    topics: tuple[str, ...] = ()
    follow_up: str = ""
    plan: Mapping[str, Any] | None = None


def key_of(offered: tuple[str, ...] | list[str]) -> str:
    """The name under which the choice from an offer is learnt: the same nearest topics are the same doubt."""
    return " ".join(offered)


def resolve(context: Context, message: Message) -> Meaning | None:
    """What `message` means in `context`, or `None` where it is to be taken as read."""
    if message.is_button or not message.intents:
        return None
    corrected = _corrected_plan(context, message)
    if corrected:
        return Meaning("plan", plan=corrected)
    intent = message.intents[0]
    areas = tuple(answer for answer in message.named_answers if answer in chooser.BY_ANSWER)
    if areas and context.topic in chooser.BY_ANSWER and cues.goes_on(message.text):
        return Meaning("answer", areas)  # "and for my tummy?" after exercises asks for exercises
    if message.topics:
        return None
    known = context.topic in content().answers
    if known and intent == "human" and cues.asks_whom(message.text):
        return Meaning("who")
    if known and intent in LEANING and cues.wants_yes_or_no(message.text):
        return Meaning("follow_up", follow_up="simpler")
    if intent not in LEANING and (not message.is_unsure or intent in FOLLOW_UPS):
        return None
    if intent in TELLING and not cues.is_question(message.text):
        return None
    ways = (_picked, _learnt, _named, _about, _other)
    return next(filter(None, (way(context, message) for way in ways)), None)


def _corrected_plan(context: Context, message: Message) -> Mapping[str, Any] | None:
    """The plan's basis as the message corrects it; a spasm now corrects an answer about exercises too."""
    if context.plan is not None:
        return chooser.corrected(context.plan, message)
    if context.topic in chooser.BY_ANSWER:
        corrected = chooser.corrected({chooser.AREA: [chooser.BY_ANSWER[context.topic]]}, message)
        return corrected if corrected and corrected.get(chooser.SPASM_NOW) else None
    return None


def _picked(context: Context, message: Message) -> Meaning | None:
    """The topic that the message picks from an offer by its place."""
    place = cues.picked(message.text)
    if place is None or not -len(context.offered) <= place < len(context.offered):
        return None
    return Meaning("answer", (context.offered[place],))


def _learnt(context: Context, message: Message) -> Meaning | None:
    """What was chosen the last time that the same topics were nearest."""
    chosen = context.learnt.get(key_of(message.alternatives[:OFFERED])) if message.intents[0] == "unsure" else None
    return Meaning("answer", (chosen,)) if chosen else None


def _named(context: Context, message: Message) -> Meaning | None:
    """The answer that a named thing leads to; for a first message only where the classifier came nearest to it too."""
    named = tuple(answer for answer in message.named_answers if answer != context.topic) or message.named_answers
    if chooser.BY_ANSWER.keys() & set(named):
        named = tuple(answer for answer in named if answer != "which_exercises")  # "exercises for the waist"
    if not named:
        return None
    if message.intents[0] in chooser.CORRECTIONS:
        return Meaning("answer", named[-1:])
    if context.topic:
        return Meaning("answer", named[:2])
    nearest = message.alternatives[:1]
    return Meaning("answer", nearest) if nearest and nearest[0] in named else None


def _about(context: Context, message: Message) -> Meaning | None:
    """The topic that the rest of the message is about, without its lead-in."""
    if not message.matter:
        return None
    topics = message.matter.topics
    near = {*related(context), context.topic}
    if topics and topics[0][1] >= TOPIC_FROM:
        return Meaning("answer", (topics[0][0],))
    # "the red one" is one of those near, however little a word says by itself
    least = 0.0 if cues.describes_one(message.text) else NEAR_FROM
    nearby = next((topic for topic, share in topics if topic in near and share >= least), None)
    return Meaning("answer", (nearby,)) if nearby else None


def _other(context: Context, message: Message) -> Meaning | None:
    """A follow-up that the message, or the rest of it, is nearly as likely to be."""
    if not context.topic or message.confidence >= SURE_FROM:
        return None
    rest = message.matter.intent if message.matter and message.matter.confidence >= UNSURE_BELOW else ""
    likely = [intent for intent in FOLLOW_UPS if message.shares.get(intent, 0.0) >= FOLLOW_UP_FROM]
    meant = rest if rest in FOLLOW_UPS else max(likely, key=lambda intent: message.shares[intent], default=None)
    return Meaning("follow_up", follow_up=meant) if meant and meant != message.intents[0] else None


def related(context: Context) -> frozenset[str]:
    """What someone may well ask after what was last said: what it offers, leads to, or comes from."""
    answers = content().answers
    near = set(context.offered)
    if context.topic in answers:
        near.update(answers[context.topic].follow_ups)
        near.update(answer for answer, entry in answers.items() if context.topic in entry.follow_ups)
    elif context.topic:
        near.update(content().not_in_document[context.topic].nearest)
    if context.topic in chooser.BY_ANSWER:
        near.update(chooser.BY_ANSWER)
    return frozenset(near - {context.topic})
