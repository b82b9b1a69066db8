"""The conversation is kept: over page loads, tabs, a killed server and a cut network."""

from __future__ import annotations

import re
import time
from pathlib import Path

import socketio
from playwright.sync_api import expect

from tests.browser.steps import DESKTOP, Visit, await_bot, bot_texts, open_widget, say
from tests.support.cable import Cable
from tests.support.servers import Server


def test_the_conversation_survives_loading_the_page_and_is_not_read_out_again(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "all")
    await_bot(page, 6)
    before = bot_texts(page)
    page.add_init_script("""
        window.spoken = [];
        const attach = Element.prototype.attachShadow;
        Element.prototype.attachShadow = function (how) {
          const root = attach.call(this, how);
          new MutationObserver((all) => all.forEach((one) => [...one.addedNodes].forEach((node) => {
            if (one.target.closest?.("[role=log], [role=alert]")) window.spoken.push(node.textContent);
          }))).observe(root, {childList: true, subtree: true});
          return root;
        };""")
    page.reload()
    await_bot(page, 6)
    assert bot_texts(page) == before
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    expect(page.locator(".pinned .care")).to_have_count(2)
    assert page.evaluate("window.spoken") == []
    say(page, "hello")
    await_bot(page, 7)
    assert page.evaluate("window.spoken") == ["You said: hello"]


def test_another_tab_finds_the_conversation_and_both_stay_in_step(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "one")
    await_bot(page, 1)
    tab = page.context.new_page()
    tab.goto(stand_in.url)
    open_widget(tab)
    await_bot(tab, 1)
    say(tab, "two")
    await_bot(page, 2)
    assert bot_texts(page) == bot_texts(tab)
    expect(page.locator(".me").last).to_contain_text("two")
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"


def test_only_with_consent_is_the_key_kept_on_the_device(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "one")
    await_bot(page, 1)
    page.get_by_role("button", name="More").click()
    page.get_by_text("What is kept").click()
    page.get_by_role("checkbox").check()
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(stand_in.url)
    open_widget(again)
    await_bot(again, 1)
    again.get_by_role("button", name="More").click()
    again.get_by_text("What is kept").click()
    again.get_by_role("checkbox").uncheck()
    again.close()
    later = context.new_page()
    later.goto(stand_in.url)
    open_widget(later)
    say(later, "two")
    await_bot(later, 1)


def test_no_message_is_kept_in_the_browser(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "zebra")
    await_bot(page, 1)
    storages = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    kept = storages + page.evaluate("document.cookie + location.href + document.title")
    assert "zebra" not in kept


def test_a_server_that_is_killed_and_restarted_loses_and_doubles_nothing(tmp_path: Path, visit: Visit) -> None:
    server = Server(["tests.support.scripted"], tmp_path, WEB_MESSAGES_PER_MINUTE="6000").start()
    try:
        page = visit(server.url, **DESKTOP)
        open_widget(page)
        say(page, "one")
        await_bot(page, 1)
        say(page, "slow two")
        time.sleep(0.5)
        server.kill()
        expect(page.locator(".status")).to_have_text(re.compile("connection is lost|cannot be reached"))
        expect(page.locator(".emergency")).to_have_text("In an emergency call 999")
        say(page, "three")
        expect(page.locator(".state").last).to_have_text("Not sent yet")
        server.start()
        await_bot(page, 3)
        expect(page.locator(".status")).to_be_hidden()
        assert bot_texts(page) == ["Bot: You said: one", "Bot: You said: slow two", "Bot: You said: three"]
        page.reload()
        await_bot(page, 3)
        expect(page.locator(".me")).to_have_text([re.compile("one"), re.compile("slow two"), re.compile("three")])
    finally:
        server.kill()


def test_a_cut_network_is_said_and_healed(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "one")
    await_bot(page, 1)
    say(page, "slow two")
    page.context.set_offline(True)
    expect(page.locator(".status")).to_have_text(re.compile("You are offline"))
    expect(page.locator(".emergency")).to_be_visible()
    say(page, "three")
    page.wait_for_timeout(2_000)
    page.context.set_offline(False)
    await_bot(page, 3)
    assert bot_texts(page) == ["Bot: You said: one", "Bot: You said: slow two", "Bot: You said: three"]


def test_thirty_seconds_without_a_network_lose_and_double_nothing(stand_in: Server, visit: Visit) -> None:
    """Neither browser nor server is told: both believe for a while that the other is there."""
    cable = Cable(stand_in.port)
    page = visit(cable.url, **DESKTOP)
    open_widget(page)
    say(page, "one")
    await_bot(page, 1)
    say(page, "slow two")
    page.wait_for_timeout(300)
    cable.cut()  # the message went out; its answer does not come back
    say(page, "three")
    page.wait_for_timeout(15_000)
    expect(page.locator(".emergency")).to_be_visible()
    page.wait_for_timeout(15_000)
    expect(page.locator(".status")).to_have_text(re.compile("connection is lost|cannot be reached"))
    cable.mend()
    await_bot(page, 3)
    expect(page.locator(".status")).to_be_hidden(timeout=15_000)
    assert bot_texts(page) == ["Bot: You said: one", "Bot: You said: slow two", "Bot: You said: three"]
    page.reload()
    await_bot(page, 3)
    cable.close()


def test_a_conversation_that_cannot_be_read_is_shown_later_and_keeps_nobody_from_writing(
    stand_in: Server, visit: Visit
) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "one")
    await_bot(page, 1)
    say(page, "store away 4")
    await_bot(page, 2)
    page.reload()
    say(page, "I can't feel my groin and I can't pee")
    expect(page.locator(".list .care.emergency")).to_be_visible()
    expect(page.locator(".list .bot")).to_have_count(3, timeout=15_000)


def test_a_failed_message_can_be_sent_again(stand_in: Server, visit: Visit) -> None:
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "fail")
    expect(page.locator(".notice")).to_contain_text("999")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".notice")).to_have_count(2)


def test_an_answer_that_comes_again_is_shown_once(stand_in: Server, visit: Visit) -> None:
    """As when another tab sends a message again whose answer it missed: all tabs hear the answer again."""
    page = visit(stand_in.url, **DESKTOP)
    open_widget(page)
    say(page, "one")
    await_bot(page, 1)
    token = page.evaluate("Object.entries(sessionStorage).find(([name]) => name.endsWith('token'))[1]")
    turn = (page.locator(".list .bot").get_attribute("data-id") or "").split(":")[0]
    with socketio.SimpleClient() as other:
        other.connect(stand_in.url, transports=["polling"])
        other.call("session_request", {"session_id": token})
        other.call("user_uttered", {"message": "one", "turn": turn, "retry": True})
        other.call("user_uttered", {"message": "two"})
        await_bot(page, 2)
        assert bot_texts(page) == ["Bot: You said: one", "Bot: You said: two"]
        assert page.locator(".me").count() == 2
