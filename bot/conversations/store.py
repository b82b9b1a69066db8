"""Where conversations are kept: Rasa's SQL tracker store, without its ways of losing a turn, and with an end."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from bot.conversations import migrations, snapshot
from bot.conversations.database import POOL_SIZE, is_postgresql, make_engine, make_engine_at_once, retrying
from bot.settings import Settings

Result = TypeVar("Result")

EVENTS = SQLTrackerStore.SQLEvent.__table__
CONVERSATIONS = sa.table(
    "conversations",
    sa.column("sender_id"),
    sa.column("version"),
    sa.column("consent"),
    sa.column("expires_at"),
    sa.column("first_event"),
    sa.column("carried"),
)
TO_WIPE = sa.table("to_wipe", sa.column("part"))

# what every turn does, made once: SQLAlchemy takes longer to put a statement together than SQLite to run it
_MINE = CONVERSATIONS.c.sender_id == sa.bindparam("sender")
READ_CONVERSATION = sa.select(CONVERSATIONS).where(_MINE)
READ_VERSION = sa.select(CONVERSATIONS.c.version).where(_MINE)
READ_EVENTS = (
    sa.select(EVENTS.c.id, EVENTS.c.type_name, EVENTS.c.data)
    .where(EVENTS.c.sender_id == sa.bindparam("sender"), EVENTS.c.id >= sa.bindparam("first"))
    .order_by(EVENTS.c.id)
)
CLAIM = sa.update(CONVERSATIONS).where(_MINE, CONVERSATIONS.c.version == sa.bindparam("before"))
ADD_CONVERSATION = sa.insert(CONVERSATIONS)
ADD_EVENTS = sa.insert(EVENTS)

# slots by which the dialogue tells the store what the person decided (domain.yml)
CONSENT, ERASE = "consent", "erase"


class ConversationChanged(Exception):
    """Another server has stored a turn of this conversation since it was read; this turn is not stored."""


@dataclass(frozen=True)
class Stored:
    """What of a tracker the database holds already.

    Attributes:
        version: changes with each save, so that two servers cannot both go on from the same point.
        events: how many of the tracker's events are stored; those that stand for earlier ones count.
        consent: whether the person agreed to be remembered.
        carried: events, as JSON, that stand for all before `first_event` (snapshot.py).
        first_event: the id of the first event that a turn still reads.
        ids: place in the tracker → id, of the events that were read.
    """

    version: str
    events: int
    consent: bool
    carried: str = "[]"
    first_event: int = 0
    ids: Mapping[int, int] = field(default_factory=dict)


class ConversationStore(SQLTrackerStore):
    """An SQL tracker store that fails a turn visibly, forgets in time, and deletes when it is asked to.

    The stock store ends the process on any `ValueError` (a lone surrogate in a sender id is enough), and a wrapper
    around it answers from an empty conversation when the database is away. Here every error reaches the channel,
    which shows the emergency lines. Two servers that take turns of one conversation at once cannot lose one: the
    later save fails.

    Args:
        domain: the domain whose slots trackers have.
        url: the database.
        keep_hours: hours after its last message that a conversation without consent is kept.
        history_days: days after its last message that one with consent is kept.
    """

    def __init__(
        self,
        domain: Domain | None,
        url: str,
        keep_hours: float = Settings.keep_hours,
        history_days: float = Settings.history_days,
    ) -> None:
        self._keep_seconds = {False: keep_hours * 3600, True: history_days * 86_400}
        self.engine = make_engine(url)
        migrations.migrate(self.engine)
        here = make_engine_at_once(url)
        self._at_once = here.connect() if here else None  # kept: a pool's care for it takes as long as a turn's reading
        # a database that is slow must not hold up everybody else's turns
        self._threads = ThreadPoolExecutor(POOL_SIZE, "database")
        # set when somebody deleted something: its bytes are to be wiped soon (retention.py)
        self.deleted = threading.Event()
        TrackerStore.__init__(self, domain)  # SQLTrackerStore's own makes an engine without time-outs

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        """Do `work` beside the event loop, and again where the connection failed."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: retrying(work))

    async def _transact(self, work: Callable[[Connection], Result]) -> Result:
        """Do `work` in one transaction: at once where SQLite lets it, otherwise beside the event loop.

        SQLite needs less time for what a turn reads and writes than it takes to wake another thread.
        """
        if self._at_once:
            # somebody else may be writing: to wait for them is work for a thread
            with contextlib.suppress(OperationalError), self._at_once.begin():
                return work(self._at_once)
        return await self._in_thread(lambda: self._transacted(work))

    def _transacted(self, work: Callable[[Connection], Result]) -> Result:
        with self.engine.begin() as connection:
            return work(connection)

    # -- reading ----------------------------------------------------------------------------------------------------

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> DialogueStateTracker | None:
        """The conversation of `sender_id`, or `None` if there is none, or it has expired."""
        whole = fetch_events_from_all_sessions
        stored, events = await self._transact(lambda connection: self._read(connection, sender_id, whole))
        if stored is None or not self.domain:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        remember(tracker, stored)
        return tracker

    def _read(self, connection: Connection, sender_id: str, whole: bool) -> tuple[Stored | None, list[dict[str, Any]]]:
        """What is stored of a conversation, and its events: all of them, or those that its next turn needs."""
        kept = connection.execute(READ_CONVERSATION, {"sender": sender_id}).first()
        if kept is None:
            return None, []
        if kept.expires_at < time.time():
            self._erase(connection, [sender_id])
            return None, []
        first = 0 if whole else kept.first_event
        rows = connection.execute(READ_EVENTS, {"sender": sender_id, "first": first}).all()
        carried, rows = ([], rows) if whole else _since_start(json.loads(kept.carried), rows)
        events = [*carried, *(json.loads(row.data) for row in rows)]
        ids = {place: row.id for place, row in enumerate(rows, len(carried))}
        return Stored(kept.version, len(events), bool(kept.consent), kept.carried, kept.first_event, ids), events

    async def earlier_events(self, sender_id: str) -> list[dict[str, Any]]:
        """The events of a conversation before those that a turn reads, of earlier sessions too, oldest first."""

        def read(connection: Connection) -> list[dict[str, Any]]:
            present, _ = self._read(connection, sender_id, False)
            stored, events = self._read(connection, sender_id, True)
            if present is None or stored is None:
                return []
            first = min(present.ids.values(), default=0)
            return [event for place, event in enumerate(events) if stored.ids[place] < first]

        return await self._in_thread(lambda: self._transacted(read))

    async def reply_to(self, sender_id: str, message_id: str) -> list[dict[str, Any]] | None:
        """What was replied to a message, in the form that Rasa's channels take; `None` if it was not taken yet."""

        def read() -> list[dict[str, Any]] | None:
            with self.engine.begin() as connection:
                mine = EVENTS.c.sender_id == sender_id
                named = EVENTS.c.data.contains(json.dumps({"message_id": message_id})[1:-1], autoescape=True)
                user = EVENTS.c.type_name == UserUttered.type_name
                taken = connection.execute(sa.select(EVENTS.c.id).where(mine, user, named)).scalar()
                if taken is None:
                    return None
                later = sa.select(EVENTS.c.type_name, EVENTS.c.data).where(mine, EVENTS.c.id > taken)
                rows = connection.execute(later.order_by(EVENTS.c.id))
                events = itertools.takewhile(lambda row: row.type_name != UserUttered.type_name, rows)
                spoken = [json.loads(row.data) for row in events if row.type_name == BotUttered.type_name]
            return [{"text": event["text"], **(event.get("data") or {})} for event in spoken]

        return await self._in_thread(read)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A new conversation. It is stored with its first turn; Rasa's own stores it empty before that, too."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    # -- writing ----------------------------------------------------------------------------------------------------

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new in a tracker; or delete everything of it, if the person asked for that.

        Raises:
            ConversationChanged: another server stored a turn of it meanwhile.
            sqlalchemy.exc.SQLAlchemyError: the database is away; nothing of the turn is stored.
        """
        if _slot(tracker, ERASE):
            await self.delete(tracker.sender_id)
            return
        before: Stored | None = getattr(tracker, "stored", None)
        known = before.events if before else 0
        rows = [_row(tracker.sender_id, event) for event in itertools.islice(tracker.events, known, None)]
        after = Stored(uuid.uuid4().hex, known + len(rows), bool(_slot(tracker, CONSENT)), *self._kept(tracker, before))
        await self._transact(lambda connection: self._write(connection, tracker.sender_id, before, after, rows))
        remember(tracker, after)
        if before and before.consent and not after.consent:
            self.deleted.set()

    def _kept(self, tracker: DialogueStateTracker, before: Stored | None) -> tuple[str, int, Mapping[int, int]]:
        """What later turns read: the events that stand for earlier ones, and the first of the others; with all ids."""
        if before is None:
            return "[]", 0, {}
        events, first = list(tracker.events), snapshot.first_kept(tracker.events)
        if first is None or first not in before.ids:
            return before.carried, before.first_event, before.ids
        carried = snapshot.after(tracker.sender_id, events[:first], self.domain.slots)
        return json.dumps(carried), before.ids[first], before.ids

    def _write(
        self, connection: Connection, sender_id: str, before: Stored | None, after: Stored, rows: list[dict[str, Any]]
    ) -> None:
        """Store a turn. Repeating it does nothing: the version says whether it was stored."""
        if not self._claim(connection, sender_id, before, after):
            return
        if rows:
            connection.execute(ADD_EVENTS, rows)
        if before and before.consent and not after.consent:
            self._forget_earlier_sessions(connection, sender_id)

    def _claim(self, connection: Connection, sender_id: str, before: Stored | None, after: Stored) -> bool:
        """Set the conversation's version, and with it its expiry.

        Returns:
            Whether the turn is still to be stored; not if an earlier try did, whose answer was lost on the way.

        Raises:
            ConversationChanged: it has another version by now.
        """
        values = {
            "version": after.version,
            "consent": after.consent,
            "expires_at": time.time() + self._keep_seconds[after.consent],
            "carried": after.carried,
            "first_event": after.first_event,
        }
        if before:
            claim = {"sender": sender_id, "before": before.version, **values}
            if connection.execute(CLAIM, claim).rowcount:
                return True
        present = connection.execute(READ_VERSION, {"sender": sender_id}).scalar()
        if present == after.version:
            return False
        if before or present:
            raise ConversationChanged
        try:
            connection.execute(ADD_CONVERSATION, {"sender_id": sender_id, **values})
        except sa.exc.IntegrityError as error:
            raise ConversationChanged from error
        return True

    # -- deleting ---------------------------------------------------------------------------------------------------

    async def delete(self, sender_id: str) -> None:
        """Delete a conversation. `wipe` then takes its bytes out of the files."""

        def work() -> None:
            with self.engine.begin() as connection:
                self._erase(connection, [sender_id])

        await self._in_thread(work)
        self.deleted.set()

    def _erase(self, connection: Connection, sender_ids: list[str]) -> None:
        connection.execute(sa.delete(CONVERSATIONS).where(CONVERSATIONS.c.sender_id.in_(sender_ids)))
        connection.execute(sa.delete(EVENTS).where(EVENTS.c.sender_id.in_(sender_ids)))
        self._note_deleted(connection, sender_ids)

    def _forget_earlier_sessions(self, connection: Connection, sender_id: str) -> None:
        """Delete what came before the present session: consent to keep it was taken back."""
        started = sa.select(sa.func.max(EVENTS.c.id)).where(
            EVENTS.c.sender_id == sender_id, EVENTS.c.type_name == SessionStarted.type_name
        )
        earlier = EVENTS.c.id < started.scalar_subquery()
        connection.execute(sa.delete(EVENTS).where(EVENTS.c.sender_id == sender_id, earlier))
        self._note_deleted(connection, [sender_id])

    def _note_deleted(self, connection: Connection, sender_ids: list[str]) -> None:
        """Remember which parts of the tables hold the bytes of something deleted."""
        parts = {0}
        if is_postgresql(self.engine):
            # the part that PostgreSQL itself puts a sender into
            found = sa.text(
                "SELECT DISTINCT part FROM unnest(CAST(:senders AS varchar[])) AS sender, generate_series(0, :last)"
                " AS part WHERE satisfies_hash_partition('events'::regclass, :parts, part, sender)"
            )
            values = {"senders": sender_ids, "last": migrations.PARTS - 1, "parts": migrations.PARTS}
            parts = set(connection.execute(found, values).scalars())
        for part in sorted(parts):
            _note_part(connection, part)

    def expire(self, limit: int, now: float | None = None) -> int:
        """Delete conversations whose time is over, in one short transaction.

        Args:
            limit: how many at most.
            now: seconds since 1970; the present if `None`.

        Returns:
            How many were deleted.
        """
        due = sa.select(CONVERSATIONS.c.sender_id).where(CONVERSATIONS.c.expires_at < (now or time.time())).limit(limit)
        if is_postgresql(self.engine):
            due = due.with_for_update(skip_locked=True)  # whoever holds one is writing to it just now
        with self.engine.begin() as connection:
            sender_ids = list(connection.execute(due).scalars())
            if sender_ids:
                self._erase(connection, sender_ids)
        return len(sender_ids)

    def wipe(self) -> int:
        """Take the bytes of what was deleted out of the database's files.

        A deleted row is only unlinked: its bytes stay until something else is written over them. SQLite's
        `secure_delete` misses those that were moved before (1 to 2 in 100, measured), so what is left is written anew:
        the file, or with PostgreSQL the parts of the tables, each for a moment out of use.

        Returns:
            How many parts were written anew.
        """
        with self.engine.connect() as raw:
            connection = raw.execution_options(isolation_level="AUTOCOMMIT")
            parts = list(connection.execute(sa.select(TO_WIPE.c.part)).scalars())
            for part in parts:
                # before the work: what is deleted meanwhile is noted again
                connection.execute(sa.delete(TO_WIPE).where(TO_WIPE.c.part == part))
                try:
                    self._write_anew(connection, part)
                except sa.exc.SQLAlchemyError:
                    _note_part(connection, part)
                    raise
        return len(parts)

    def _write_anew(self, connection: Connection, part: int) -> None:
        if is_postgresql(self.engine):
            connection.execute(sa.text("SET statement_timeout = 0"))
            for table in ("conversations", "events"):
                connection.execute(sa.text(f"VACUUM (FULL) {table}_{part}"))
            connection.execute(sa.text("RESET ALL"))
            return
        connection.execute(sa.text("VACUUM"))
        # SQLite's log holds copies of pages; it cannot be cut while somebody reads from it
        cut = connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)")).first()
        if cut and cut.busy:
            _note_part(connection, part)

    def checkpoint(self) -> None:
        """Write SQLite's log back into its file, which no turn does; it waits for the disk, but nobody waits for it."""
        if not is_postgresql(self.engine):
            with self.engine.connect() as connection:
                connection.execute(sa.text("PRAGMA wal_checkpoint(PASSIVE)"))

    def close(self) -> None:
        """Finish what is being written, and close the connections."""
        self._threads.shutdown()
        if self._at_once:
            self._at_once.close()
            self._at_once.engine.dispose()
        self.engine.dispose()


