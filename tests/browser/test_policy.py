"""Content security policy, what goes over the network, and speed."""

from __future__ import annotations

import re
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Request, expect

from bot.evaluation.servers import free_port
from tests.browser.steps import DESKTOP, Visit, await_bot, bot_texts, open_widget, say
from tests.support.servers import Server


@pytest.mark.parametrize("path", ["/", "/embed-test"])
def test_no_other_server_is_asked_and_none_before_it_is_opened(stand_in: Server, visit: Visit, path: str) -> None:
    page = visit("about:blank", **DESKTOP)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(f"{stand_in.url}{path}")
    page.wait_for_timeout(500)
    assert [request.url for request in asked if "socket.io" in request.url] + sockets == []
    open_widget(page)
    say(page, "all")
    await_bot(page, 6)
    assert [request.url for request in asked if not request.url.startswith((stand_in.url, "blob:"))] == []
    assert len(sockets) == 1
    assert sockets[0].startswith(stand_in.url.replace("http", "ws"))


def test_the_strictest_policy_is_the_one_that_is_sent(stand_in: Server) -> None:
    with urllib.request.urlopen(f"{stand_in.url}/embed-test", timeout=10) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy


@contextmanager
def site(body: str, port: int) -> Iterator[str]:
    """A website of one page, at an origin of its own."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Silence."""

    served = ThreadingHTTPServer(("127.0.0.1", port), Site)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    served.shutdown()


@pytest.mark.parametrize("listed", [True, False])
def test_another_site_may_embed_it_only_if_it_is_listed(
    stand_in: Server, visit: Visit, listed_port: int, listed: bool
) -> None:
    body = f"<!doctype html><body><script src='{stand_in.url}/webhooks/web/static/widget.js' crossorigin></script>"
    with site(body, listed_port if listed else free_port()) as origin:
        page = visit(origin, **DESKTOP)
        open_widget(page)
        say(page, "hello")
        if listed:
            await_bot(page, 1)
        else:
            expect(page.locator(".status")).to_have_text(re.compile("cannot be reached"))
            assert bot_texts(page) == []


def test_the_panel_is_painted_soon_after_the_click(stand_in: Server, visit: Visit) -> None:
    def first_paint() -> float:
        page = visit(stand_in.url, **DESKTOP)
        took: float = page.evaluate("""async () => {
            const launcher = document.querySelector('lumbar-widget').shadowRoot.querySelector('.launcher');
            const began = performance.now();
            launcher.click();
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            return performance.now() - began;
        }""")
        return took

    assert min(first_paint() for _ in range(3)) < 100  # milliseconds; other work on the machine may delay one


def test_a_history_of_500_messages_is_soon_shown_and_scrolls_smoothly(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "parts 499")
    await_bot(page, 499)
    page.reload()
    began = time.monotonic()
    await_bot(page, 499)
    assert time.monotonic() - began < 3
    frames: list[float] = page.evaluate("""async () => {
        const scroll = document.querySelector('lumbar-widget').shadowRoot.querySelector('.scroll');
        const frames = [];
        for (let step = 0; step < 60; step++) {
          scroll.scrollTop = scroll.scrollHeight * step / 60;
          const began = performance.now();
          scroll.getBoundingClientRect();
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          frames.push(performance.now() - began);
        }
        return frames.sort((one, other) => one - other);
    }""")
    # a frame is 17 ms; of other work on the machine a few may be late
    assert frames[30] < 34
    assert frames[57] < 100


def test_any_element_of_the_page_can_ask(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    question = page.locator("[data-lumbar-ask]").first
    text = question.text_content()
    question.click()
    await_bot(page, 1)
    assert bot_texts(page) == [f"Bot: You said: {text}"]


def test_what_is_printed_is_the_conversation(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "all")
    await_bot(page, 6)
    page.emulate_media(media="print")
    for place in (".launcher", "form", ".replies >> nth=0", ".thumbs >> nth=0"):
        expect(page.locator(place)).to_be_hidden()
    scroll = page.locator(".scroll")
    assert scroll.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
