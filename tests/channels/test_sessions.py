from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.channels import sessions
from bot.channels.sessions import Sessions


def test_a_token_names_its_session_again() -> None:
    kept = Sessions(b"secret", 60)
    session = kept.issue()
    renewed = kept.renew(session.token)
    assert renewed
    assert renewed.id == session.id


def test_a_token_of_another_server_is_not_taken() -> None:
    assert Sessions(b"secret", 60).renew(Sessions(b"another", 60).issue().token) is None


def test_an_old_token_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Sessions(b"secret", 60)
    token = kept.issue().token
    now = sessions.time.time()
    monkeypatch.setattr(sessions.time, "time", lambda: now + 62)
    assert kept.renew(token) is None


@pytest.mark.parametrize("change", [0, 5, 40, -1])
def test_a_changed_token_is_not_taken(change: int) -> None:
    kept = Sessions(b"secret", 60)
    characters = list(kept.issue().token)
    characters[change] = "0" if characters[change] != "0" else "1"
    assert kept.renew("".join(characters)) is None


@pytest.mark.parametrize(
    "token", [None, 5, [], {}, "", "..", "a.b.c", "a.1.\ud800", "x" * 100_000, "web-1.9e999.", "é.1.é"]
)
def test_what_is_no_token_is_not_taken(token: object) -> None:
    assert Sessions(b"secret", 60).renew(token) is None


def test_the_secret_is_made_once_and_is_for_the_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / "web_secret"
    made = sessions.secret(file)
    assert len(made) == 64
    assert sessions.secret(file) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
