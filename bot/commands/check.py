"""`python -m bot check`: check content, examples and rules."""

from __future__ import annotations

import sys

from bot import check
from bot.check import project, readability
from bot.content import ContentError


def main(_: list[str]) -> int:
    """Print each fault on a line of its own; 0 when there is none."""
    try:
        found = [str(fault) for fault in check.faults(project.load())]
    except ContentError as error:
        found = str(error).splitlines()
    if not readability.can_measure():
        print("Not checked: how hard the texts are to read, for want of the package textstat.")
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print(f"Faults: {len(found)}", file=sys.stderr)
        return 1
    print(f"{len(check.CHECKS)} checks, no faults.")
    return 0
