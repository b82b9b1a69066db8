"""The page itself: its names, and what it does with what it does not know."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import get_args

import pytest

from bot.content import content
from bot.content.model import Level
from bot.insights.figures import Figures, Period
from bot.insights.report import LEVELS, LONGEST_TEXT, Report
from bot.insights.tally import Key, Kind
from bot.insights.texts import Text
from tests.insights.page import Page

DAY = date(2026, 11, 5)


def page(counts: dict[Key, int], *texts: Text, exact: bool = True, most: int = 500) -> str:
    period = Period(DAY - timedelta(2), DAY)
    made = datetime(2026, 11, 5, 12, tzinfo=timezone.utc)
    return Report(period, Figures(counts), DAY, texts, most, exact, made, content()).html()


def test_every_level_has_a_name_in_the_order_of_urgency() -> None:
    assert tuple(LEVELS) == get_args(Level)


def test_titles_by_which_a_table_tells_answers_apart_differ() -> None:
    for entries in (content().answers, content().not_in_document, content().care):
        titles = [entry.title for entry in entries.values()]
        assert len(set(titles)) == len(titles)


def test_what_the_content_no_longer_has_is_shown_by_its_id() -> None:
    html = page(
        {
            Key(DAY, Kind.ANSWER, "gone_answer"): 1,
            Key(DAY, Kind.CARE, "gone_card", "gone_level"): 1,
            Key(DAY, Kind.NOT_IN_DOCUMENT, "gone_subject"): 1,
            Key(DAY, Kind.FEEDBACK, "gone_answer", "gone_reason"): 1,
        }
    )
    shown = Page(html)
    assert shown.numbers("Answers shown, by topic") == {"gone_answer (no longer there)": "1"}
    assert shown.numbers("Shown for a sign that is present") == {"gone_level: gone_card (no longer there)": "1"}
    assert shown.numbers("Subjects that the document lacks") == {"gone_subject": "1"}


def test_larger_numbers_come_first_and_graver_cards_before_others() -> None:
    counts = {Key(DAY, Kind.ANSWER, name): number for name, number in (("dose", 1), ("ice_and_heat", 9), ("sleep", 5))}
    counts |= {
        Key(DAY, Kind.CARE, "medicine_safety", "pharmacist"): 9,
        Key(DAY, Kind.CARE, "cauda_equina", "emergency"): 1,
    }
    shown = Page(page(counts))
    assert list(shown.numbers("Answers shown, by topic").values()) == ["9", "5", "1"]
    assert list(shown.numbers("Shown for a sign that is present").values()) == ["1", "9"]


def test_rounded_rows_are_in_no_finer_order_than_their_numbers() -> None:
    counts = {Key(DAY, Kind.ANSWER, "chiropractic"): 1, Key(DAY, Kind.ANSWER, "ice_and_heat"): 4}
    orders = [
        list(Page(page(dict(zip(counts, numbers)), exact=False)).numbers("Answers shown, by topic"))
        for numbers in ((1, 4), (4, 1))
    ]
    assert orders[0] == orders[1]


@pytest.mark.parametrize(("turns", "rows"), [(4, 0), (5, 1)])
def test_the_time_of_a_few_messages_is_not_told(turns: int, rows: int) -> None:
    counts = {Key(DAY, Kind.TURN): turns, Key(DAY, Kind.MILLISECONDS, "20.0"): turns}
    assert len(Page(page(counts, exact=False)).tables["How long a reply took"]) == rows
    assert Page(page(counts)).rows("How long a reply took") == [["2026-11-05", "20.0", "20.0", "20.0"]]


def test_texts_are_sorted_by_letter_merged_and_cut() -> None:
    texts = [Text(words, Kind.OUT_OF_SCOPE) for words in ("zoo", "Apple", "zoo", "x" * 1000)]
    rows = Page(page({}, *texts)).rows("In people’s own words")
    assert [row[0] for row in rows] == ["Apple", "x" * LONGEST_TEXT + "…", "zoo"]
    assert rows[-1][-1] == "2"


def test_it_says_when_there_may_be_more_texts() -> None:
    texts = [Text(f"text {number}", Kind.OUT_OF_SCOPE) for number in range(3)]
    assert "there may be more" in page({}, *texts, most=3)
    assert "there may be more" not in page({}, *texts, most=4)


def test_days_stand_in_order_and_only_those_with_something_are_listed() -> None:
    counts = {Key(DAY, Kind.TURN): 3, Key(DAY - timedelta(2), Kind.TURN): 1, Key(DAY - timedelta(9), Kind.TURN): 7}
    assert Page(page(counts)).rows("Messages by day") == [["2026-11-03", "1"], ["2026-11-05", "3"]]
