"""Conversations end, and what is deleted is gone from the files: on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import itertools
import json
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import BooleanSlot, Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations.retention import RESTS, Sweeper
from bot.conversations.store import CONSENT, ERASE, ConversationChanged, ConversationStore
from tests.services import PostgreSQL

HOUR, DAY = 3600, 86_400

SLOTS: list[Slot] = [BooleanSlot(CONSENT, mappings=[]), BooleanSlot(ERASE, mappings=[])]


def sqlite_files(path: Path) -> Callable[[], bytes]:
    return lambda: b"".join(file.read_bytes() for file in path.parent.iterdir())


def postgresql_files(service: PostgreSQL, store: ConversationStore) -> Callable[[], bytes]:
    """The tables, indexes and everything else of the cluster but the log of transactions."""

    def read() -> bytes:
        with store.engine.connect() as connection:
            connection.execute("SET statement_timeout = 0")
            connection.execution_options(isolation_level="AUTOCOMMIT").execute("CHECKPOINT")
        return b"".join(file.read_bytes() for file in (service.data / "base").rglob("*") if file.is_file())

    return read


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[ConversationStore, Callable[[], bytes]]]:
    """A store, and the raw bytes of its files."""
    domain = Domain.from_dict({"slots": {name: {"type": "bool", "mappings": []} for name in (CONSENT, ERASE)}})
    if request.param == "sqlite":
        path = tmp_path / "conversations" / "conversations.db"
        store = ConversationStore(domain, f"sqlite:///{path}")
        with closing(sqlite3.connect(path)) as other:  # as in a server, where some connection is always open
            other.execute("SELECT COUNT(*) FROM events").fetchall()
            yield store, sqlite_files(path)
    else:
        service: PostgreSQL = request.getfixturevalue("postgresql")
        store = ConversationStore(domain, service.database(uuid.uuid4().hex))
        yield store, postgresql_files(service, store)
    store.close()


@pytest.fixture
def store(kept: tuple[ConversationStore, Callable[[], bytes]]) -> ConversationStore:
    return kept[0]


def say(store: ConversationStore, sender: str, *texts: str, **slots: bool) -> DialogueStateTracker:
    """A turn for each text, as Rasa stores them."""
    for text in texts:
        tracker = asyncio.run(store.retrieve(sender))
        if tracker is None:
            tracker = DialogueStateTracker(sender, SLOTS)
            tracker.update(SessionStarted())
        tracker.update(UserUttered(text, {"name": "greet", "confidence": 1.0}))
        tracker.update(BotUttered(f"You said {text}"))
        for name, value in slots.items():
            tracker.update(SlotSet(name, value))
        asyncio.run(store.save(tracker))
    return tracker


def heard(store: ConversationStore, sender: str) -> list[str | None]:
    tracker = asyncio.run(store.retrieve_full_tracker(sender))
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


def test_without_consent_it_is_kept_for_a_day_after_the_last_message(store: ConversationStore) -> None:
    say(store, "someone", "hello")
    assert store.expire(10, time.time() + 23.9 * HOUR) == 0
    assert heard(store, "someone") == ["hello"]
    assert store.expire(10, time.time() + 24.1 * HOUR) == 1
    assert heard(store, "someone") == []


def test_with_consent_it_is_kept_for_the_time_that_the_owner_set(store: ConversationStore) -> None:
    say(store, "someone", "hello", consent=True)
    assert store.expire(10, time.time() + 89.9 * DAY) == 0
    assert store.expire(10, time.time() + 90.1 * DAY) == 1


def test_a_message_puts_the_end_off(store: ConversationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    say(store, "someone", "one")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 20 * HOUR)
    say(store, "someone", "two")
    assert store.expire(10, now + 40 * HOUR) == 0


def test_after_its_time_it_is_forgotten_even_before_the_next_sweep(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(store, "someone", "hello")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 24.1 * HOUR)
    assert asyncio.run(store.retrieve("someone")) is None
    say(store, "someone", "again")
    assert heard(store, "someone") == ["again"]


def test_taking_consent_back_deletes_earlier_sessions(store: ConversationStore) -> None:
    tracker = say(store, "someone", "long ago", consent=True)
    tracker.update(SessionStarted(timestamp=time.time() + 1))
    tracker.update(SlotSet(CONSENT, True, timestamp=time.time() + 1))
    tracker.update(UserUttered("today", timestamp=time.time() + 1))
    asyncio.run(store.save(tracker))
    assert heard(store, "someone") == ["long ago", "today"]
    tracker = asyncio.run(store.retrieve("someone"))
    assert tracker
    tracker.update(SlotSet(CONSENT, False, timestamp=time.time() + 1))
    asyncio.run(store.save(tracker))
    assert heard(store, "someone") == ["today"]


def test_what_is_deleted_is_gone_from_the_files(kept: tuple[ConversationStore, Callable[[], bytes]]) -> None:
    """Texts long and short, among conversations that stay: a deleted row's bytes would stay as well."""
    store, files = kept
    for number in range(120):
        say(store, f"sender-{number:04}", f"marked{number:04} " + "pain " * (number * 7 % 900), "and ice")
    assert b"marked0003" in files()
    gone = range(0, 120, 3)
    for number in gone:
        say(store, f"sender-{number:04}", "delete my data", erase=True)
    store.wipe()
    left = files()
    assert [number for number in gone if f"marked{number:04}".encode() in left] == []
    assert [number for number in gone if f"sender-{number:04}".encode() in left] == []
    assert b"marked0001" in left
    assert heard(store, "sender-0001")[1] == "and ice"


