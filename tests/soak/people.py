"""People who chat, for tests under load: what they say comes from the training examples, never from held-out ones."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from bot.content import content
from bot.language import examples

FOLLOW_UPS = ("more", "simpler", "why", "sources", "how_to", "does_it_work", "side_effects", "the_other")
TALK = ("greet", "thank", "bare_statement", "bot_challenge", "capabilities", "out_of_scope", "feedback")
# what an open question asks → the intents that answer it
ANSWERS = {
    "spasm_now": ("spasm_no", "spasm_no", "spasm_yes"),
    "active": ("active_yes", "active_no", "active_vague"),
    "area": ("area",),
    "is_it_happening": ("deny", "affirm"),
}
NOT_PRESSED = ("/delete_my_data", "/export_my_data", "/start_over")  # they end the conversation, or print all of it
ANSWERING = 0.8  # of those who are asked something answer, the others go on
PRESSING = 0.5  # of those who answer press a button, where there is one


@lru_cache(maxsize=1)
def said() -> Mapping[str, Sequence[str]]:
    """Intent → what people say for it."""
    found = defaultdict(list)
    for example in examples.read():
        found[example.intent].append(example.text)
    return found


class Person:
    """Somebody who asks this and that, follows up, and uses the chooser.

    Args:
        dice: what decides.
        signs: whether the person tells of a warning sign now and then; its card then stays for a while.
    """

    def __init__(self, dice: random.Random, signs: bool = True) -> None:
        self._dice = dice
        self._weights = (45, 20, 12, 10, 8, 5 if signs else 0)

    def message(self, reply: Sequence[Mapping[str, Any]] = ()) -> str:
        """What the person sends after `reply`, or begins with: words, or the payload of a button."""
        asked = reply[-1]["custom"]["data"]["says"][-1]["asks"] if reply else None
        if asked and self._dice.random() < ANSWERING:
            buttons: list[str] = [button["payload"] for part in reply for button in part.get("buttons", [])]
            pressed = [payload for payload in buttons if payload not in NOT_PRESSED]
            if pressed and (asked not in ANSWERS or self._dice.random() < PRESSING):
                return self._dice.choice(pressed)
            if asked in ANSWERS:
                return self._say(ANSWERS[asked])
        return self._say(self._subject())

    def _subject(self) -> Sequence[str]:
        """The intents of one kind of message."""
        kinds: list[Sequence[str]] = [
            tuple(content().answers),
            FOLLOW_UPS,
            ("which_exercises",),
            tuple(content().not_in_document),
            TALK,
            tuple(content().care),
        ]
        return self._dice.choices(kinds, self._weights)[0]

    def _say(self, intents: Sequence[str]) -> str:
        return self._dice.choice(said()[self._dice.choice(intents)])
