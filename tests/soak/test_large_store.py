"""A store of a million conversations: turns take no longer, and expiry does not hold them up."""

from __future__ import annotations

import asyncio
import os
import statistics
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from bot.conversations.retention import Sweeper
from bot.settings import Settings
from tests.conversation import Conversation
from tests.services import PostgreSQL

CONVERSATIONS = int(os.environ.get("CONVERSATIONS", "1000000"))
EXPIRED = int(os.environ.get("EXPIRED", "100000"))
TURNS = 200

COPY = """
INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, data)
SELECT 'stored-' || number, type_name, timestamp, intent_name, action_name, data
FROM events CROSS JOIN generate_series(CAST(:first AS int), CAST(:last AS int)) AS number
WHERE sender_id = :template ORDER BY number, id
"""
COPY_CONVERSATIONS = """
INSERT INTO conversations SELECT 'stored-' || number, version, consent, expires_at
FROM conversations CROSS JOIN generate_series(CAST(:first AS int), CAST(:last AS int)) AS number
WHERE sender_id = :template
"""


@pytest.fixture(scope="module")
def agent(loop: asyncio.AbstractEventLoop, postgresql: PostgreSQL) -> Iterator[Any]:
    """The assistant, on PostgreSQL."""
    from bot import server

    settings = Settings(database_url=postgresql.database(uuid.uuid4().hex))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "settings", lambda: settings)
        yield loop.run_until_complete(server.load_agent())


def seconds_of_turns(agent: Any, loop: asyncio.AbstractEventLoop, count: int) -> list[float]:
    """The time of each of `count` first turns."""
    taken = []
    for _ in range(count):
        conversation = Conversation(agent, loop)
        began = time.perf_counter()
        conversation.say("does ice help?")
        taken.append(time.perf_counter() - began)
    return taken


def test_a_large_store_does_not_slow_turns_and_expires_beside_them(
    agent: Any, loop: asyncio.AbstractEventLoop, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = agent.tracker_store.engine
    template = Conversation(agent, loop)
    template.say("does ice help?")
    seconds_of_turns(agent, loop, 20)
    empty = statistics.median(seconds_of_turns(agent, loop, TURNS))
    step = 20_000
    for first in range(0, CONVERSATIONS, step):
        with engine.begin() as connection:
            connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
            values = {"first": first, "last": min(first + step, CONVERSATIONS) - 1, "template": template.sender}
            connection.execute(sa.text(COPY), values)
            connection.execute(sa.text(COPY_CONVERSATIONS), values)
    with engine.connect() as raw:
        connection = raw.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(sa.text("SET statement_timeout = 0"))
        connection.execute(sa.text("ANALYZE"))
        connection.execute(sa.text("CHECKPOINT"))
        connection.execute(sa.text("RESET ALL"))
    full = statistics.median(seconds_of_turns(agent, loop, TURNS))

    with engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        some = "sender_id IN (SELECT sender_id FROM conversations WHERE sender_id LIKE 'stored-%' LIMIT :count)"
        connection.execute(sa.text(f"UPDATE conversations SET expires_at = 0 WHERE {some}"), {"count": EXPIRED})
    deleted: list[int] = []
    sweeping = threading.Thread(target=lambda: deleted.append(Sweeper(agent.tracker_store).sweep()))
    began = time.perf_counter()
    sweeping.start()
    during: list[float] = []
    while sweeping.is_alive():
        during += seconds_of_turns(agent, loop, 5)
    swept = time.perf_counter() - began

    with capsys.disabled():
        print(
            f"\nmedian of a turn: {empty * 1000:.1f} ms with an empty store, {full * 1000:.1f} ms with {CONVERSATIONS}"
            f" conversations\n{deleted[0]} expired in {swept:.0f} s; turns meanwhile: {len(during)},"
            f" median {statistics.median(during) * 1000:.1f} ms, longest {max(during):.2f} s"
        )
    assert full <= 1.2 * empty
    assert deleted == [EXPIRED]
    assert max(during) < 5  # nobody is kept waiting as if the service had stopped
