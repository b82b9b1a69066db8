"""`python -m bot insights`: write what people asked, day by day, on one page for the owner."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot import reports
from bot.content import ContentError
from bot.insights import gather
from bot.insights.gather import InsightsError
from bot.settings import settings


def main(arguments: list[str]) -> int:
    """Write the report; 2 where that cannot be done, with one line that says what to do."""
    parser = argparse.ArgumentParser(prog="python -m bot insights", description=__doc__)
    parser.add_argument("--days", help="how many days up to today (30)")
    parser.add_argument("--from", dest="first", metavar="DAY", help="first day, such as 2026-11-01")
    parser.add_argument("--to", dest="last", metavar="DAY", help="last day; today if left out")
    parser.add_argument("--exact", action="store_true", help="show small numbers, and round none: not to be passed on")
    parser.add_argument("--without-texts", action="store_true", help="leave out what people typed")
    parser.add_argument("--out", type=Path, default=reports.FOLDER / "insights.html", help="the file to write")
    options = parser.parse_args(arguments)
    try:
        period = gather.period(options.days, options.first, options.last)
        report = gather.report(settings().database_url, period, options.exact, not options.without_texts)
        reports.write(options.out, report.html(), private=True)
    except (InsightsError, ContentError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{options.out} cannot be written ({error.strerror}). Choose another file: --out FILE", file=sys.stderr)
        return 2
    return 0
