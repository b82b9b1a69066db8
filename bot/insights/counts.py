"""The counts by day in the database: adding to them now and then, reading them, and dropping old ones."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.insights.tally import Key, Kind, Tally, today

logger = logging.getLogger(__name__)

EVERY = 10.0  # seconds between writings; what a server that is killed loses
KEEP_DAYS = 400  # a year, and a month to compare with

# servers add to the same rows
ADD = sa.text(
    "INSERT INTO daily_counts (day, kind, name, detail, number) VALUES (:day, :kind, :name, :detail, :number)"
    " ON CONFLICT (day, kind, name, detail) DO UPDATE SET number = daily_counts.number + excluded.number"
)
READ = sa.text("SELECT day, kind, name, detail, number FROM daily_counts WHERE day BETWEEN :first AND :last")
BEGAN = sa.text("SELECT MIN(day) FROM daily_counts")
FORGET = sa.text("DELETE FROM daily_counts WHERE day < :first")


class Writer:
    """A thread that adds a server's counts to the database now and then, and once more when it stops.

    Where the database is away they wait for it. Where its answer to a writing is lost on the way, that writing may be
    counted twice: these are counts to learn from, and a turn must not wait for them.

    Args:
        engine: the database of conversations.
        every: seconds between writings.
    """

    def __init__(self, engine: Engine, tally: Tally, every: float = EVERY) -> None:
        self._engine = engine
        self._tally = tally
        self._every = every
        self._forgotten_on: date | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="counts", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, and end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self.write()

    def _run(self) -> None:
        while not self._stopping.wait(self._every):
            self.write()

    def write(self) -> None:
        """Add what was counted since the last time; keep it for the next time where that fails."""
        counts = self._tally.take()
        if not counts:
            return
        try:
            with self._engine.begin() as connection:
                # in one order everywhere: two servers that wait for each other's rows would wait for ever
                connection.execute(ADD, [_row(key, counts[key]) for key in sorted(counts)])
                if self._forgotten_on != today():
                    connection.execute(FORGET, {"first": (today() - timedelta(KEEP_DAYS)).isoformat()})
        except sa.exc.SQLAlchemyError as error:
            self._tally.add(counts)
            logger.warning("The counts were not written (%s); they wait", type(error).__name__)
        else:
            self._forgotten_on = today()


def _row(key: Key, number: int) -> dict[str, str | int]:
    return {**key._asdict(), "day": key.day.isoformat(), "kind": key.kind.value, "number": number}


def read(connection: Connection, first: date, last: date) -> Mapping[Key, int]:
    """The counts of some days, by one statement: they are of one moment.

    Args:
        last: the last day, included.
    """
    days = {"first": first.isoformat(), "last": last.isoformat()}
    known = {kind.value for kind in Kind}  # a newer server may count more
    return {
        Key(date.fromisoformat(row.day), Kind(row.kind), row.name, row.detail): row.number
        for row in connection.execute(READ, days)
        if row.kind in known
    }


def began(connection: Connection) -> date | None:
    """The first day that has counts, or `None` if there are none."""
    day = connection.execute(BEGAN).scalar()
    return date.fromisoformat(day) if day else None
