"""Texts are shown as they were written, whoever wrote them."""

from __future__ import annotations

import random
import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import DESKTOP, Visit, await_bot, bot_texts, open_widget, say
from tests.support import scripted
from tests.support.servers import Server

HOSTILE = [
    "<img src=x onerror=window.hacked=1>",
    "<script>window.hacked=1</script>",
    "Call 112 if fever > 38 C or pain lasts > 6 weeks, BP < 90 [NICE NG59] a_b_c * d # e | f & g",
    "javascript:window.hacked=1",
    "[press](javascript:window.hacked=1) and [press](data:text/html,x)",
    "\u0645\u0631\u062d\u0628\u0627 👩🏽‍⚕️ e\u0301",
    "a** b **c _d_ ~~e~~ `f`",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(stand_in: Server, visit: Visit, text: str) -> None:
    page = visit(f"{stand_in.url}/embed-test", **DESKTOP)
    open_widget(page)
    say(page, text)
    await_bot(page, 1)
    expect(page.locator(".me p").first).to_have_text(text)
    assert page.evaluate("window.hacked") is None
    assert page.locator(".list img, .list script, .list a[href^=javascript], .list a[href^=data]").count() == 0
    said = page.locator(".bot p").evaluate_all("all => all.map(one => one.textContent).join('\\n')")
    assert said == f"You said: {text}".replace("e\u0301", "é")  # the server joins an accent to its letter


def test_hostile_text_of_the_server_is_shown_as_text(stand_in: Server, visit: Visit) -> None:
    page = visit(f"{stand_in.url}/embed-test", **DESKTOP)
    open_widget(page)
    say(page, "hostile")
    await_bot(page, 1)
    lines = page.locator(".list .bot p").all_text_contents()
    assert "\n".join(lines) == scripted.HOSTILE["text"]
    page.get_by_role("button", name="<script>").click()
    await_bot(page, 2)
    assert bot_texts(page)[1] == "Bot: You said: javascript:window.hacked=1"
    expect(page.locator(".me p").last).to_have_text("<script>window.hacked=1</script>")
    page.reload()
    await_bot(page, 2)
    assert page.evaluate("window.hacked") is None
    assert page.locator(".list img, .list script, .list b, .list a").count() == 0


def test_direction_marks_turn_no_text_but_their_own(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    text = "call \u202e999\u202c or \u2067\u05d0\u05d1 112"
    say(page, text)
    await_bot(page, 1)
    assert page.locator(".me p").text_content() == text
    # a mark that is never closed ends with its own line: what stands beside it keeps its place
    boxes = [page.locator(place).bounding_box() or {"x": 0.0} for place in (".me", ".bot", ".emergency a")]
    say(page, "\u202e\u202e\u2067 open")
    await_bot(page, 2)
    assert [(page.locator(p).first.bounding_box() or {"x": 1.0})["x"] for p in (".me", ".bot", ".emergency a")] == [
        box["x"] for box in boxes
    ]


def test_ten_thousand_characters_go_through_and_one_more_is_held_back(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "hello")
    await_bot(page, 1)  # the limit is the stand_in's: it is known once the line is open
    say(page, "x" * 10_001)
    expect(page.locator(".counter")).to_have_text("Too long by 1 characters. Please shorten it.")
    expect(page.get_by_label("Your message")).to_have_value("x" * 10_001)
    say(page, "y" * 10_000)
    await_bot(page, 2)
    assert bot_texts(page)[-1] == "Bot: You said: " + "y" * 10_000


def test_what_the_server_refuses_goes_back_into_the_field(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "\u200b")
    expect(page.locator(".notice")).to_contain_text("999")
    expect(page.get_by_label("Your message")).to_have_value("\u200b")


def test_every_character_is_kept(stand_in: Server, visit: Visit) -> None:
    """Random lines of the characters that other widgets lose."""
    chance = random.Random(6)
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    for count in range(25):
        text = "".join(chance.choice("<>&[]_*#|()a b:/.") for _ in range(60)).strip() + "x"
        if re.search(r"\*\*\S[^*]*\S\*\*|\]\(", text):
            continue
        before = len(bot_texts(page))
        say(page, text)
        await_bot(page, before + 1)
        shown = "\n".join(page.locator(".bot").last.locator("p").all_text_contents())
        assert shown == f"You said: {text.lstrip('/ ')}", count
