"""The Slack channel, with the real client library, against a stand-in of Slack's API."""

from __future__ import annotations

import asyncio
import itertools
import time
import urllib.parse
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from ruamel.yaml import YAML

from bot.channels import outbox, turns
from bot.channels import slack as slack_channel
from bot.content import content
from bot.evaluation.servers import free_port
from bot.language.standby import standby
from tests.channels.test_telegram import marked
from tests.support import scripted
from tests.support.chat import ChatServer, configured, until
from tests.support.slack_api import (
    APP_TOKEN,
    BOT_TOKEN,
    SIGNING_SECRET,
    TEAM,
    SlackApi,
    direct,
    form,
    shown_text,
    titles,
)

PEOPLE = itertools.count(500)
HOLD = slack_channel.HOLD
OK = (200, {})


class Slack:
    """A server with the channel, and the service that it talks to."""

    def __init__(self, api: SlackApi, server: ChatServer, loop: asyncio.AbstractEventLoop) -> None:
        self.api = api
        self.server = server
        self.loop = loop

    def run(self, work: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, 60))

    def bring(self, body: dict[str, Any] | str, **more: Any) -> tuple[int, Any]:
        """Bring one thing; gives status and body of the answer."""
        answer: tuple[int, Any] = self.run(self.api.bring(self.server.url, body, **more))
        return answer

    def say(self, person: str, text: str, **more: Any) -> list[dict[str, Any]]:
        """Say something to the bot alone; gives what is then shown in answer."""
        before = len(self.api.sent[direct(person)])
        assert self.bring(self.api.message(person, text, **more)) == OK
        return self.api.sent[direct(person)][before:]

    def press(self, person: str, title: str) -> list[dict[str, Any]]:
        before = len(self.api.sent[direct(person)])
        assert self.bring(form(self.api.press(person, title))) == OK
        return self.api.sent[direct(person)][before:]

    def texts(self, person: str) -> list[str]:
        return self.api.texts(direct(person))

    def until(self, condition: Callable[[], Any]) -> None:
        self.run(until(condition))


@pytest.fixture(scope="module")
def slack(loop: asyncio.AbstractEventLoop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slack]:
    api = SlackApi()
    loop.run_until_complete(api.start())
    environment = {
        "SLACK_API": f"{api.url}/api/",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_APP_TOKEN": APP_TOKEN,
    }
    with configured(tmp_path_factory.mktemp("slack"), **environment):
        standby.warm_up()
        server = ChatServer(scripted.ScriptedAgent())
        loop.run_until_complete(server.start())
        running = Slack(api, server, loop)
        running.until(lambda: api.connected)
        yield running
        loop.run_until_complete(server.stop())
    loop.run_until_complete(api.stop())


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "FIRST_PAUSE", 0.02)
    # on a busy machine too, a test sees the reply once its message is acknowledged
    monkeypatch.setattr(slack_channel, "HOLD", 30)


@pytest.fixture
def person() -> str:
    return f"U{next(PEOPLE)}"


def test_a_question_is_answered(slack: Slack, person: str) -> None:
    (message,) = slack.say(person, "answer")
    assert shown_text(message) == scripted.ANSWER["text"]
    assert titles(message) == ["Pain medicines", "👍 Helpful", "👎 Not helpful"]


# -- who may speak --------------------------------------------------------------------------------------------------


def test_what_is_not_signed_by_slack_is_refused(slack: Slack, person: str) -> None:
    event = slack.api.message(person, "answer")
    assert slack.bring(event, secret="another")[0] == 401
    assert slack.bring(event, secret="")[0] == 401
    assert slack.bring(event, headers={"X-Slack-Signature": ""})[0] == 401
    assert slack.bring(event, headers={"X-Slack-Signature": "v0=é"})[0] == 401
    assert slack.bring(event, headers={"X-Slack-Request-Timestamp": "yesterday"})[0] == 401
    assert slack.texts(person) == []


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_stale_signature_is_refused(slack: Slack, person: str, minutes: int) -> None:
    assert slack.bring(slack.api.message(person, "answer"), at=time.time() + 60 * minutes)[0] == 401
    assert slack.texts(person) == []


