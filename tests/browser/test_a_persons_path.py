"""What a person does who has no mouse, with the assistant itself: from opening the widget to deleting the chat."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import DESKTOP, Visit
from tests.serving import Server

FOCUSED = """() => {
    let one = document.activeElement;
    while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
    return (one.getAttribute("aria-label") || one.textContent || one.id).trim();
}"""


def tab_to(page: Page, name: str, key: str) -> None:
    """Press Tab, or Shift+Tab, until the control called `name` has the focus."""
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"{name} cannot be reached by {key}")


def press(page: Page, name: str) -> None:
    """Go back from the message field to the nearest control called `name`, and press it."""
    expect(page.get_by_label("Your message")).to_be_focused()
    tab_to(page, name, "Shift+Tab")
    page.keyboard.press("Enter")


def ask(page: Page, text: str) -> None:
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_a_persons_path_by_keyboard(server: Server, visit: Visit) -> None:
    page = visit(server.url, **DESKTOP)
    last = page.locator(".list .bot").last
    tab_to(page, "Ask about your back", "Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".welcome")).to_contain_text("Which exercises can I do?")

    ask(page, "Does ice or heat help?")
    expect(page.locator(".list .bot")).to_have_count(2)  # who is speaking, and the answer
    expect(page.locator(".list .bot").first).to_contain_text("I am a bot")
    expect(last).to_contain_text("Ice will help reduce inflammation")
    expect(last.locator(".source a")).to_have_attribute("href", re.compile("^https://"))
    expect(page.locator(".welcome")).to_be_hidden()
    button = last.get_by_role("group", name="Choose a reply").get_by_role("button").first.inner_text()
    press(page, button)
    expect(page.locator(".me").last).to_contain_text(button)
    expect(last.locator(".source")).to_be_visible()

    ask(page, "which exercises should I do?")
    expect(last).to_contain_text("Is your back in spasm now")
    press(page, "No")
    expect(last).to_contain_text("Are you active at the moment?")
    ask(page, "my groin has gone numb and I can't pee")
    expect(page.locator(".pinned .care.emergency")).to_contain_text("999")
    expect(page.locator(".list .care.emergency .label")).to_have_text("Emergency")
    press(page, "I have read this")
    expect(page.locator(".pinned")).to_be_hidden()
    ask(page, "no, that never happened, I read it on a leaflet")
    expect(last).to_contain_text("Are you active at the moment?")
    press(page, "Yes")
    expect(last).to_contain_text("Which area")
    press(page, "Waist exercises")
    expect(last.locator(".label")).to_have_text("Exercise plan")
    expect(last.locator(".group strong")).to_have_text(["Waist exercises:"])

    press(page, "Yes")  # did this help?
    expect(last.get_by_role("group", name="Did this help?")).to_have_text("Thank you")
    tab_to(page, "More", "Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, "Download this chat", "Tab")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    saved = download.value.path().read_text(encoding="utf-8")
    for words in ("You said: Does ice or heat help?", "You said: No\n", "Go to A&E now", "Waist exercises: Side bend"):
        assert words in saved
    tab_to(page, "Delete this chat", "Tab")
    page.keyboard.press("Enter")
    tab_to(page, "Keep it", "Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".list > li")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == "Ask about your back"
    page.reload()
    tab_to(page, "Ask about your back", "Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator(".list > li")).to_have_count(0)
