"""One JSON object a line, one line for each turn, and never what somebody wrote."""

from __future__ import annotations

import json
import logging
import sqlite3
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import logs
from tests.serving import Server

SECRET = "quokka-hammock"


@pytest.fixture
def restored() -> Iterator[None]:
    """Puts the log back as it was."""
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, level = before
    root.setLevel(level)
    logging.raiseExceptions = True
    structlog.reset_defaults()
    logging.captureWarnings(False)


def lines(printed: str) -> list[dict[str, object]]:
    """The lines of the log in what a process printed."""
    return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]


@pytest.mark.usefixtures("restored")
def test_what_libraries_log_keeps_its_place_and_loses_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger("rasa.core").warning("an.event", text=SECRET, name=SECRET)
    logging.getLogger("rasa.core").error("could not read %s", SECRET)
    warnings.warn(SECRET, stacklevel=1)
    try:
        raise ValueError(SECRET)
    except ValueError:
        structlog.get_logger("rasa.core").exception("an.event", text=SECRET)
        logging.getLogger("bot.channels").exception("A turn failed")
    printed = capsys.readouterr().err
    assert SECRET not in printed
    logged = lines(printed)
    assert len(logged) == 5
    assert [line.get("error") for line in logged[-2:]] == [["ValueError"], ["ValueError"]]
    assert str(logged[1]["at"]).startswith("test_logs:")
    assert logged[-1]["message"] == "A turn failed"


def test_every_turn_has_a_line_without_its_text(tmp_path: Path) -> None:
    server = Server(tmp_path / "conversations.db", LOG_SALT="salt")
    try:
        server.say(f"does ice help my {SECRET}?", "someone-known")
        server.say(f"my groin has gone numb, {SECRET}", "someone-known")
        server.say("", "someone-known")
        printed = server.printed()
    finally:
        server.stop()
    assert SECRET not in printed
    assert "someone-known" not in printed
    turns = [line for line in lines(printed) if line["logger"] == "bot.turns"]
    assert [line["message"] for line in turns] == ["turn", "turn", "refused"]
    assert len({str(line["sender"]) for line in turns}) == 1
    assert turns[0]["says"] == [{"kind": "answer", "ids": ["ice_and_heat"], "level": None}]
    assert turns[1]["says"] == [{"kind": "care", "ids": ["cauda_equina"], "level": "emergency"}]
    for line in turns[:2]:
        assert line["channel"] == "rest"
        assert isinstance(line["ms"], float)
        assert line["content"]
        assert line["model"]


def test_when_an_action_or_the_database_fails_no_text_is_logged(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    server = Server(path)
    try:
        server.say("hello", "someone")
        with sqlite3.connect(path) as database:
            database.execute("DROP TABLE events")
        assert server.say(f"does ice help my {SECRET}?", "someone").says[0]["kind"] == "error"
        printed = server.printed()
    finally:
        server.stop()
    assert "A turn failed" in printed
    assert SECRET not in printed


def test_a_raised_card_is_logged_with_its_channel_and_no_text(tmp_path: Path) -> None:
    server = Server(tmp_path / "conversations.db")
    try:
        server.say(f"my groin has gone numb, {SECRET}")
        lines = [json.loads(line) for line in server.printed().splitlines() if line.startswith("{")]
    finally:
        server.stop()
    raised = [line for line in lines if line.get("message", "").startswith("care card=cauda_equina")]
    assert raised
    assert all(line["channel"] == "rest" and line["time"] for line in raised)
    assert not [line for line in lines if SECRET in json.dumps(line)]
