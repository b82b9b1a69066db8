"""Which texts a report may show: of those who agreed, as long as they agree, and not more than it can carry."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.insights import gather, texts
from bot.insights.gather import InsightsError
from bot.insights.tally import Kind, today
from bot.insights.texts import Text

DAY = 86_400
DOSE = {"kind": "not_in_document", "ids": ["not_in_document"], "about": "dose", "asks": None}
ANSWER = {"kind": "answer", "ids": ["ice_and_heat"], "asks": None}


def keep(
    engine: Engine,
    sender: str,
    *turns: tuple[str, dict[str, Any]],
    consent: bool = True,
    age: float = 0,
    left: float = DAY,
    button: bool = False,
) -> None:
    """Store a conversation: what was typed, each with the item that it was answered with."""
    events = []
    for text, said in turns:
        typed = {"event": "user", "text": text, "parse_data": {"reading": {"button": button}}}
        events += [("user", typed), ("bot", {"event": "bot", "data": {"custom": {"data": {"says": [said]}}}})]
    when = time.time() - age
    with engine.begin() as connection:
        values = {"sender": sender, "consent": consent, "ends": time.time() + left}
        connection.execute(sa.text("INSERT INTO conversations VALUES (:sender, 'v', :consent, :ends, '[]', 0)"), values)
        for kind, event in events:
            connection.execute(
                sa.text(
                    "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (:sender, :kind, :when, :data)"
                ),
                {"sender": sender, "kind": kind, "when": when, "data": json.dumps(event)},
            )


def found(engine: Engine, most: int = 100, days: int = 2) -> list[Text]:
    with engine.connect() as connection:
        return texts.not_understood(connection, today() - timedelta(days), today(), most)


def words(engine: Engine, most: int = 100) -> set[str]:
    return {text.words for text in found(engine, most)}


def test_only_what_was_not_understood(engine: Engine) -> None:
    keep(engine, "someone", ("does ice help?", ANSWER), ("how many pills?", DOSE), ("and heat?", ANSWER))
    assert found(engine) == [Text("how many pills?", Kind.NOT_IN_DOCUMENT, "dose")]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"kind": "out_of_scope", "ids": ["out_of_scope"]}, Kind.OUT_OF_SCOPE),
        ({"kind": "ask", "ids": ["sleep", "dose"], "asks": "clarify"}, Kind.CLARIFY),
        ({"kind": "talk", "ids": ["human"], "about": "two_misses", "asks": None}, Kind.TWO_MISSES),
    ],
)
def test_each_way_of_not_understanding(engine: Engine, said: dict[str, Any], kind: Kind) -> None:
    keep(engine, "someone", ("wibble", said))
    assert found(engine) == [Text("wibble", kind)]


def test_none_without_consent_none_expired_none_of_other_days_and_no_buttons(engine: Engine) -> None:
    keep(engine, "agreed", ("agreed", DOSE))
    keep(engine, "silent", ("silent", DOSE), consent=False)
    keep(engine, "expired", ("expired", DOSE), left=-1)
    keep(engine, "old", ("old", DOSE), age=5 * DAY)
    keep(engine, "tapped", ("tapped", DOSE), button=True)
    assert words(engine) == {"agreed"}


def test_names_are_taken_out_of_what_was_stored_before_they_were_known(engine: Engine) -> None:
    keep(engine, "someone", ("how many pills? my name is Jane Smith", DOSE))
    assert words(engine) == {"how many pills? my name is [name]"}


def test_all_are_found_however_they_are_read(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Conversations and events come in small batches, which must lose none at their borders."""
    monkeypatch.setattr(texts, "SENDERS", 3)
    monkeypatch.setattr(texts, "EVENTS", 5)
    expected = set()
    for number in range(11):
        said = [f"text {number}.{turn}" for turn in range(number % 7)]
        keep(engine, f"sender-{number}", *((text, DOSE) for text in said), left=DAY + number // 4)
        expected |= set(said)
    assert words(engine) == expected
    assert len(found(engine)) == len(expected)


def test_the_newest_come_first_and_no_more_than_wanted(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(10):
        keep(engine, f"sender-{number}", (f"text {number}", DOSE), left=DAY + number)
    assert words(engine, most=3) == {"text 9", "text 8", "text 7"}
    monkeypatch.setattr(texts, "NEWEST", 2)
    assert words(engine) == {"text 9", "text 8"}


def test_a_report_writes_nothing_even_by_mistake(engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(connection: Any, *_: Any) -> None:
        connection.execute(sa.text("DELETE FROM conversations"))

    keep(engine, "someone", ("hello", ANSWER))
    monkeypatch.setattr(texts, "not_understood", write)
    with pytest.raises(InsightsError, match="read"):
        gather.report(url, gather.period(None, None, None))
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT COUNT(*) FROM conversations")).scalar() == 1


def test_a_report_holds_no_lock_that_a_deletion_waits_for(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While texts are read, the tables can be written anew, as they are when somebody deletes something."""
    keep(engine, "someone", ("how many pills?", DOSE))
    read = texts.redact

    def redact_while_wiped(text: str) -> str:
        with engine.connect() as raw:
            connection = raw.execution_options(isolation_level="AUTOCOMMIT")
            if engine.dialect.name == "postgresql":
                connection.execute(sa.text("SET lock_timeout = 500"))
                connection.execute(sa.text("VACUUM (FULL) events"))
            else:
                connection.execute(sa.text("VACUUM"))
                cut = connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)")).first()
                assert cut is not None
                assert not cut.busy
        return read(text)

    monkeypatch.setattr(texts, "redact", redact_while_wiped)
    report = gather.report(url, gather.period(None, None, None))
    assert report.texts == [Text("how many pills?", Kind.NOT_IN_DOCUMENT, "dose")]
