"""WCAG 2.2 AA: by axe, by keyboard, by what a screen reader is told, at every size."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.steps import DESKTOP, PHONE, ZOOMED, Visit, await_bot, open_widget, say, violations
from tests.support.servers import Server


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("options", [DESKTOP, PHONE, ZOOMED], ids=["desktop", "phone", "zoomed"])
def test_no_axe_violation_in_any_state(stand_in: Server, visit: Visit, scheme: str, options: dict[str, Any]) -> None:
    page = visit(stand_in.url, color_scheme=scheme, **options)
    assert violations(page) == []
    open_widget(page)
    expect(page.locator(".welcome")).to_contain_text("Which exercises can I do?")
    expect(page.locator(".welcome")).to_contain_text("deletes it 24 hours after your last message")
    assert violations(page) == []
    say(page, "all")
    await_bot(page, 6)
    assert violations(page) == []
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Delete this chat").click()
    page.get_by_text("What is kept").click()
    assert violations(page) == []
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="More").click()
    page.get_by_role("group", name="Did this help?").first.get_by_role("button", name="No").click()
    say(page, "fail")
    expect(page.locator(".notice")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Your message").fill("x" * 10_001)
    expect(page.locator(".counter")).to_be_visible()
    assert violations(page) == []
    page.context.set_offline(True)
    expect(page.locator(".status")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("accent", ["#ffe600", "#ffffff", "#000000", "#777777", "#39ff14"])
def test_text_stays_readable_in_an_owners_colour(stand_in: Server, visit: Visit, accent: str, scheme: str) -> None:
    page = visit("about:blank", color_scheme=scheme, **DESKTOP)
    style = f"lumbar-widget {{ --lumbar-accent: {accent} }}"
    page.route("**/demo.css", lambda route: route.fulfill(body=style, content_type="text/css"))
    page.goto(stand_in.url)
    open_widget(page)
    say(page, "all")
    await_bot(page, 6)
    assert [fault for fault in violations(page) if "lumbar-widget" in fault] == []


def test_what_a_screen_reader_is_told(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    launcher = page.get_by_role("button", name="Ask about your back")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    log, alert = page.locator("[role=log]"), page.locator("[role=alert]")
    expect(log).to_have_attribute("aria-live", "polite")
    assert (log.text_content(), alert.text_content()) == ("", "")
    open_widget(page)
    expect(page.get_by_role("region", name="Ask about your back")).to_be_visible()
    say(page, "answer")
    expect(log).to_contain_text("The document says ice or heat may help.")
    expect(log).to_contain_text("Choose a reply: Pain medicines")
    say(page, "gp")
    expect(log).to_contain_text("See a GP this week.")
    assert alert.text_content() == ""
    say(page, "care")
    expect(alert).to_contain_text("Go to A&E now.")
    expect(page.get_by_label("Your message")).to_be_focused()
    expect(alert).to_be_empty(timeout=6_000)


TREES = {
    "talk": """
        - text: "Bot:"
        - paragraph: I am a bot.
    """,
    "answer": """
        - text: "Bot:"
        - paragraph: The document says ice or heat may help.
        - paragraph:
          - text: "Not from the document: heat can burn. Source: NHS,"
          - link "https://www.nhs.uk/"
        - paragraph: Ask your doctor.
        - paragraph:
          - text: "Source: the document, “Lower Back Muscle Spasms”. It gives this link:"
          - link "https://www.example.org/back_care"
        - paragraph: Numb between the legs, or weak legs? Go to A&E now.
        - group "Choose a reply":
          - button "Pain medicines"
        - group "Did this help?":
          - text: Did this help?
          - button "Yes"
          - button "No"
    """,
    "care.emergency": """
        - text: "Bot:"
        - paragraph: Emergency
        - paragraph: Go to A&E now. Call 999 if you cannot get there.
        - paragraph: You told me about numbness.
        - paragraph: Say what has changed, and when.
        - paragraph: Do not put it off.
        - group "Choose a reply":
          - button "Yes"
          - button "No"
    """,
    "care.gp": """
        - text: "Bot:"
        - paragraph: See a doctor
        - paragraph: See a GP this week.
        - paragraph: You told me it is not settling.
    """,
    "plan": """
        - text: "Bot:"
        - paragraph: Exercise plan
        - paragraph: Here is a plan.
        - paragraph:
          - strong: "Abdominal exercises:"
          - text: bridge
        - paragraph:
          - strong: "Waist exercises:"
          - text: side bends
        - paragraph: Stop if it hurts.
        - paragraph:
          - text: "Source: the document, “Lower Back Muscle Spasms”. It gives this link:"
          - link "https://www.example.org/back_care"
        - group "Did this help?":
          - text: Did this help?
          - button "Yes"
          - button "No"
    """,
    "ask": """
        - text: "Bot:"
        - paragraph: Are you in spasm now?
        - group "Choose a reply":
          - button "Yes"
          - button "No"
    """,
}


def test_the_accessibility_tree_of_each_kind_of_message(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "all")
    await_bot(page, 6)
    expect(page.locator(".me")).to_match_aria_snapshot('- text: "You said:"\n- paragraph: all')
    for kind, tree in TREES.items():
        message = page.locator(f".list .bot.{kind}").first
        expect(message).to_match_aria_snapshot(f"- listitem:\n{tree}".replace("\n        ", "\n  "))


def test_contrast_modes_of_the_system_keep_every_edge(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, forced_colors="active", **DESKTOP)
    open_widget(page)
    say(page, "all")
    await_bot(page, 6)
    assert violations(page) == []
    for place in (".panel", ".me", ".list .care", ".send", "textarea"):
        style = page.locator(place).first.evaluate("one => getComputedStyle(one).borderTopStyle")
        assert style == "solid", place


def test_texts_may_be_spaced_out(stand_in: Server, visit: Visit) -> None:
    """WCAG 2.2, 1.4.12."""
    page = visit(stand_in.url, **PHONE)
    open_widget(page)
    page.evaluate("""() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
            word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
        document.querySelector('lumbar-widget').shadowRoot.adoptedStyleSheets.push(sheet);
    }""")
    say(page, "all")
    await_bot(page, 6)
    cut = "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className)"
    assert page.locator(".list .bot, .pinned, header, .about, .replies").evaluate_all(cut) == []


def test_every_control_is_large_enough(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **PHONE)
    open_widget(page)
    say(page, "all")
    await_bot(page, 6)
    page.get_by_role("button", name="More").click()
    controls = page.locator("lumbar-widget").locator("button:visible, summary:visible, textarea").all()
    boxes = [control.bounding_box() or {"width": 0, "height": 0} for control in controls]
    assert len(boxes) > 8
    assert [box for box in boxes if min(box["width"], box["height"]) < 44] == []


def test_on_a_phone_the_page_behind_cannot_be_reached(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **PHONE)
    open_widget(page)
    expect(page.get_by_role("dialog", name="Ask about your back")).to_be_visible()
    assert page.locator("main").evaluate("one => one.inert")
    box = page.locator(".panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 375, "height": 700}
    page.keyboard.press("Escape")
    assert not page.locator("main").evaluate("one => one.inert")
    expect(page.locator(".launcher")).to_be_focused()


@pytest.mark.parametrize("size", [(320, 640), (320, 256), (1100, 800)])
def test_nothing_scrolls_sideways(stand_in: Server, visit: Visit, size: tuple[int, int]) -> None:
    page = visit(stand_in.url, viewport={"width": size[0], "height": size[1]})
    open_widget(page)
    say(page, "all")
    await_bot(page, 6)
    say(page, "W" * 300)
    await_bot(page, 7)
    for place in (".panel", ".scroll", ".pinned"):
        assert page.locator(place).evaluate("one => one.scrollWidth <= one.clientWidth"), place
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_in_a_low_window_a_reply_is_brought_into_sight(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, viewport={"width": 320, "height": 256})
    open_widget(page)
    say(page, "answer")
    await_bot(page, 1)
    say(page, "care")
    await_bot(page, 2)
    expect(page.locator(".list .care .heading")).to_be_in_viewport()


def test_nothing_moves_where_motion_is_unwanted(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, reduced_motion="reduce", **DESKTOP)
    open_widget(page)
    say(page, "slow")
    expect(page.locator(".typing")).to_be_visible()
    assert page.evaluate("document.querySelector('lumbar-widget').shadowRoot.getAnimations().length") == 0


LAYOUT = (".panel", ".send", "textarea")
RTL = """<!doctype html><html dir=rtl lang=ar><body><h1>عيادة</h1>
<script type="application/json" id="words">{"title": "اسأل عن ظهرك", "levels": {"emergency": "طوارئ"}}</script>
<script src="%s/webhooks/web/static/widget.js" data-dir="rtl" data-lang="ar" data-texts="words"></script>"""


def test_right_to_left_and_another_language(stand_in: Server, visit: Visit) -> None:
    page = visit("about:blank", **DESKTOP)
    page.route("**/rtl", lambda route: route.fulfill(body=RTL % stand_in.url, content_type="text/html; charset=utf-8"))
    page.goto(f"{stand_in.url}/rtl")
    open_widget(page)
    say(page, "care")
    await_bot(page, 1)
    expect(page.locator("h2")).to_have_text("اسأل عن ظهرك")
    expect(page.locator(".list .label")).to_have_text("طوارئ")
    expect(page.get_by_role("button", name="Send")).to_be_visible()  # what is not translated stays in English
    left = {place: page.locator(place).evaluate("one => one.getBoundingClientRect().x") for place in LAYOUT}
    assert left[".panel"] < 100
    assert page.locator(".list .bot div[lang=en] .heading").count() == 1  # what the bot says is English all the same
    assert left[".send"] < left["textarea"]
    assert [fault for fault in violations(page) if "lumbar-widget" in fault] == []