def test_what_has_expired_is_gone_from_the_files(
    kept: tuple[ConversationStore, Callable[[], bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, files = kept
    say(store, "old-sender", "marked-old " + "pain " * 500)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 25 * HOUR)
    say(store, "new-sender", "marked-new")
    assert Sweeper(store).sweep() == 1
    left = files()
    assert b"marked-old" not in left
    assert b"old-sender" not in left
    assert b"marked-new" in left


def test_the_sweeper_wipes_soon_after_somebody_deleted_something(
    kept: tuple[ConversationStore, Callable[[], bytes]],
) -> None:
    store, files = kept
    sweeper = Sweeper(store, every=600)
    sweeper.start()
    say(store, "someone", "marked-text")
    say(store, "someone", "delete my data", erase=True)
    deadline = time.monotonic() + 20
    while b"marked-text" in files() and time.monotonic() < deadline:
        time.sleep(0.1)
    sweeper.stop()
    assert b"marked-text" not in files()


def test_a_long_sweep_is_followed_by_a_rest(
    kept: tuple[ConversationStore, Callable[[], bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = kept
    wiped = []

    def wipe() -> int:
        time.sleep(0.1)
        wiped.append(time.monotonic())
        return 1

    monkeypatch.setattr(store, "wipe", wipe)
    sweeper = Sweeper(store, every=0.01)
    sweeper.start()
    time.sleep(1.5)
    sweeper.stop()
    gaps = [later - earlier for earlier, later in itertools.pairwise(wiped)]
    assert gaps
    assert min(gaps) >= 0.1 * (RESTS + 1)


def test_two_servers_cannot_both_go_on_from_the_same_turn(store: ConversationStore) -> None:
    say(store, "someone", "one")
    first, second = asyncio.run(store.retrieve("someone")), asyncio.run(store.retrieve("someone"))
    assert first
    assert second
    first.update(UserUttered("two"))
    second.update(UserUttered("three"))
    asyncio.run(store.save(first))
    with pytest.raises(ConversationChanged):
        asyncio.run(store.save(second))
    assert heard(store, "someone") == ["one", "two"]


def test_two_servers_cannot_both_begin_a_conversation(store: ConversationStore) -> None:
    trackers = [DialogueStateTracker("someone", SLOTS) for _ in range(2)]
    for tracker in trackers:
        tracker.update(UserUttered("hello"))
    asyncio.run(store.save(trackers[0]))
    with pytest.raises(ConversationChanged):
        asyncio.run(store.save(trackers[1]))
    assert heard(store, "someone") == ["hello"]


def test_a_turn_that_was_stored_though_the_answer_was_lost_is_stored_once(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError
    from sqlalchemy.orm import Session

    say(store, "someone", "one")
    commit, lost = Session.commit, iter([True])

    def commit_and_lose_the_answer(session: Session) -> None:
        commit(session)
        if next(lost, False):
            raise OperationalError("COMMIT", {}, Exception("the connection broke"))

    monkeypatch.setattr(Session, "commit", commit_and_lose_the_answer)
    say(store, "someone", "two")
    assert heard(store, "someone") == ["one", "two"]


def test_a_database_from_before_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255), type_name VARCHAR(255),"
                    " timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT)")  # fmt: skip
        data = json.dumps(UserUttered("hello").as_dict())
        old.execute("INSERT INTO events VALUES (1, 'someone', 'user', ?, NULL, NULL, ?)", [time.time(), data])
    store = ConversationStore(Domain.empty(), f"sqlite:///{path}")
    assert heard(store, "someone") == ["hello"]
    store.close()
    again = ConversationStore(Domain.empty(), f"sqlite:///{path}")  # a second start changes nothing
    assert heard(again, "someone") == ["hello"]
    again.close()
