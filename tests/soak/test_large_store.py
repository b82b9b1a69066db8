"""A store of a million conversations: turns take no longer, and expiry does not hold them up."""

from __future__ import annotations

import asyncio
import os
import statistics
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from bot.conversations.retention import Sweeper
from bot.evaluation import machine
from bot.settings import Settings
from tests.conversation import Conversation
from tests.services import PostgreSQL

CONVERSATIONS = int(os.environ.get("CONVERSATIONS", "1000000"))
EXPIRED = int(os.environ.get("EXPIRED", "100000"))
WARM_UP, CONVERSATIONS_TIMED = 10, 150

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


@dataclass(frozen=True)
class Stores:
    """The assistant twice, on PostgreSQL: with a database that stays almost empty, and one that is filled."""

    empty: Any
    full: Any


@pytest.fixture(scope="module")
def stores(loop: asyncio.AbstractEventLoop, postgresql: PostgreSQL) -> Stores:
    """The assistant twice, each with a database of its own."""
    from bot import server

    def load() -> Any:
        settings = Settings(database_url=postgresql.database(uuid.uuid4().hex))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(server, "settings", lambda: settings)
            return loop.run_until_complete(server.load_agent())

    return Stores(load(), load())


def seconds_of_turns(agent: Any, loop: asyncio.AbstractEventLoop) -> list[float]:
    """The time of the first turn of a new conversation, and of its second, which reads the first."""
    conversation = Conversation(agent, loop)
    taken = []
    for text in ("does ice help?", "and heat?"):
        began = time.perf_counter()
        says = conversation.says(text)
        taken.append(time.perf_counter() - began)
        assert [item["kind"] for item in says] == ["answer"]
    return taken


def test_a_large_store_does_not_slow_turns_and_expires_beside_them(
    stores: Stores, loop: asyncio.AbstractEventLoop, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = stores.full.tracker_store.engine
    template = Conversation(stores.full, loop)
    template.say("does ice help?")
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
    taken: dict[str, list[float]] = {"empty": [], "full": []}
    for number in range(WARM_UP + CONVERSATIONS_TIMED):  # in turn, so that whatever else the machine does meets both
        for name, agent in (("empty", stores.empty), ("full", stores.full)):
            seconds = seconds_of_turns(agent, loop)
            if number >= WARM_UP:
                taken[name] += seconds
    empty, full = statistics.median(taken["empty"]), statistics.median(taken["full"])

    with engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        some = "sender_id IN (SELECT sender_id FROM conversations WHERE sender_id LIKE 'stored-%' LIMIT :count)"
        connection.execute(sa.text(f"UPDATE conversations SET expires_at = 0 WHERE {some}"), {"count": EXPIRED})
    deleted: list[int] = []
    sweeping = threading.Thread(target=lambda: deleted.append(Sweeper(stores.full.tracker_store).sweep()))
    began = time.perf_counter()
    sweeping.start()
    during: list[float] = []
    while sweeping.is_alive():
        during += seconds_of_turns(stores.full, loop)
    swept = time.perf_counter() - began

    with engine.connect() as connection:
        gigabytes = connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar() / 1e9
    with capsys.disabled():
        print(f"\n{machine.sentence(machine.describe('make soak'))}")
        print(f"median of a turn: {empty * 1000:.1f} ms with an empty store, {full * 1000:.1f} ms with", end=" ")
        print(f"{CONVERSATIONS} conversations ({gigabytes:.2f} GB): {full / empty:.2f} times as long")
        print(f"{deleted[0]} expired in {swept:.0f} s; turns meanwhile: {len(during)},", end=" ")
        print(f"median {statistics.median(during) * 1000:.1f} ms, longest {max(during):.2f} s")
    assert full <= 1.2 * empty
    assert deleted == [EXPIRED]
    assert max(during) < 5  # nobody is kept waiting as if the service had stopped