def test_slack_hears_back_before_it_would_ask_again() -> None:
    assert HOLD < 3


def test_slack_can_check_the_address(slack: Slack) -> None:
    challenge = {"type": "url_verification", "token": "deprecated", "challenge": "3eZbrw1aB10"}
    assert slack.bring(challenge) == (200, {"challenge": "3eZbrw1aB10"})


@pytest.mark.parametrize(
    "body", ["payload=[", "payload=5", "payload=" + "[" * 9000, "x" * 70_000], ids=lambda body: body[:12]
)
def test_bodies_that_are_no_event_are_refused(slack: Slack, body: str) -> None:
    assert slack.bring(body)[0] == (413 if len(body) > 65_536 else 400)


@pytest.mark.parametrize("body", ["", "a=b", "command=%2Flumbar", "ssl_check=1&token=x"])
def test_forms_that_say_nothing_are_passed_over(slack: Slack, body: str) -> None:
    assert slack.bring(body) == OK


def test_the_content_type_may_name_its_letters(slack: Slack, person: str) -> None:
    event = slack.api.message(person, "answer")
    assert slack.bring(event, headers={"Content-Type": "application/json; charset=utf-8"}) == OK
    assert len(slack.texts(person)) == 1


# -- what is shown --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
        ("*bold* _it_ `code` ~no~ :smile:", "*bold* _it_ `code` ~no~ :smile:"),
        ("see <https://nhs.uk/a|nhs.uk/a> and <https://nhs.uk/b>", "see nhs.uk/a and https://nhs.uk/b"),
        ("<@U0BOT> hello <@U9>", "hello"),
        ("<!channel> in <#C1|general> <mailto:a@b.example|a@b.example>", "in general a@b.example"),
        ("🦴" * 40, "🦴" * 40),
    ],
)
def test_texts_come_as_they_were_typed(slack: Slack, person: str, typed: str, shown: str) -> None:
    (message,) = slack.say(person, typed)
    assert shown_text(message) == f"You said: {shown}"
    assert "<" not in message["text"]


def test_notifications_say_the_same(slack: Slack, person: str) -> None:
    for message, item in zip(slack.say(person, "all"), scripted.SCRIPT["all"], strict=True):
        assert message["text"] == item["text"].replace("&", "&amp;")
        assert shown_text(message) == item["text"]
        assert message["unfurl_links"] is False


def test_long_texts_are_cut_at_sentences(slack: Slack, person: str) -> None:
    text = " ".join(f"This is sentence number {number} of a long story." for number in range(200))
    said = slack.say(person, text)
    assert len(said) == 3
    assert " ".join(map(shown_text, said)) == f"You said: {text}"
    assert all(shown_text(message).endswith("story.") for message in said)


def test_what_matters_stands_out(slack: Slack, person: str) -> None:
    (card,) = slack.say(person, "care")
    assert card["blocks"][0]["type"] == "header"
    assert card["blocks"][0]["text"]["text"] == "Go to A&E now. Call 999 if you cannot get there."
    assert titles(card) == ["Yes", "No"]
    (answer,) = slack.say(person, "answer")
    words = answer["blocks"][0]["elements"][0]["elements"]
    assert [word["text"] for word in words if word.get("style")] == ["Not from the document:", "Source:"]
    assert [word["url"] for word in words if word["type"] == "link"] == ["https://www.nhs.uk/", scripted.SOURCE["url"]]