def _note_part(connection: Connection, part: int) -> None:
    note = sa.text("INSERT INTO to_wipe (part) VALUES (:part) ON CONFLICT (part) DO NOTHING")
    connection.execute(note, {"part": part})


def _since_start(carried: list[dict[str, Any]], rows: list[Any]) -> tuple[list[dict[str, Any]], list[Any]]:
    """What belongs to the present session."""
    starts = [place for place, row in enumerate(rows) if row.type_name == SessionStarted.type_name]
    return ([], rows[starts[-1] :]) if starts else (carried, rows)


def remember(tracker: DialogueStateTracker, stored: Stored) -> None:
    """Note on a tracker what of it is stored."""
    tracker.stored = stored  # type: ignore[attr-defined]


def _slot(tracker: DialogueStateTracker, name: str) -> Any:
    slot = tracker.slots.get(name)
    return slot.value if slot else None


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    """An event as the table keeps it."""
    data = event.as_dict()
    if isinstance(event, BotUttered) and is_copy(data):
        data["text"] = None  # a copy of the conversation is not kept within the conversation
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": ((data.get("parse_data") or {}).get("intent") or {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def is_copy(event: dict[str, Any]) -> bool:
    """Whether a stored or storable event of the assistant is a copy of the conversation (`actions/privacy.py`)."""
    custom = (event.get("data") or {}).get("custom") or {}
    return bool((custom.get("data") or {}).get("copy"))
