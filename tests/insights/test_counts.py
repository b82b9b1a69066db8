"""The counts in the database: on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.conversations import migrations
from bot.conversations.database import make_engine
from bot.insights import counts
from bot.insights.counts import KEEP_DAYS, Writer
from bot.insights.tally import Key, Kind, Tally, today

ICE = Key(today(), Kind.ANSWER, "ice_and_heat")
LONG_AGO = date(2000, 1, 1)


def stored(engine: Engine, first: date = LONG_AGO, last: date | None = None) -> Mapping[Key, int]:
    with engine.connect() as connection:
        return counts.read(connection, first, last or today())


def test_counts_are_added_to_those_of_before(engine: Engine) -> None:
    tally = Tally()
    writer = Writer(engine, tally)
    for number in (3, 4):
        tally.add({ICE: number, ICE._replace(name="dose"): 1})
        writer.write()
    assert stored(engine) == {ICE: 7, ICE._replace(name="dose"): 2}
    assert tally.take() == {}


def test_only_the_days_asked_for_are_read(engine: Engine) -> None:
    tally = Tally()
    days = [today() - timedelta(number) for number in range(4)]
    tally.add({Key(day, Kind.TURN): 1 for day in days})
    Writer(engine, tally).write()
    assert {key.day for key in stored(engine, days[2], days[1])} == set(days[1:3])
    with engine.connect() as connection:
        assert counts.began(connection) == days[3]


def test_servers_that_write_at_once_lose_nothing_and_do_not_lock_each_other_out(url: str, engine: Engine) -> None:
    keys = [Key(today(), Kind.ANSWER, f"answer_{number}") for number in range(40)]

    def serve(order: int) -> None:
        other = make_engine(url)
        tally = Tally()
        writer = Writer(other, tally)
        for _ in range(10):
            tally.add(dict.fromkeys(keys[::order], 1))
            writer.write()
        while left := tally.take():  # SQLite may have been busy
            tally.add(left)
            writer.write()
        other.dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(serve, (1, -1, 1, -1)))
    assert stored(engine) == dict.fromkeys(keys, 40)


def test_counts_wait_for_a_database_that_is_away(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    tally = Tally()
    tally.add({ICE: 2})
    writer = Writer(engine, tally)
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE daily_counts RENAME TO away"))
    writer.write()
    assert "not written" in caplog.text
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE away RENAME TO daily_counts"))
    tally.add({ICE: 1})
    writer.write()
    assert stored(engine) == {ICE: 3}


def test_they_are_written_now_and_then_and_at_the_stop(engine: Engine) -> None:
    tally = Tally()
    writer = Writer(engine, tally, every=0.05)
    writer.start()
    tally.add({ICE: 1})
    deadline = time.monotonic() + 10
    while not stored(engine) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert stored(engine) == {ICE: 1}
    writer.stop()
    late = Writer(engine, tally, every=600)
    late.start()
    tally.add({ICE: 1})
    began = time.monotonic()
    late.stop()
    assert time.monotonic() - began < 5
    assert stored(engine) == {ICE: 2}


def test_what_comes_in_during_the_last_writing_is_written_too(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    tally = Tally()
    writer = Writer(engine, tally, every=0.01)
    take, late = tally.take, iter([{ICE: 1}])

    def take_while_a_turn_ends() -> dict[Key, int]:
        counts = take()
        if counts:
            writer._stopping.set()
            tally.add(next(late, {}))
        return counts

    monkeypatch.setattr(tally, "take", take_while_a_turn_ends)
    tally.add({ICE: 1})
    writer.start()
    writer._stopping.wait(10)
    writer.stop()
    assert stored(engine) == {ICE: 2}


def test_old_counts_end(engine: Engine) -> None:
    tally = Tally()
    ends, stays = today() - timedelta(KEEP_DAYS + 1), today() - timedelta(KEEP_DAYS)
    tally.add({Key(ends, Kind.TURN): 1, Key(stays, Kind.TURN): 1})
    Writer(engine, tally).write()
    assert {key.day for key in stored(engine)} == {stays}


def test_what_a_newer_version_counts_is_passed_over(engine: Engine) -> None:
    with engine.begin() as connection:
        row = {"day": today().isoformat(), "kind": "something_new", "name": "", "detail": "", "number": 1}
        connection.execute(counts.ADD, row)
    assert stored(engine) == {}


def test_the_table_has_no_place_for_a_person_a_text_or_a_time(engine: Engine) -> None:
    columns = {column["name"] for column in sa.inspect(engine).get_columns("daily_counts")}
    assert columns == {"day", "kind", "name", "detail", "number"}


def test_a_database_of_version_2_gets_the_table_and_keeps_the_rest(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = make_engine(url)
    with monkeypatch.context() as before:
        for steps in ("SQLITE", "POSTGRESQL"):
            before.setattr(migrations, steps, getattr(migrations, steps)[:2])
        migrations.migrate(engine)
    assert not sa.inspect(engine).has_table("daily_counts")
    with engine.begin() as connection:
        values = "('someone', '1', true, 9e9, '[]', 0)"
        connection.execute(sa.text(f"INSERT INTO conversations VALUES {values}"))
    migrations.migrate(engine)
    tally = Tally()
    tally.add({ICE: 1})
    Writer(engine, tally).write()
    assert stored(engine) == {ICE: 1}
    with engine.connect() as connection:
        assert migrations.version(connection) == migrations.latest(engine) == 3
        assert connection.execute(sa.text("SELECT sender_id FROM conversations")).scalars().all() == ["someone"]
    engine.dispose()


def test_a_busy_sqlite_file_keeps_counts_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "conversations.db"
    monkeypatch.setattr("bot.conversations.database.SQLITE_BUSY", 0.1)
    engine = make_engine(f"sqlite:///{path}")
    migrations.migrate(engine)
    tally = Tally()
    tally.add({ICE: 1})
    writer = Writer(engine, tally)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        writer.write()
        assert stored(engine) == {}
        other.rollback()
    writer.write()
    assert stored(engine) == {ICE: 1}
    engine.dispose()