@pytest.mark.parametrize("count", [6, 26, 300])
def test_no_button_is_dropped(slack: Slack, person: str, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    buttons = [{"title": f"Choice {place}", "payload": "/affirm"} for place in range(count)]
    monkeypatch.setitem(scripted.SCRIPT, "buttons", [{"text": "Choose.", "buttons": buttons, "says": scripted.TALK}])
    offered = [title for message in slack.say(person, "buttons") for title in titles(message)]
    assert offered == [button["title"] for button in buttons]


def test_an_answer_stays_in_its_thread(slack: Slack, person: str) -> None:
    (answer,) = slack.say(person, "ask", thread_ts="1700000000.000100")
    assert answer["thread_ts"] == "1700000000.000100"
    (plan,) = slack.press(person, "Yes")
    assert plan["thread_ts"] == "1700000000.000100"
    (other,) = slack.say(person, "answer")
    assert "thread_ts" not in other


def test_the_home_tab_says_who_speaks_and_offers_questions(slack: Slack, person: str) -> None:
    opened = slack.api.event(type="app_home_opened", user=person, channel=direct(person), tab="home")
    assert slack.bring(opened) == OK
    slack.until(lambda: person in slack.api.views)
    view = slack.api.views[person]
    assert content().talk["first_notice"].text in [shown_text({"blocks": [block]}) for block in view["blocks"][:2]]
    assert "Delete my data" in titles(view)
    pressed = slack.api.press_value(person, "/delete_my_data")
    home = {key: value for key, value in pressed.items() if key not in ("channel", "message")}
    assert slack.bring(form({**home, "container": {"type": "view", "view_id": "V1"}})) == OK
    assert [shown_text(message) for message in slack.api.sent[person]] == ["You said: Delete my data"]


# -- what is read ---------------------------------------------------------------------------------------------------


def test_a_press_is_read(slack: Slack, person: str) -> None:
    slack.say(person, "ask")
    assert [shown_text(message) for message in slack.press(person, "Yes")] == [scripted.PLAN["text"]]


@pytest.mark.parametrize("value", ["/gone", "/restart", "anything", "", "mark:nothing:yes"])
def test_buttons_that_are_not_ours_do_nothing(slack: Slack, person: str, value: str) -> None:
    assert slack.bring(form(slack.api.press_value(person, value))) == OK
    assert slack.texts(person) == [content().talk["unknown_button"].text]


def test_slash_texts_are_read_as_words(slack: Slack, person: str) -> None:
    assert [shown_text(message) for message in slack.say(person, "/restart")] == ["You said: restart"]


def test_files_get_a_kind_word_and_words_beside_them_are_read(slack: Slack, person: str) -> None:
    files = [{"id": "F1", "mimetype": "image/png"}]
    slack.say(person, "", subtype="file_share", files=files)
    slack.say(person, "care", subtype="file_share", files=files)
    kind = content().talk
    assert slack.texts(person) == [kind["not_text"].text, scripted.CARE["text"], kind["only_words_read"].text]


def test_a_changed_message_is_read_again(slack: Slack, person: str) -> None:
    for text in ("a typo", "care"):
        changed = slack.api.event(
            type="message", subtype="message_changed", channel=direct(person), channel_type="im",
            message={"type": "message", "user": person, "text": text, "ts": "1.1"},
            previous_message={"type": "message", "user": person, "text": "a typo", "ts": "1.1"},
        )  # fmt: skip
        assert slack.bring(changed) == OK
    assert slack.texts(person) == [scripted.CARE["text"]]


def test_a_command_is_answered_in_private(slack: Slack, person: str) -> None:
    command = {"command": "/lumbar", "text": "care", "user_id": person, "team_id": TEAM, "channel_id": "C1OPEN",
               "trigger_id": f"1.{person}", "response_url": "https://hooks.slack.com/x"}  # fmt: skip
    status, shown = slack.bring(urllib.parse.urlencode(command))
    assert (status, shown["response_type"]) == (200, "ephemeral")
    assert shown["text"] == content().talk["answered_in_private"].text
    assert slack.api.texts(person) == [scripted.CARE["text"]]


# -- channels -------------------------------------------------------------------------------------------------------


def test_in_a_channel_the_answer_comes_in_private(slack: Slack, person: str) -> None:
    assert slack.bring(slack.api.mention(person, "care", channel="C7", thread_ts="1.5")) == OK
    assert slack.api.texts(person) == [scripted.CARE["text"]]
    assert slack.api.texts("C7") == []
    (note,) = slack.api.ephemeral["C7"]
    assert (note["user"], note["thread_ts"]) == (person, "1.5")
    assert note["text"] == content().talk["answered_in_private"].text


def test_who_cannot_be_reached_in_private_is_asked_to_write_there(slack: Slack, person: str) -> None:
    slack.api.unreachable.add(person)
    assert slack.bring(slack.api.mention(person, "care", channel="C8")) == OK
    assert [note["text"] for note in slack.api.ephemeral["C8"]] == [content().talk["move_to_private"].text]
    assert slack.api.texts("C8") == []


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel": "C1", "channel_type": "channel", "text": "care"},
        {"type": "message", "channel": "G1", "channel_type": "mpim", "text": "care"},
        {"type": "message", "channel_type": "im", "text": "care", "bot_id": "B1"},
        {"type": "message", "channel_type": "im", "subtype": "bot_message", "text": "care"},
        {"type": "message", "channel_type": "im", "subtype": "message_deleted"},
        {"type": "app_mention", "channel": "D1", "text": "care"},  # its message comes as well
    ],
)
def test_what_is_not_meant_for_the_bot_is_not_answered(slack: Slack, person: str, event: dict[str, Any]) -> None:
    before = len(slack.api.calls)
    assert slack.bring(slack.api.event(**{"user": person, "channel": direct(person), **event})) == OK
    assert len(slack.api.calls) == before


