"""The command's errors: one line each, which says what to do next."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.commands import insights
from bot.conversations import migrations
from bot.conversations.database import make_engine
from bot.evaluation.servers import free_port
from bot.settings import Settings


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty database, named by the settings."""
    path = tmp_path / "conversations.db"
    use(monkeypatch, f"sqlite:///{path}")
    engine = make_engine(f"sqlite:///{path}")
    migrations.migrate(engine)
    engine.dispose()
    return path


def use(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(insights, "settings", lambda: Settings(database_url=url))


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a command which cannot be done prints."""
    assert insights.main(list(arguments)) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err


def test_an_empty_store_is_told_kindly(database: Path, tmp_path: Path) -> None:
    out = tmp_path / "a folder that is not there yet" / "page.html"
    assert insights.main(["--out", str(out)]) == 0
    html = out.read_text(encoding="utf-8")
    assert "Nothing has been counted yet. Once people have asked something" in html
    assert "What this page cannot know" in html
    assert "<svg" not in html


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--days", "0"], "from 1 to 400"),
        (["--days", "-3"], "from 1 to 400"),
        (["--days", "many"], "'many'"),
        (["--days", "401"], "from 1 to 400"),
        (["--from", "yesterday"], "--from is 'yesterday'; it must be a day of the calendar, such as 2026-11-01"),
        (["--to", "2026-02-30"], "--to is '2026-02-30'"),
        (["--from", ""], "--from is ''"),
        (["--from", "2026-11-02", "--to", "2026-11-01"], "Exchange them"),
        (["--from", "2020-01-01", "--to", "2026-11-01"], "Name fewer"),
        (["--days", "7", "--to", "2026-11-01"], "Leave it out"),
    ],
)
def test_days_that_make_no_sense(
    database: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert says in refused(capsys, *arguments)


def test_no_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "no folder" / "conversations.db"
    use(monkeypatch, f"sqlite:///{path}")
    assert "make run" in refused(capsys)
    assert not path.parent.exists()  # nothing is made by looking


def test_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    use(monkeypatch, f"postgresql://lumbar:s3cret@127.0.0.1:{free_port()}/lumbar")
    said = refused(capsys)
    assert "DATABASE_URL" in said
    assert "s3cret" not in said


@pytest.mark.parametrize("url", ["not an address", "oracle://someone@host/name", "mysql://someone@host/name"])
def test_an_address_of_no_known_kind(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    use(monkeypatch, url)
    assert "DATABASE_URL" in refused(capsys)


def test_a_file_that_is_no_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("does ice help? " * 1000, encoding="utf-8")
    use(monkeypatch, f"sqlite:///{path}")
    assert "not a database" in refused(capsys)


def test_a_database_of_something_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE shopping (item TEXT)")
    use(monkeypatch, f"sqlite:///{path}")
    assert "holds no conversations" in refused(capsys)


def test_a_database_of_an_older_version(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(database) as older:
        older.execute("UPDATE schema_version SET version = 2")
        older.execute("DROP TABLE daily_counts")
    assert "Start a server of this version" in refused(capsys)
    with sqlite3.connect(database) as older:  # which may still serve
        assert older.execute("SELECT version FROM schema_version").fetchall() == [(2,)]


@pytest.mark.parametrize("out", ["a file/page.html", "."])
def test_a_page_that_cannot_be_written(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    (tmp_path / "a file").write_text("", encoding="utf-8")
    said = refused(capsys, "--out", str(tmp_path / out))
    assert "--out FILE" in said


def test_a_page_is_for_its_owner_alone_also_where_it_is_written_anew(database: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    out.write_text("an older page", encoding="utf-8")
    assert insights.main(["--out", str(out)]) == 0
    assert out.stat().st_mode & 0o777 == 0o600
