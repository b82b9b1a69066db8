"""`python -m bot care explain "…"`: what the care screen sees in a message, and why."""

from __future__ import annotations

import argparse
import asyncio

from bot.content import cards


def main(arguments: list[str]) -> int:
    """Print every sign that was seen, its evidence and the card that it raises."""
    parser = argparse.ArgumentParser(prog="python -m bot care")
    parser.add_argument("what", choices=["explain"])
    parser.add_argument("message")
    options = parser.parse_args(arguments)
    from bot.language.standby import standby
    from bot.server import load_agent

    asyncio.run(load_agent())
    signs = standby.read(options.message)
    if not signs:
        print("No warning sign was seen.")
    for sign in signs:
        shown = cards.show(sign.card, sign.sign, sign.someone_else, sign.informational)
        about = "someone else" if sign.someone_else else "the writer"
        kind = "asked about" if sign.informational else "present"
        print(f"{sign.card} / {sign.sign}: {shown.level}, {kind}, about {about}\n  because of {sign.evidence}")
        print(f"  {shown.heading}")
    return 0
