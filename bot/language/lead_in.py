"""Take away what only ties a message to the one before it: "no, I meant the jab" is about "the jab"."""

from __future__ import annotations

import re

_LEAD_INS = (
    # a "no" that belongs to what follows stays: "no spasm" is not about a spasm
    r"no(?=\s*[,.!?;:–—-]|\s+(?:i|the|not|that|it|wait|sorry|no|wrong)\b|\s*$)",
    "nope|nah|yes|yeah|yep|aye|ok|okay|right|well|oh|ah|um|er|hmm|sure|fine|please|sorry|rubbish",
    "so|and|n|but|or|then|also|plus|now|actually|wait|hang on|hold on|rather|instead|just",
    "not (?:that|this|it|those|these)(?: one)?",
    "that(?:['’]?s| is) (?:not|wrong)(?: it| right)?",
    "(?:what|how) about|i (?:mean|meant|said)|it was|do you mean",
)
_LEAD_IN = re.compile(rf"^(?:(?:{'|'.join(_LEAD_INS)})\b[\s,.!?;:–—-]*)+", re.IGNORECASE)
_TAIL = re.compile(r"[\s,]*\b(?:please|then|instead|sorry|though|tho|thanks|ta)[\s,.!?]*$", re.IGNORECASE)


def without(text: str) -> str:
    """`text` without its lead-in, or an empty text where it is nothing else; without one, `text` itself."""
    rest = _LEAD_IN.sub("", text.strip())
    if rest == text.strip():
        return text
    return _TAIL.sub("", rest).strip(" ,.!?;:–—-") if any(map(str.isalnum, rest)) else ""
