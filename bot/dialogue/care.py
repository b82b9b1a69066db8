"""What a warning sign does to the conversation.

Plain Python: the policy asks it whether care takes the turn, the action what to say.

A card that was shown stays *open*: its level holds answers back until the person says that it was not true, was about
someone else, or has been checked by a clinician. Doubt always goes to the card.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from bot.content import content
from bot.content.cards import NEVER_HYPOTHETICAL, RANK, held_answers, level_of
from bot.dialogue import cues, privacy
from bot.dialogue.chooser import AREA
from bot.dialogue.messages import Message, Sign

# intents that answer the question of a card
RECANTS = frozenset({"deny", "recant"})
AGAIN = frozenset({"affirm", "play_down", "card_question"})
DEALT_WITH = "dealt_with"
# follow-ups that name nothing and show what was last talked about
REFERRING = frozenset(
    {"more", "simpler", "why", "repeat", "side_effects", "does_it_work", "how_to", "the_other", "change_mind", "unsure"}
)
# conversation that is always possible, whatever card is open
ALWAYS = frozenset(
    {
        *("delete_my_data", "export_my_data", "privacy", "start_over", "goodbye", "thank", "greet", "bot_challenge"),
        *("capabilities", "sources", "human", "insult", "distress", "feedback", "recant", "dealt_with", "stop", "deny"),
        *(
            "feedback_helpful",
            "feedback_not_helpful",
            "feedback_wrong_topic",
            "feedback_unclear",
            "feedback_too_little",
        ),
    }
)


@dataclass(frozen=True)
class State:
    """What the conversation remembers of care: cards that hold answers back, and the one whose question is open.

    Attributes:
        held: signs whose cards hold answers back, oldest first.
        asked: the sign whose card asked whether it is happening, or `None`.
        no_medicines: suicide risk was shown: no answer about medicines follows in this conversation, whatever is said.
    """

    held: tuple[Sign, ...] = ()
    asked: Sign | None = None
    no_medicines: bool = False

    @classmethod
    def load(cls, stored: Mapping[str, Any] | None) -> State:
        """Read the state from its slot."""
        if not stored:
            return cls()
        asked = stored.get("asked")
        return cls(
            tuple(Sign(**sign) for sign in stored.get("held", [])),
            Sign(**asked) if asked else None,
            bool(stored.get("no_medicines")),
        )

    def dump(self) -> dict[str, Any]:
        """The state as its slot keeps it."""
        return {
            "held": [asdict(sign) for sign in self.held],
            "asked": asdict(self.asked) if self.asked else None,
            "no_medicines": self.no_medicines,
        }


Act = Literal["none", "card", "resume", "dealt_with"]


@dataclass(frozen=True)
class Decision:
    """What care makes of a turn.

    Attributes:
        act: `none` leaves the turn to the others; `card` shows `sign`; `resume` takes a sign back with a reminder;
            `dealt_with` acknowledges that help is on its way.
        topics: the questions of the message that may be answered after it.
        state: what to remember.
    """

    act: Act
    state: State
    sign: Sign | None = None
    topics: tuple[str, ...] = ()


def decide(
    state: State,
    message: Message,
    last_topic: str | None = None,
    asked: str | None = None,
    privacy_asked: str | None = None,
) -> Decision:
    """Decide what care makes of a message.

    Args:
        last_topic: what follow-ups that name nothing refer to.
        asked: the chooser's open question, or `None`.
        privacy_asked: the question about what is kept that was asked just before, or `None`.
    """
    signs, topics = message.signs, message.topics
    if asked and message.replies:
        # "all of them" answers the question about areas; alone it might be about tablets
        signs = tuple(sign for sign in signs if sign.sure)
    if asked == AREA and message.is_bare_body_part:
        signs = ()  # "legs" names no sign there, only an area that the document has nothing for
    if signs:
        return _show(state, max(signs, key=lambda sign: sign.rank), signs, topics)
    if privacy_asked and message.intents[:1] in privacy.ANSWERS:
        return Decision("none", state)  # it answers that question; the card stays open
    said = (*message.intents, *message.remarks)
    asks = topics or message.named_answers
    if message.about_self and asks and all(sign.someone_else for sign in state.held):
        # the card is someone else's, and this question is not about them
        return Decision("dealt_with" if DEALT_WITH in said else "none", state, topics=tuple(topics))
    if state.asked:
        answered = _answer_to_card(state, state.asked, said, topics, message.text)
        if answered:
            return answered
    if DEALT_WITH in said and state.held:
        never_cleared = tuple(sign for sign in state.held if sign.card in NEVER_HYPOTHETICAL)
        free = () if _grave(never_cleared) else tuple(topics)
        return Decision("dealt_with", replace(state, held=never_cleared, asked=None), topics=free)
    if "recant" in message.intents and state.held and not message.named_answers:
        return Decision("resume", _lift(state), topics=tuple(topics))
    asked_about = asks
    if REFERRING.intersection(message.intents) and last_topic:
        asked_about = (*asked_about, last_topic)
    held_by = holding(state, asked_about)
    if not held_by and not ALWAYS.intersection(message.intents):
        held_by = _grave(state.held)  # an emergency is open: whatever else is said, the card again
    if held_by:
        return Decision("card", state, held_by)
    return Decision("none", state)


def _show(state: State, sign: Sign, signs: Iterable[Sign], topics: Sequence[str]) -> Decision:
    """Show the card of the gravest sign, hold what it holds, and answer the rest if it leaves room for answers."""
    held = state.held
    for seen in signs:
        if not seen.informational:
            held = (*(other for other in held if other.card != seen.card), seen)
    asks = sign.is_grave or sign.informational
    after = State(held, sign if asks else state.asked, state.no_medicines or sign.card == "suicide_risk")
    if sign.is_grave or sign.informational or _grave(held):
        return Decision("card", after, sign)
    free = tuple(topic for topic in topics if not holding(after, [topic]))
    return Decision("card", after, sign, free)


def _answer_to_card(
    state: State, asked: Sign, said: Sequence[str], topics: Sequence[str], text: str
) -> Decision | None:
    """What an answer to the card's own question does, or `None` if the message is no answer to it."""
    present = replace(asked, informational=False)
    if asked.card in NEVER_HYPOTHETICAL and not asked.informational:
        return _answer_to_crisis(state, present, said)
    if "deny" in said[:1] and "recant" not in said and not cues.denies(text):
        said = ("play_down",)  # "not a big fall" denies nothing
    if RECANTS.intersection(said):
        return Decision("resume", _lift(state, asked), topics=tuple(topics))
    if AGAIN.intersection(said):
        if asked.informational and "affirm" not in said:
            return Decision("card", state, asked)
        return _show(replace(state, asked=None), present, [present], ())
    return None


