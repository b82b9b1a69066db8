"""Conversations held with real servers, and the report that the command makes of them, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.marks import REASONS
from bot.content import content
from bot.evaluation.servers import free_port
from bot.insights.report import LEVELS
from bot.insights.tally import today
from bot.settings import ROOT
from tests.channels.test_web import browser
from tests.insights.page import Page
from tests.services import PostgreSQL
from tests.serving import Process, Response, new_sender

# words by which a text is found again
PRIVATE = ("walrus", "zebra", "heron")  # of people who did not agree, who deleted, who took consent back
NAMED = ("Jane Smith", "07700 900123")


@dataclass
class Held:
    """Servers, what was said to them, and what they said.

    Attributes:
        says: the items of every reply that was new.
    """

    database: str
    folder: Path
    servers: list[Process] = field(default_factory=list)
    says: list[dict[str, Any]] = field(default_factory=list)
    turns: int = 0

    def serve(self) -> Process:
        """Start a server."""
        port = free_port()
        started = Process("run", port, "/ready", PORT=str(port), DATABASE_URL=self.database)
        self.servers.append(started)
        return started

    def post(self, server: Process, message: str, sender: str, **more: str) -> Response:
        body = json.dumps({"sender": sender, "message": message, **more}).encode()
        return server.send("/webhooks/rest/webhook", body, {"Content-Type": "application/json"})

    def hold(self, server: Process, *messages: str) -> list[dict[str, Any]]:
        """A conversation of its own; gives the items of its last reply."""
        sender = new_sender()
        for message in messages:
            reply = self.post(server, message, sender)
            self.turns += 1
            self.says += reply.says
        return reply.says

    def insights(self, *options: str) -> str:
        """The page that the command writes."""
        out = self.folder / f"{uuid.uuid4().hex}.html"
        done = subprocess.run(
            [sys.executable, "-m", "bot", "insights", "--out", str(out), *options],
            cwd=ROOT, env={**os.environ, "DATABASE_URL": self.database}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert out.stat().st_mode & 0o077 == 0
        return out.read_text(encoding="utf-8")

    def counted(self, *kinds: str) -> Counter[str]:
        """How often each id was said."""
        items = (item for item in self.says if item["kind"] in kinds)
        return Counter(name for item in items for name in item["ids"])


def mark_in_the_widget(server: Process) -> None:
    """One answer is marked helpful; another is not, with the reason in the same event."""

    async def mark() -> None:
        async with browser(server) as client:
            await client.open()
            helpful = {"answer": "ice_and_heat", "helpful": True, "reason": None}
            for marked in (helpful, {"answer": "ice_and_heat", "helpful": False, "reason": "missing"}):
                assert await client.socket.call("feedback", marked) == {"ok": True}

    asyncio.run(mark())


def hold_conversations(day: Held) -> None:
    """What people said to two servers."""
    one, other = day.serve(), day.serve()
    for number in range(3):
        day.hold((one, other)[number % 2], "does ice or heat help?", "do muscle relaxants work?", "tell me more")
    day.hold(one, "which exercises should I do?", "no", "yes", "waist")
    day.hold(one, "how many ibuprofen may a walrus take?", "what is the capital of Walrusland?", "hmm, walrus things")
    day.hold(other, "I can't feel my groin", "does ice help?")
    assert day.hold(one, "what if my groin goes numb?")[0]["informational"]
    day.hold(other, "does ice help?", "I want to give feedback", "/feedback_not_helpful", "/feedback_unclear")
    day.hold(one, "does ice help?", "I want to give feedback", "/feedback_helpful")
    mark_in_the_widget(one)
    # agreed, and asked what the document does not answer
    agreed = ("what do you keep?", "yes")
    day.hold(one, *agreed, "how many ibuprofen should I take, I am Jane Smith", "how many ibuprofen? Call 07700 900123")
    day.hold(other, *agreed, "what is the capital of France? <script>alert(1)</script>", "/dose")
    # agreed, and then deleted it, or took it back
    day.hold(one, *agreed, "how many ibuprofen may a zebra take?", "delete my data", "yes")
    day.hold(one, *agreed, "how many ibuprofen may a heron take?", "/privacy", "/deny")
    # the same message again is answered again, but was asked once
    sender = new_sender()
    replies = [day.post(one, "does ice help?", sender, message_id="once") for _ in range(3)]
    assert len({reply.body for reply in replies}) == 1
    day.says += replies[0].says
    day.turns += 1
    day.insights()  # while both run


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def held(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Held:
    """A day of two servers, which were stopped in the end."""
    folder = tmp_path_factory.mktemp("insights")
    if request.param == "sqlite":
        database = f"sqlite:///{folder / 'conversations.db'}"
    else:
        service: PostgreSQL = request.getfixturevalue("postgresql")
        database = service.database(uuid.uuid4().hex)
    day = Held(database, folder)
    try:
        hold_conversations(day)
    finally:
        for server in day.servers:
            server.stop()
    return day


@pytest.fixture(scope="module")
def html(held: Held) -> str:
    return held.insights("--exact", "--days", "3")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def title(answer: str) -> str:
    return content().answers[answer].title


def test_every_message_is_counted_once_though_the_servers_were_stopped(held: Held, page: Page) -> None:
    numbers = page.numbers("All together")
    assert numbers["Messages replied to"] == str(held.turns)
    assert numbers["Answers shown"] == str(held.counted("answer").total())
    assert numbers["Messages that failed"] == "0"
    assert page.numbers("Messages by day") == {today().isoformat(): str(held.turns)}


def test_answers_are_counted_by_topic_and_day(held: Held, page: Page) -> None:
    said = held.counted("answer")
    assert said["ice_and_heat"] == 6
    assert said["waist_exercises"] >= 1
    assert page.numbers("Answers shown, by topic") == {title(answer): str(number) for answer, number in said.items()}
    head, (day, *numbers) = page.tables["Answers shown, by topic"][1]
    assert day == today().isoformat()
    assert dict(zip(head[1:], numbers)) == {title(answer): str(number) for answer, number in said.items()}


def test_what_was_not_understood_is_counted_by_kind_and_subject(held: Held, page: Page) -> None:
    asked_back = [item for item in held.says if item["asks"] == "clarify"]
    expected = {
        "The document does not answer it": held.counted("not_in_document").total(),
        "Nothing to do with backs": held.counted("out_of_scope").total(),
        "Asked back what was meant": len(asked_back),
    }
    heading = "What was not understood, or not in the document"
    assert page.numbers(heading) == {name: str(number) for name, number in expected.items() if number}
    subjects = Counter(item["about"] for item in held.says if item["kind"] == "not_in_document")
    assert subjects["dose"] >= 5
    named = {content().not_in_document[subject].title: str(number) for subject, number in subjects.items()}
    assert page.numbers("Subjects that the document lacks") == named


def test_cards_are_counted_by_level_and_those_that_inform_apart(held: Held, page: Page) -> None:
    for heading, informational in (
        ("Shown for a sign that is present", False),
        ("Shown as information, for a sign that was only asked about", True),
    ):
        cards = [item for item in held.says if item["kind"] == "care" and item["informational"] is informational]
        assert cards
        said = Counter(f"{LEVELS[item['level']]}: {content().care[item['ids'][0]].title}" for item in cards)
        assert page.numbers(heading) == {name: str(number) for name, number in said.items()}
    present = sum(item["kind"] == "care" and not item["informational"] for item in held.says)
    day, *levels = page.rows("Care cards by day and level")[0]
    assert (day, sum(map(int, levels))) == (today().isoformat(), present)


def test_feedback_is_counted_by_answer_with_its_reason(page: Page) -> None:
    ice = title("ice_and_heat")
    assert page.rows("Did it help?") == [[ice, "", "2", "2"]]
    assert page.numbers("Why not") == {f"{ice}: {REASONS[reason]}": "1" for reason in ("hard_to_read", "missing")}


def test_times_are_told_for_the_day(page: Page) -> None:
    ((day, p50, p95, p99),) = page.rows("How long a reply took")
    assert day == today().isoformat()
    assert 1 < float(p50) <= float(p95) <= float(p99.replace(",", ""))


def test_words_are_shown_of_those_who_agreed_and_of_nobody_else(held: Held, html: str, page: Page) -> None:
    for text in (*PRIVATE, *NAMED):
        assert text.lower() not in html.lower()
    dose = content().not_in_document["dose"].title
    assert page.rows("In people’s own words") == [  # and no button that was tapped
        ["how many ibuprofen should I take, I am [name]", dose, "1"],
        ["how many ibuprofen? Call [phone number]", dose, "1"],
        ["what is the capital of France? <script>alert(1)</script>", "Nothing to do with backs", "1"],
    ]
    assert "ibuprofen" not in held.insights("--without-texts")


def test_the_words_cannot_run_and_nothing_is_loaded(html: str, page: Page) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "script" not in page.tags
    assert page.outside == []
    assert "url(" not in html
    assert "@import" not in html


def test_small_numbers_are_hidden_unless_asked_for(held: Held, page: Page) -> None:
    shown = Page(held.insights())
    for heading in ("All together", "Answers shown, by topic", "Shown for a sign that is present"):
        exact = page.numbers(heading)
        for name, number in shown.numbers(heading).items():
            small = 0 < int(exact[name]) < 5
            assert number == ("<5" if small else str((int(exact[name]) + 2) // 5 * 5))
    assert shown.rows("Did it help?") == [[title("ice_and_heat"), "", "<5", "<5"]]


def test_what_is_drawn_tells_no_more_than_the_numbers(held: Held, html: str) -> None:
    """Whatever is "<5" has a bar of one length."""

    def bars(page: str) -> set[str]:
        section = page.split("<h2>Care cards</h2>")[1].split("<h2>")[0].split("<h3>Care cards by day")[0]
        return set(re.findall(r'<rect [^>]* width="([\d.]+%)"', section))

    assert len(bars(html)) > 1
    assert bars(held.insights()) == {"25.00%"}


def test_the_counts_hold_nothing_of_a_person(held: Held) -> None:
    engine = sa.create_engine(held.database)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM daily_counts")).all()
        senders = connection.execute(sa.text("SELECT sender_id FROM conversations")).scalars().all()
    engine.dispose()
    assert rows
    assert senders
    known = {*content().answers, *content().not_in_document, *content().care, "ask", "talk", ""}
    assert {row.name for row in rows if row.kind != "milliseconds"} <= known
    assert {row.detail for row in rows} <= {*LEVELS, *REASONS, "helpful", "not_helpful", ""}
    assert {row.day for row in rows} == {today().isoformat()}


def test_days_without_messages_say_when_counting_began(held: Held) -> None:
    page = held.insights("--from", "2020-01-01", "--to", "2020-01-31")
    assert f"Counting began on {today()}" in page
    assert "ibuprofen" not in page
