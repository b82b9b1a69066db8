"""A conversation with the widget."""

from __future__ import annotations

import urllib.request

from playwright.sync_api import expect

from tests.browser.steps import DESKTOP, Visit, await_bot, bot_texts, open_widget, say
from tests.support import scripted
from tests.support.servers import Server


def test_a_conversation_by_keyboard_alone(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "LUMBAR-WIDGET":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.type("answer")
    page.keyboard.press("Enter")
    await_bot(page, 1)
    expect(page.locator(".source a")).to_have_attribute("href", scripted.SOURCE["url"])
    expect(page.get_by_label("Your message")).to_be_focused()

    page.keyboard.type("care")
    page.keyboard.press("Enter")
    expect(page.locator(".pinned .heading")).to_have_text("Go to A&E now. Call 999 if you cannot get there.")
    expect(page.get_by_label("Your message")).to_be_focused()
    page.get_by_role("group", name="Choose a reply").last.get_by_role("button", name="Yes").press("Enter")
    await_bot(page, 3)
    expect(page.locator(".me").last).to_contain_text("Yes")
    expect(page.locator(".plan .label")).to_have_text("Exercise plan")
    expect(page.get_by_role("group", name="Choose a reply").nth(1).get_by_role("button", name="Yes")).to_be_disabled()
    expect(page.locator(".pinned")).to_be_visible()
    page.get_by_role("button", name="I have read this").press("Enter")
    expect(page.locator(".pinned")).to_be_hidden()

    page.keyboard.press("Escape")
    expect(page.locator(".launcher")).to_be_focused()
    expect(page.locator(".panel")).to_be_hidden()


def test_tab_leaves_the_panel_on_a_large_screen(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    seen = set()
    for _ in range(15):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.tagName"))
    assert seen - {"LUMBAR-WIDGET"}


def test_feedback_transcript_and_clearing(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "answer")
    thumbs = page.get_by_role("group", name="Did this help?")
    thumbs.get_by_role("button", name="No").click()
    thumbs.get_by_role("button", name="Hard to read").click()
    expect(thumbs).to_have_text("Thank you")
    expect(thumbs).to_be_focused()
    with urllib.request.urlopen(f"{stand_in.url}/metrics", timeout=10) as answer:
        assert 'answer="ice_and_heat",helpful="no",reason="hard_to_read"' in answer.read().decode()

    page.get_by_role("button", name="More").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download this chat").click()
    saved = download.value.path().read_text(encoding="utf-8")
    assert "You said: answer" in saved
    assert scripted.ANSWER["text"] in saved

    page.get_by_role("button", name="Delete this chat").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".list > li")).to_have_count(0)
    page.reload()
    expect(page.locator(".status")).to_be_hidden()
    assert bot_texts(page) == []
