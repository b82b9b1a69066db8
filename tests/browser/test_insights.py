"""The owner's report in a browser: readable for everybody, at every width, and without asking for anything."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.content import content
from bot.insights.figures import Figures, Period
from bot.insights.report import Report
from bot.insights.tally import Key, Kind, today
from bot.insights.texts import Text
from tests.browser.steps import DESKTOP, Visit, violations

PHONE = {"viewport": {"width": 360, "height": 700}}


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A report with everything in it, as a file."""
    counts: dict[Key, int] = {}
    for number in range(30):
        day = today() - timedelta(number)
        counts[Key(day, Kind.TURN)] = counts[Key(day, Kind.MILLISECONDS, "20.0")] = 40 + number
        for place, answer in enumerate(content().answers):
            counts[Key(day, Kind.ANSWER, answer)] = (number * place) % 23
            counts[Key(day, Kind.FEEDBACK, answer, ("helpful", "not_helpful", "missing")[place % 3])] = 1 + number % 7
        for subject in content().not_in_document:
            counts[Key(day, Kind.NOT_IN_DOCUMENT, subject)] = number % 3
        for kind in (Kind.CLARIFY, Kind.TWO_MISSES, Kind.OUT_OF_SCOPE):
            counts[Key(day, kind)] = 1 + number % 4
        for card, entry in content().care.items():
            counts[Key(day, Kind.CARE, card, entry.level)] = number % 5
            counts[Key(day, Kind.CARE_INFORMATION, card, entry.level)] = number % 2
    texts = [Text("<img src=http://127.0.0.1:9/x onerror=alert(1)>", Kind.OUT_OF_SCOPE), Text("w" * 400, Kind.CLARIFY)]
    period = Period(today() - timedelta(29), today())
    now = datetime.now(timezone.utc)
    path = tmp_path / "insights.html"
    path.write_text(Report(period, Figures(counts), period.first, texts, 500, False, now, content()).html(), "utf-8")
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_report_is_accessible_and_asks_for_nothing(
    address: str, visit: Visit, scheme: str, options: dict[str, Any]
) -> None:
    page = visit("about:blank", color_scheme=scheme, **options)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert violations(page) == []
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert violations(page) == []
    assert asked == [address]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_tables_that_are_folded_are_on_paper_too(address: str, visit: Visit) -> None:
    page = visit(address, **DESKTOP)
    table = page.locator("details table").first
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()
    assert page.evaluate("document.querySelector('details table').getBoundingClientRect().height") > 100
