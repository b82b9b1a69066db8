from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.conversations import migrations
from bot.conversations.database import make_engine
from tests.services import PostgreSQL


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'conversations.db'}"
    service: PostgreSQL = request.getfixturevalue("postgresql")
    return service.database(uuid.uuid4().hex)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A database as a server makes it."""
    made = make_engine(url)
    migrations.migrate(made)
    yield made
    made.dispose()
