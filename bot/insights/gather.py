"""Read what a report needs from the database, beside servers that run: nothing is written, nothing is held up."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import make_url

from bot.content import content
from bot.conversations import migrations
from bot.conversations.database import is_postgresql, make_engine
from bot.insights import counts, texts
from bot.insights.counts import KEEP_DAYS
from bot.insights.figures import Figures, Period
from bot.insights.report import Report
from bot.insights.tally import today

DAYS = 30  # shown where no days are named
MOST_TEXTS = 500
STATEMENT_TIMEOUT = 60  # seconds; a report may wait longer than a turn


class InsightsError(Exception):
    """The report cannot be made. The message is one line that says why and what to do."""


def period(days: str | None, first: str | None, last: str | None) -> Period:
    """The days that were asked for.

    Args:
        days: how many, up to today.
        first: the first one, as 2026-11-01.
        last: the last one; today if left out.

    Raises:
        InsightsError: they are no days, or too many, or go backwards.
    """
    if days is not None and (first or last):
        raise InsightsError("--days says how many days up to today. Leave it out, or leave out --from and --to.")
    if first is None and last is None:
        number = days or str(DAYS)
        if not number.isdecimal() or not 1 <= int(number) <= KEEP_DAYS:
            raise InsightsError(f"--days is {number!r}; it must be a whole number from 1 to {KEEP_DAYS}.")
        return Period(today() - timedelta(int(number) - 1), today())
    end = _day("--to", last) if last is not None else today()
    begin = _day("--from", first) if first is not None else end - timedelta(DAYS - 1)
    if begin > end:
        raise InsightsError(f"--from ({begin}) is after --to ({end}). Exchange them, or name other days.")
    if (end - begin).days >= KEEP_DAYS:
        raise InsightsError(f"From {begin} to {end} are more than {KEEP_DAYS} days. Name fewer.")
    return Period(begin, end)


def _day(option: str, given: str) -> date:
    try:
        return datetime.strptime(given, "%Y-%m-%d").date()
    except ValueError as error:
        raise InsightsError(f"{option} is {given!r}; it must be a day of the calendar, such as 2026-11-01.") from error


def report(url: str, period: Period, exact: bool = False, with_texts: bool = True) -> Report:
    """Everything that the report of some days shows.

    Args:
        url: the database of conversations.
        exact: whether to show small numbers, and to round none.
        with_texts: whether to show what was not understood of people who agreed to be remembered.

    Raises:
        InsightsError: there is no such database, or it is of another version.
    """
    engine = _engine(url)
    try:
        with engine.connect() as raw:
            connection = _read_only(raw, engine)
            _check_version(connection, engine)
            found = counts.read(connection, period.first, period.last)
            began = counts.began(connection)
            read = texts.not_understood(connection, period.first, period.last, MOST_TEXTS) if with_texts else None
    except sa.exc.SQLAlchemyError as error:
        why = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise InsightsError(
            f"{engine.url!r} cannot be read ({why}). Is it running, and is DATABASE_URL right?"
        ) from error
    finally:
        engine.dispose()
    made = datetime.now(timezone.utc)
    return Report(period, Figures(found), began, read, MOST_TEXTS, exact, made, content())


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and not (parsed.database and Path(parsed.database).exists()):
            raise InsightsError(
                f"There is no database at {parsed!r}. Start the assistant once (make run), or set DATABASE_URL."
            )
        return make_engine(url)
    except (sa.exc.ArgumentError, ImportError) as error:
        raise InsightsError(
            "DATABASE_URL is no address of a database that is known here, such as sqlite:////var/lib/lumbar.db or "
            "postgresql://user@host/name."
        ) from error


def _read_only(connection: Connection, engine: Engine) -> Connection:
    """The connection, on which nothing can be written, and no statement opens a transaction that would stay open."""
    if is_postgresql(engine):
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(sa.text("SET default_transaction_read_only = on"))
        connection.execute(sa.text(f"SET statement_timeout = {STATEMENT_TIMEOUT * 1000}"))
    else:
        connection.execute(sa.text("PRAGMA query_only = ON"))
    return connection


def _check_version(connection: Connection, engine: Engine) -> None:
    """Look whether the tables are those that this version reads.

    Raises:
        InsightsError: they are older, or newer.
    """
    if not sa.inspect(connection).has_table("schema_version"):
        raise InsightsError(
            f"{engine.url!r} holds no conversations. Start the assistant once (make run), or set DATABASE_URL."
        )
    there, wanted = migrations.version(connection), migrations.latest(engine)
    if there < wanted:
        raise InsightsError(
            f"The database is of version {there}, this program reads version {wanted}. Start a server of this version: "
            "it brings the database up to date."
        )
