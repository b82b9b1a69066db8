"""Forgetting: conversations whose time is over are deleted, and what was deleted is taken out of the files."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator

import sqlalchemy as sa

from bot.conversations.database import SWEEP_LOCK, is_postgresql
from bot.conversations.store import ConversationStore

logger = logging.getLogger(__name__)

BATCH = 200  # conversations deleted at once: some 20 ms, in which a turn may have to wait
PAUSE = 0.05  # seconds between batches, for the turns
EVERY = 60.0  # seconds between sweeps; a conversation that is asked for after its time is deleted at once
# times as long as a sweep took, turns are left in peace: to wipe a large file takes seconds, and holds them up
RESTS = 5


class Sweeper:
    """A thread that sweeps now and then, and as soon as somebody deleted something.

    Of servers on one database, one sweeps at a time.
    """

    def __init__(self, store: ConversationStore, every: float = EVERY) -> None:
        self._store = store
        self._every = every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        """Begin to sweep."""
        self._thread.start()

    def stop(self) -> None:
        """Stop between two batches, and wait until it has."""
        self._stopping.set()
        self._store.deleted.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._store.deleted.clear()
            began = time.monotonic()
            try:
                self.sweep()
                self._store.checkpoint()
            except sa.exc.SQLAlchemyError as error:
                logger.warning("Sweeping failed (%s); it is tried again in %s s", type(error).__name__, self._every)
            took = time.monotonic() - began
            self._store.deleted.wait(self._every)
            self._stopping.wait(RESTS * took)

    def sweep(self) -> int:
        """Delete every conversation whose time is over, then wipe.

        Returns:
            How many conversations were deleted.
        """
        with self._alone() as alone:
            if not alone:
                return 0
            total = 0
            while not self._stopping.is_set() and (deleted := self._store.expire(BATCH)):
                total += deleted
                self._stopping.wait(PAUSE)
            wiped = self._store.wipe()
        if total or wiped:
            logger.info("Deleted %s conversations whose time is over; wrote %s parts of the tables anew", total, wiped)
        return total

    @contextlib.contextmanager
    def _alone(self) -> Iterator[bool]:
        """Whether no other server sweeps now; holds them off meanwhile."""
        if not is_postgresql(self._store.engine):
            yield True
            return
        with self._store.engine.connect() as raw:
            connection = raw.execution_options(isolation_level="AUTOCOMMIT")
            mine = connection.execute(sa.text(f"SELECT pg_try_advisory_lock({SWEEP_LOCK})")).scalar()
            try:
                yield bool(mine)
            finally:
                if mine:
                    connection.execute(sa.text(f"SELECT pg_advisory_unlock({SWEEP_LOCK})"))
