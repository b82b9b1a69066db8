"""What the browser tests do with the widget, and the windows that they do it in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.tools import node_modules

Visit = Callable[..., Page]

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP = {"viewport": {"width": 1100, "height": 800}}
ZOOMED = {"viewport": {"width": 320, "height": 256}}  # 1280 by 1024, at 400 %
PHONE = {"viewport": {"width": 375, "height": 700}, "is_mobile": True, "has_touch": True}


def open_widget(page: Page) -> None:
    page.locator(".launcher").click()
    expect(page.get_by_label("Your message")).to_be_visible()


def say(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.keyboard.press("Enter")


def bot_texts(page: Page) -> list[str]:
    return [text for text in page.locator(".list .bot").evaluate_all("all => all.map(one => one.dataset.said)")]


def await_bot(page: Page, count: int) -> None:
    expect(page.locator(".list .bot")).to_have_count(count, timeout=15_000)


def violations(page: Page) -> list[str]:
    page.evaluate((node_modules() / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found: Any = page.evaluate(f"axe.run({{runOnly: {{type: 'tag', values: {WCAG}}}}})")
    faults = [(fault["id"], node) for fault in found["violations"] for node in fault["nodes"]]
    return [f"{rule}: {node['target']} {node['failureSummary']}" for rule, node in faults]