# -- once, in time, and in order ------------------------------------------------------------------------------------


def test_an_event_that_comes_again_is_answered_once(slack: Slack, person: str) -> None:
    event = slack.api.message(person, "answer")
    for headers in ({}, {}, {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"},
                    {"X-Slack-Retry-Num": "2", "X-Slack-Retry-Reason": "http_error"}):  # fmt: skip
        assert slack.bring(event, headers=headers) == OK
    assert len(slack.texts(person)) == 1


def test_a_press_that_comes_again_is_answered_once(slack: Slack, person: str) -> None:
    slack.say(person, "ask")
    pressed = form(slack.api.press(person, "Yes"))
    assert [slack.bring(pressed), slack.bring(pressed)] == [OK, OK]
    assert len(slack.texts(person)) == 2


def test_a_retry_is_answered_at_once_and_taken_if_the_first_was_lost(slack: Slack, person: str) -> None:
    assert slack.bring(slack.api.message(person, "slow"), headers={"X-Slack-Retry-Num": "1"}) == OK
    assert slack.texts(person) == []
    slack.until(lambda: slack.texts(person) == ["You said: slow"])


def test_a_slow_turn_is_acknowledged_in_time(slack: Slack, person: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_channel, "HOLD", 0.3)
    assert slack.bring(slack.api.message(person, "slow")) == OK
    assert slack.texts(person) == []
    slack.until(lambda: slack.texts(person) == ["You said: slow"])


def test_an_event_from_before_a_restart_is_not_taken_again(slack: Slack, person: str) -> None:
    event = slack.api.message(person, "answer")
    event["event"]["event_ts"] = event["event"]["ts"] = "1700000000.000100"
    slack.bring(event)
    slack.run(slack.server.stop())
    slack.run(slack.server.start())
    slack.until(lambda: slack.api.connected)
    slack.bring(event, headers={"X-Slack-Retry-Num": "1"})
    slack.until(lambda: len(slack.texts(person)) == 2)
    conversation = f"slack-{TEAM}-{person}"
    tracker = slack.run(slack.server.agent.tracker_store.retrieve_full_tracker(conversation))
    assert len([event for event in tracker.events if event.type_name == "user"]) == 1


def test_what_comes_while_the_server_stops_is_brought_again(
    slack: Slack, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = slack.api.message(person, "answer")
    with monkeypatch.context() as stopping:
        stopping.setattr(turns.running, "stopping", True)
        assert slack.bring(event)[0] == 503
    assert [slack.bring(event), slack.bring(event)] == [OK, OK]
    assert slack.texts(person) == [scripted.ANSWER["text"]]


def test_events_out_of_order_are_answered_in_the_order_of_writing(slack: Slack, person: str) -> None:
    events = [slack.api.message(person, f"message {place}") for place in range(4)]
    slow = slack.api.message(person, "slow")
    slow["event"]["event_ts"] = "1.0"

    async def shuffled() -> None:
        tasks = [asyncio.create_task(slack.api.bring(slack.server.url, slow))]
        await asyncio.sleep(0.3)
        for place in (2, 0, 3, 1):
            tasks.append(asyncio.create_task(slack.api.bring(slack.server.url, events[place])))
            await asyncio.sleep(0.01)
        await asyncio.gather(*tasks)

    slack.run(shuffled())
    slack.until(lambda: len(slack.texts(person)) == 5)
    assert slack.texts(person)[1:] == [f"You said: message {place}" for place in range(4)]


def test_a_hundred_people_at_once(slack: Slack) -> None:
    people = [f"U{next(PEOPLE)}" for _ in range(100)]

    async def at_once() -> list[tuple[int, Any]]:
        events = [slack.api.message(person, f"I am {person}") for person in people]
        return await asyncio.gather(*(slack.api.bring(slack.server.url, event) for event in events))

    assert {status for status, _ in slack.run(at_once())} == {200}
    slack.until(lambda: all(slack.texts(person) for person in people))
    for person in people:
        assert slack.texts(person) == [f"You said: I am {person}"]


# -- when Slack fails -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "failures", [[429], [429, 500, 429], [503, 500], ["nothing"], ["internal_error", "ratelimited"]], ids=str
)
def test_what_could_not_be_sent_is_sent_later_and_once(
    slack: Slack, person: str, failures: list[int | str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = slack.server.channels["slack"].sender.client
    monkeypatch.setattr(client.session, "_timeout", aiohttp.ClientTimeout(total=0.3))
    slack.api.failures["chat.postMessage"].extend(failures)
    slack.bring(slack.api.message(person, "parts 3"))
    slack.bring(slack.api.message(person, "answer"))
    slack.until(lambda: len(slack.texts(person)) == 4)
    assert slack.texts(person) == [f"You said: parts 3 ({part})" for part in range(3)] + [scripted.ANSWER["text"]]


def test_slack_is_left_in_peace_for_as_long_as_it_asks(slack: Slack, person: str) -> None:
    slack.api.failures["chat.postMessage"].append(429)
    slack.api.retry_after = 1
    began = time.monotonic()
    slack.say(person, "answer")
    slack.api.retry_after = 0
    assert 1 <= time.monotonic() - began < 10
    assert len(slack.texts(person)) == 1


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long"])
def test_a_layout_that_slack_refuses_costs_no_words(slack: Slack, person: str, error: str) -> None:
    slack.api.failures["chat.postMessage"].append(error)
    (message,) = slack.say(person, "answer")
    assert "blocks" not in message
    assert message["text"] == scripted.ANSWER["text"].replace("&", "&amp;")


def test_who_cannot_be_reached_is_not_tried_again(slack: Slack, person: str) -> None:
    slack.api.failures["chat.postMessage"].append("account_inactive")
    before = len(slack.api.asked("chat.postMessage"))
    assert slack.say(person, "all") == []
    assert len(slack.api.asked("chat.postMessage")) == before + 1
    assert len(slack.say(person, "answer")) == 1


def test_a_turn_that_fails_gives_the_emergency_lines(slack: Slack, person: str) -> None:
    assert [shown_text(message) for message in slack.say(person, "fail")] == [content().talk["error"].text]


# -- limits, feedback -----------------------------------------------------------------------------------------------


def test_a_flood_is_told_so_once_and_a_warning_sign_still_gets_its_card(slack: Slack, person: str) -> None:
    for place in range(14):
        slack.say(person, f"again {place}")
    assert [text for text in slack.texts(person) if not text.startswith("You said")] == [
        content().talk["rate_limited"].text
    ]
    (card,) = slack.say(person, "I can't feel it when I pee and my bottom is numb")
    assert "A&E" in shown_text(card)


def test_whether_an_answer_helped_is_counted(slack: Slack, person: str) -> None:
    before = marked("yes"), marked("no"), marked("no", "missing")
    slack.say(person, "answer")
    assert slack.press(person, "👎 Not helpful") == []
    answer = slack.api.sent[direct(person)][-1]
    assert titles(answer) == [
        "Pain medicines", "Not what I asked", "Hard to read", "Something is missing", "Something else",
    ]  # fmt: skip
    assert slack.press(person, "Something is missing") == []
    assert titles(answer) == ["Pain medicines"]
    assert shown_text(answer) == scripted.ANSWER["text"]
    slack.say(person, "answer")
    slack.press(person, "👍 Helpful")
    after = marked("yes"), marked("no"), marked("no", "missing")
    assert [later - earlier for earlier, later in zip(before, after, strict=True)] == [1, 1, 1]


# -- Socket Mode ----------------------------------------------------------------------------------------------------


def test_messages_come_over_a_socket_too(slack: Slack, person: str) -> None:
    async def over_socket() -> None:
        first = await slack.api.bring_over_socket("events_api", slack.api.message(person, "ask"))
        await until(lambda: first in slack.api.answers)
        second = await slack.api.bring_over_socket("interactive", slack.api.press(person, "Yes"))
        await until(lambda: second in slack.api.answers)
        command = {
            "command": "/lumbar",
            "text": "care",
            "user_id": person,
            "team_id": TEAM,
            "trigger_id": f"2.{person}",
        }
        third = await slack.api.bring_over_socket("slash_commands", command)
        await until(lambda: third in slack.api.answers)
        assert slack.api.answers[third]["payload"]["response_type"] == "ephemeral"

    slack.run(over_socket())
    assert slack.texts(person) == [scripted.ASK["text"], scripted.PLAN["text"]]
    assert slack.api.texts(person) == [scripted.CARE["text"]]


def test_an_event_over_both_ways_is_answered_once(slack: Slack, person: str) -> None:
    event = slack.api.message(person, "answer")

    async def over_socket() -> None:
        for _ in range(2):
            envelope = await slack.api.bring_over_socket("events_api", event)
            await until(lambda name=envelope: name in slack.api.answers)

    slack.run(over_socket())
    slack.bring(event)
    assert len(slack.texts(person)) == 1


def test_a_socket_that_slack_closes_is_opened_again(slack: Slack, person: str) -> None:
    """Slack closes each socket every few hours."""

    async def again() -> None:
        await slack.api.drop_sockets()
        await until(lambda: slack.api.connected, 30)
        await slack.api.bring_over_socket("events_api", slack.api.message(person, "answer"))
        await until(lambda: slack.texts(person))

    slack.run(again())


def test_socket_mode_needs_no_public_address_and_starts_without_slack(
    loop: asyncio.AbstractEventLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_channel, "CONNECT_AGAIN", 0.05)
    port = free_port()
    api_url = f"http://127.0.0.1:{port}/api/"

    async def work() -> None:
        server, api = ChatServer(scripted.ScriptedAgent()), SlackApi()
        await server.start()
        await asyncio.sleep(0.2)
        await api.start(port)
        await until(lambda: api.connected)
        await api.bring_over_socket("events_api", api.message("U1", "answer"))
        await until(lambda: api.texts("D1") == [scripted.ANSWER["text"]])
        # no signing secret: the address is closed, since an empty secret could be forged
        assert (await api.bring(server.url, api.message("U2", "answer"), secret=""))[0] == 404
        await server.stop()
        await api.stop()

    tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": ""}
    with configured(tmp_path, SLACK_API=api_url, **tokens):
        loop.run_until_complete(asyncio.wait_for(work(), 30))


# -- each kind of event ---------------------------------------------------------------------------------------------

EVENTS = YAML(typ="safe").load((Path(__file__).parent / "slack_events.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", EVENTS)
def test_each_kind_of_event_of_the_documentation(slack: Slack, kind: str, person: str) -> None:
    given = EVENTS[kind]
    before = len(slack.api.asked("chat.postMessage"))
    body = given.get("form") and urllib.parse.urlencode(given["form"])
    if "payload" in given:
        body = form(given["payload"])
    status, _ = slack.bring(body or given["event"])
    assert status == 200
    assert len(slack.api.asked("chat.postMessage")) - before == given["answers"]
    assert len(slack.say(person, "answer")) == 1