def _answer_to_crisis(state: State, asked: Sign, said: Sequence[str]) -> Decision | None:
    """The question was "Are you safe right now?": "no" brings 999, and nothing that is said clears the card."""
    if RECANTS.intersection(said):
        gravest = replace(asked, sign=_gravest_sign(asked.card))
        return _show(state, gravest, [gravest], ())
    if AGAIN.intersection(said):
        return Decision("card", state, asked)
    return None


def _gravest_sign(card: str) -> str | None:
    """The sign that lifts a card highest."""
    return max(content().care[card].signs, key=lambda sign: RANK[level_of(card, sign)])


def _lift(state: State, asked: Sign | None = None) -> State:
    """Take back one card, or the latest; a crisis card stays."""
    lifted = asked or state.held[-1]
    if lifted.card in NEVER_HYPOTHETICAL:
        return state
    held = tuple(sign for sign in state.held if sign.card != lifted.card)
    return replace(state, held=held, asked=None)


def _grave(held: Iterable[Sign]) -> Sign | None:
    return next((sign for sign in held if sign.is_grave), None)


def holding(state: State, topics: Sequence[str]) -> Sign | None:
    """The sign whose card holds back an answer to one of `topics`, gravest first; `None` if all may be answered."""
    if not topics:
        return None
    for sign in sorted(state.held, key=lambda held: -held.rank):
        if sign.is_grave or held_answers(sign.card).intersection(topics):
            return sign
    if state.no_medicines and set(content().holds["medicines"]).intersection(topics):
        return Sign("suicide_risk")
    return None
