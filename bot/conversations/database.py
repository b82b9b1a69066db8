"""The database of conversations: SQLite in a file, or PostgreSQL. Connections, their limits, and trying again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine import Engine
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.pool import QueuePool

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# seconds between tries; a database that is being restarted comes back within them, or the turn says so
PAUSES = (0.05, 0.2, 0.8)
CONNECT_TIMEOUT = 3  # seconds
POOL_SIZE = 8  # connections of one server: it has one processor to feed them with
# a statement of a turn takes milliseconds; what takes longer is stuck, and the sender waits
POSTGRESQL_OPTIONS = "-c statement_timeout=5000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=10000"
SQLITE_BUSY = 5  # seconds that a connection waits for another one's writing
# numbers of advisory locks, which servers on one database share
MIGRATION_LOCK, SWEEP_LOCK = 7_301_001, 7_301_002


def make_engine(url: str) -> Engine:
    """An engine with a pool, time-outs, and no message texts in its errors.

    Args:
        url: such as `sqlite:////var/lib/lumbar/conversations.db` or `postgresql://user@host/name`.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(parsed)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    return _sqlite(parsed, SQLITE_BUSY)


def make_engine_at_once(url: str) -> Engine | None:
    """An engine for the event loop's own thread, which never waits; `None` for PostgreSQL, which is far away.

    It does not wait for others who write (then it raises `OperationalError`), nor for the disk:
    `ConversationStore.checkpoint` is to be called now and then.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return None
    engine = _sqlite(parsed, 0)
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA wal_autocheckpoint=0"))
    return engine


def _sqlite(url: URL, wait: float) -> Engine:
    # in parameters of the database's errors, message texts would reach the log
    # connections are kept: when the last one closes, SQLite writes its log back into the file, 10 ms for each turn
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=POOL_SIZE,
        connect_args={"timeout": wait, "check_same_thread": False},
    )
    event.listen(engine, "connect", _tune_sqlite)
    return engine


def _postgresql(url: URL) -> Engine:
    return sa.create_engine(
        url,
        hide_parameters=True,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=CONNECT_TIMEOUT,
        pool_pre_ping=True,  # a connection from before a restart of the database is noticed and replaced
        pool_recycle=1800,
        executemany_mode="values_plus_batch",
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT,
            "options": POSTGRESQL_OPTIONS,
            "keepalives_idle": 30,
            "application_name": "lumbar",
        },
    )


def _tune_sqlite(connection: Any, _: Any) -> None:
    """Write ahead instead of syncing every commit twice: a turn survives a killed process, and costs 10 ms less."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def is_postgresql(engine: Engine) -> bool:
    """Whether the engine speaks to PostgreSQL rather than SQLite."""
    return bool(engine.dialect.name == "postgresql")


def retrying(work: Callable[[], Result]) -> Result:
    """Do `work`, and again after a pause where the connection failed. `work` must be safe to repeat.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it still fails, or failed for a reason that a repeat does not mend.
    """
    for pause in PAUSES:
        try:
            return work()
        except (exc.OperationalError, exc.InterfaceError) as error:
            logger.warning("The database failed (%s); trying again in %s s", type(error.orig).__name__, pause)
            time.sleep(pause)
    return work()
