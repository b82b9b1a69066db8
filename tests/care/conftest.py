"""Each care test speaks with the assistant through a channel; by default it is REST's turn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.care.registry import CHANNELS


@pytest.fixture
def conversation(request: pytest.FixtureRequest, agent: Any, loop: asyncio.AbstractEventLoop) -> Iterator[Any]:
    with CHANNELS[getattr(request, "param", "rest")](agent, loop) as opened:
        yield opened
