"""A browser (Debian's Chromium), and a server with scripted replies for it to talk to.

Both end with this folder's tests: while Playwright runs, no other test of this thread could run an event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bot.evaluation.servers import free_port
from tests.support.servers import Server
from tests.support.tools import chromium_path


@pytest.fixture(scope="package")
def listed_port() -> int:
    """Where a website may stand that is allowed to embed the widget."""
    return free_port()


@pytest.fixture(scope="package")
def stand_in(tmp_path_factory: pytest.TempPathFactory, listed_port: int) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("browser")
    running = Server(
        ["tests.support.scripted"],
        folder,
        WEB_MESSAGES_PER_MINUTE="6000",
        WEB_ORIGINS=f"http://127.0.0.1:{listed_port}",
    ).start()
    yield running
    running.kill()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a fresh browser profile; any error of a script or of its policy fails the test."""
    contexts = []
    wrong: list[str] = []

    def go(url: str, **options: Any) -> Page:
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(url)
        return page

    yield go
    for context in contexts:
        context.close()
    assert wrong == []
