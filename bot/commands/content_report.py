"""`python -m bot content report`: write all that it can say on one page, for reviewers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot import reports
from bot.check import readability
from bot.content import ContentError, content
from bot.evaluation import content_sheets


def main(arguments: list[str]) -> int:
    """Write the report; 1 where the content cannot be loaded."""
    parser = argparse.ArgumentParser(prog="python -m bot content")
    parser.add_argument("what", choices=["report"], metavar="report")
    parser.add_argument("--markdown", action="store_true", help="as Markdown rather than HTML")
    parser.add_argument("--out", type=Path, default=reports.FOLDER, help="folder of the report")
    options = parser.parse_args(arguments)
    try:
        loaded = content()
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    sheets = content_sheets.sections(loaded, readability.grader() if readability.can_measure() else None)
    if options.markdown:
        reports.write(options.out / "content.md", content_sheets.markdown(loaded, sheets))
    else:
        reports.write(options.out / "content.html", content_sheets.html(loaded, sheets))
    return 0
