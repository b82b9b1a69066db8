from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations.store import ConversationStore


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "a folder that is not there yet" / "conversations.db"


@pytest.fixture
def store(database: Path) -> Iterator[ConversationStore]:
    store = ConversationStore(Domain.empty(), f"sqlite:///{database}")
    yield store
    store.close()


def spoken(sender: str, *texts: str) -> DialogueStateTracker:
    tracker = DialogueStateTracker.from_events(sender, [], slots=[AnySlot("care", mappings=[])])
    for text in texts:
        tracker.update(UserUttered(text, {"name": "greet", "confidence": 1.0}))
        tracker.update(ActionExecuted("action_talk"))
    return tracker


def texts(store: ConversationStore, sender: str) -> list[str]:
    tracker = asyncio.run(store.retrieve(sender))
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


def test_what_was_said_is_there_after_a_restart(store: ConversationStore, database: Path) -> None:
    asyncio.run(store.save(spoken("someone", "hello 👋", "does ice help?")))
    store.engine.dispose()
    again = ConversationStore(Domain.empty(), f"sqlite:///{database}")
    assert texts(again, "someone") == ["hello 👋", "does ice help?"]
    again.engine.dispose()


def test_a_conversation_grows_and_others_do_not(store: ConversationStore) -> None:
    tracker = spoken("someone", "one")
    asyncio.run(store.save(tracker))
    asyncio.run(store.save(spoken("another", "other")))
    tracker.update(UserUttered("two", {"name": "greet", "confidence": 1.0}))
    tracker.update(SlotSet("care", {"held": []}))
    asyncio.run(store.save(tracker))
    assert texts(store, "someone") == ["one", "two"]
    assert texts(store, "another") == ["other"]
    assert texts(store, "nobody") == []


def test_a_sender_that_cannot_be_stored_fails_the_turn_and_not_the_server(store: ConversationStore) -> None:
    """The stock store ends the process here."""
    with pytest.raises(UnicodeEncodeError):
        asyncio.run(store.save(spoken("\ud800", "hello")))
    asyncio.run(store.save(spoken("someone", "hello")))
    assert texts(store, "someone") == ["hello"]


def test_a_failed_turn_leaves_nothing_half_stored(store: ConversationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    tracker = spoken("someone", "hello")
    asyncio.run(store.save(tracker))
    tracker.update(UserUttered("and heat?"))
    with monkeypatch.context() as patch:
        # the conversation has its new version by then
        patch.setattr("bot.conversations.store.ADD_EVENTS", sa.text("INSERT INTO nowhere VALUES (1)"))
        with pytest.raises(sa.exc.SQLAlchemyError):
            asyncio.run(store.save(tracker))
    assert texts(store, "someone") == ["hello"]
    asyncio.run(store.save(tracker))
    assert texts(store, "someone") == ["hello", "and heat?"]


def test_a_database_that_is_away_fails_the_turn(store: ConversationStore, database: Path) -> None:
    """Never an empty conversation in its place: an open care card would be forgotten."""
    asyncio.run(store.save(spoken("someone", "hello")))
    store.engine.dispose()
    store._at_once.invalidate()
    for file in database.parent.iterdir():
        file.unlink()
    database.mkdir()
    with pytest.raises(sa.exc.OperationalError):
        asyncio.run(store.retrieve("someone"))


def test_while_somebody_else_writes_a_turn_waits_and_no_other_does(store: ConversationStore, database: Path) -> None:
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def both() -> None:
        saving = asyncio.create_task(store.save(spoken("someone", "hello")))
        await asyncio.sleep(0.1)
        assert await store.retrieve("another") is None  # reading never waits
        assert not saving.done()
        other.execute("COMMIT")
        await asyncio.wait_for(saving, 5)

    asyncio.run(both())
    other.close()
    assert texts(store, "someone") == ["hello"]


def test_turns_leave_the_log_to_the_checkpoint(store: ConversationStore, database: Path) -> None:
    for number in range(40):
        asyncio.run(store.save(spoken(f"someone-{number}", *["hello " * 1000] * 20)))
    written, log = database.stat().st_size, database.with_name(f"{database.name}-wal")
    assert log.stat().st_size > 1000 * 4096  # from 1000 pages on, a commit of SQLite's own would write them back
    store.checkpoint()
    assert database.stat().st_size > written
    before = log.stat().st_size
    asyncio.run(store.save(spoken("one more", "hello")))
    assert log.stat().st_size == before  # begun again from its start
