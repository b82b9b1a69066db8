"""Small words that decide how a message is taken: does it ask, does it point back, which of several does it pick."""

from __future__ import annotations

import re

_ASKS = re.compile(
    r"^(?:(?:and|but|so|or|ok|okay|well|then)\W+)*"
    r"(?:what|whats|which|how|hows|why|when|where|who|do|does|did|is|are|am i|can|could|should|shall|would|will)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"\b(?:it|that|this|those|these|them|one)\b", re.IGNORECASE)
_WHOM = re.compile(r"\b(?:who|whom|which (?:doctor|person|professional))\b", re.IGNORECASE)
_YES_OR_NO = re.compile(r"\byes or no\b", re.IGNORECASE)
_BOTH = re.compile(
    r"^(?:yes\W+|yeah\W+)?(?:a bit of |a little of )?both(?: of (?:them|those|these))?\W*$", re.IGNORECASE
)
_WHY_ASK = re.compile(
    r"\b(?:why|what for|how come)\b.*\b(?:ask|asking|need|want|know|matter|question|questions)\b", re.IGNORECASE
)
_TAKES_BACK = re.compile(
    r"\b(?:actually|wait|hold on|hang on|sorry|in fact|i should have said|i forgot|i mean|i meant|come to think)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"^\W*(?:(?:oh|sorry|ok|okay|um|er|well|actually|haha|god)\W+)*(?:no|nope|nah|naw|never|none|neither|not me)"
    r"(?:\W*$|[,.!?;:–—-]|\s+(?:i|it|its|it's|that|thats|that's|not|never|none|no|nothing|he|she|they|we|my|the|sorry|thanks)\b)"
    r"|\b(?:has|have|had|did|is|was|does|do)(?:n['’]?t| not)\b|\bnever\b|\bnot (?:happen|true|real|me|mine)"
    r"|\bnone of (?:that|it|those|these|them)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"^(?:(?:ok|okay|well|so|right|yes|no)\W+)*(?:and|n|or|also|(?:what|how) about)\b", re.IGNORECASE)
_DESCRIBES_ONE = re.compile(
    r"\bthe (?:(?!one\b|other\b)[a-z'’-]+ ){1,3}(?:ones?|kind|sort|type|version)\W*$", re.IGNORECASE
)
SHORT = 8  # words
_ORDINALS = {
    "first": 0,
    "1st": 0,
    "one": 0,
    "second": 1,
    "2nd": 1,
    "two": 1,
    "third": 2,
    "3rd": 2,
    "three": 2,
    "last": -1,
}
_ORDINAL = re.compile(r"\b(?:the )?(first|1st|second|2nd|third|3rd|last)\b|\b(?:number|option) (one|two|three)\b", re.I)


def is_question(text: str) -> bool:
    """Whether a message asks rather than tells."""
    return text.rstrip().endswith("?") or bool(_ASKS.match(text.strip()))


def points_back(text: str) -> bool:
    """Whether a message has a word that stands for something said before."""
    return bool(_POINTS_BACK.search(text))


def asks_whom(text: str) -> bool:
    """Whether a message asks for a person to turn to, for what was said before: "who can I see about that?"."""
    return bool(_WHOM.search(text)) and points_back(text)


def wants_yes_or_no(text: str) -> bool:
    """Whether a message presses for a plain "yes" or "no"."""
    return bool(_YES_OR_NO.search(text))


def says_both(text: str) -> bool:
    """Whether a message answers "this or that?" with both."""
    return bool(_BOTH.match(text.strip()))


def asks_why_asked(text: str) -> bool:
    """Whether a message wants to know why it was asked something."""
    return bool(_WHY_ASK.search(text))


def describes_one(text: str) -> bool:
    """Whether a message picks one of several by a word about it: "the slow kind", "no, the red one"."""
    return len(text.split()) <= SHORT and bool(_DESCRIBES_ONE.search(text))


def denies(text: str) -> bool:
    """Whether a message says outright that something is not so: "not that bad" and "no big deal" do not."""
    return bool(_DENIES.search(text))


def goes_on(text: str) -> bool:
    """Whether a short message only adds to what was said before: "and the waist?"."""
    return bool(_GOES_ON.match(text.strip())) and len(text.split()) <= SHORT


def takes_back(text: str) -> bool:
    """Whether a message announces that it puts something right."""
    return bool(_TAKES_BACK.search(text))


def picked(text: str) -> int | None:
    """The place in a list that a message picks ("the second one" is 1, "the last" is -1), or `None`."""
    found = _ORDINAL.search(text)
    return _ORDINALS[(found.group(1) or found.group(2)).lower()] if found else None
