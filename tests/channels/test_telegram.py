"""The Telegram channel, with the real client library, against a stand-in of Telegram's API."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from ruamel.yaml import YAML

from bot import metrics
from bot.channels import outbox, payloads, turns
from bot.channels import telegram as telegram_channel
from bot.content import content
from bot.evaluation.servers import free_port
from bot.language.standby import standby
from tests.support import scripted
from tests.support.chat import ChatServer, configured, until
from tests.support.telegram_api import TOKEN, TelegramApi, titles

PEOPLE = itertools.count(500)


class Telegram:
    """A server with the channel, and the service that it talks to."""

    def __init__(self, api: TelegramApi, server: ChatServer, loop: asyncio.AbstractEventLoop) -> None:
        self.api = api
        self.server = server
        self.loop = loop

    def run(self, work: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, 60))

    def bring(self, *updates: dict[str, Any], secret: str | None = None) -> list[int]:
        """Bring updates one after the other; gives the status of each answer."""

        async def work() -> list[int]:
            return [await self.api.bring(self.server.url, update, secret) for update in updates]

        statuses: list[int] = self.run(work())
        return statuses

    def say(self, person: int, text: str) -> list[dict[str, Any]]:
        """Say something in a private chat; gives what the chat then shows in answer."""
        before = len(self.api.sent[person])
        assert self.bring(self.api.message(person, text)) == [200]
        return self.api.sent[person][before:]

    def tap(self, person: int, title: str) -> list[dict[str, Any]]:
        before = len(self.api.sent[person])
        assert self.bring(self.api.tap(person, title)) == [200]
        return self.api.sent[person][before:]

    def until(self, condition: Callable[[], Any]) -> None:
        self.run(until(condition))


@pytest.fixture(scope="module")
def telegram(loop: asyncio.AbstractEventLoop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Telegram]:
    api = TelegramApi()
    loop.run_until_complete(api.start())
    environment = {
        "TELEGRAM_API": api.url,
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_URL": "https://bot.clinic.example",
    }
    with configured(tmp_path_factory.mktemp("telegram"), **environment):
        standby.warm_up()
        server = ChatServer(scripted.ScriptedAgent())
        loop.run_until_complete(server.start())
        running = Telegram(api, server, loop)
        running.until(lambda: api.asked("setMyCommands"))
        yield running
        loop.run_until_complete(server.stop())
    loop.run_until_complete(api.stop())


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "FIRST_PAUSE", 0.02)
    # on a busy machine too, a test sees the reply once its message is acknowledged
    monkeypatch.setattr(telegram_channel, "HOLD", 30)


@pytest.fixture
def person() -> int:
    return next(PEOPLE)


def test_a_question_is_answered(telegram: Telegram, person: int) -> None:
    (message,) = telegram.say(person, "answer")
    assert message["text"] == scripted.ANSWER["text"]
    assert titles(message) == ["Pain medicines", "👍 Helpful", "👎 Not helpful"]


# -- who may speak --------------------------------------------------------------------------------------------------


def test_telegram_is_told_where_to_bring_what(telegram: Telegram) -> None:
    (webhook,) = telegram.api.asked("setWebhook")
    assert webhook["url"].startswith("https://bot.clinic.example/webhooks/telegram/")
    name = webhook["url"].rsplit("/", 1)[1]
    assert len(name) == 40
    assert name not in webhook["secret_token"]
    assert TOKEN.split(":")[1] not in webhook["url"] + webhook["secret_token"]
    assert webhook["allowed_updates"] == ["message", "edited_message", "callback_query"]
    (menu,) = telegram.api.asked("setMyCommands")
    assert [command["command"] for command in menu["commands"]] == ["start", "help", "export", "delete"]


@pytest.mark.parametrize("secret", ["", "wrong", "é"])
def test_whoever_does_not_know_the_secret_is_refused(telegram: Telegram, person: int, secret: str) -> None:
    assert telegram.bring(telegram.api.message(person, "answer"), secret=secret) == [401]
    assert telegram.api.texts(person) == []


@pytest.mark.parametrize(("method", "path"), [("POST", "webhook"), ("GET", "set_webhook"), ("POST", ""), ("GET", "")])
def test_rasas_own_routes_are_closed(telegram: Telegram, method: str, path: str) -> None:
    async def status() -> int:
        url = f"{telegram.server.url}/webhooks/telegram/{path}"
        async with aiohttp.ClientSession() as session, session.request(method, url) as answer:
            return answer.status

    assert telegram.run(status()) == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[" * 50_000, 400),
        (b"\xff", 400),
        (b"5", 400),
        (b'{"update_id": "1"}', 400),
        (b'{"update_id": 3, "message": [1]}', 200),
        (b'{"update_id": 4, "message": {"from": 1, "chat": {"id": []}}}', 200),
        (b'{"update_id": 5, "callback_query": {"from": {"id": 7}, "message": {"chat": 1}, "data": []}}', 200),
        (b" " * 70_000, 413),
    ],
    ids=lambda value: str(value)[:30],
)
def test_bodies_that_are_no_update(telegram: Telegram, body: bytes, status: int) -> None:
    async def post() -> int:
        url = telegram.server.url + telegram.api.webhook["url"].removeprefix("https://bot.clinic.example")
        headers = {"X-Telegram-Bot-Api-Secret-Token": telegram.api.webhook["secret_token"]}
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
            return answer.status

    assert telegram.run(post()) == status


# -- what is shown --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["<b>5 < 6 & 7</b>", "*bold* _it_ `code` [a](b) \\", "one\n\ntwo\n\nthree", "🦴" * 40, "&amp; &lt;", "#a.b!-"],
)
def test_texts_come_as_they_are(telegram: Telegram, person: int, text: str) -> None:
    said = telegram.say(person, text)
    assert [message["text"] for message in said] == [f"You said: {text}".replace("\n", " ")]
    assert all("parse_mode" not in message for message in said)


def test_a_reply_with_blank_lines_is_one_message(
    telegram: Telegram, person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(scripted.SCRIPT, "blank", [{"text": "One.\n\nTwo.\n\nThree.", "says": scripted.TALK}])
    assert [message["text"] for message in telegram.say(person, "blank")] == ["One.\n\nTwo.\n\nThree."]


def test_long_texts_are_cut_at_sentences(telegram: Telegram, person: int) -> None:
    text = " ".join(f"This is sentence number {number} of a story with a 🦴 in it." for number in range(180))
    said = telegram.say(person, text)
    assert len(said) == 3
    assert " ".join(message["text"] for message in said) == f"You said: {text}"
    assert all(message["text"].endswith("in it.") for message in said)


def test_what_matters_stands_out(telegram: Telegram, person: int) -> None:
    (card,) = telegram.say(person, "care")
    assert [bold(card, entity) for entity in card["entities"]] == ["Go to A&E now. Call 999 if you cannot get there."]
    assert titles(card) == ["Yes", "No"]
    (answer,) = telegram.say(person, "answer")
    assert [bold(answer, entity) for entity in answer["entities"]] == ["Not from the document:", "Source:"]
    (plan,) = telegram.say(person, "plan")
    assert titles(plan) == ["👍 Helpful", "👎 Not helpful"]


def bold(message: dict[str, Any], entity: dict[str, Any]) -> str:
    """The words of an entity, which Telegram counts in UTF-16."""
    start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
    return message["text"].encode("utf-16-le")[start:end].decode("utf-16-le")


def test_every_message_of_a_reply_comes_in_order(telegram: Telegram, person: int) -> None:
    said = [message["text"] for message in telegram.say(person, "all")]
    assert said == [message["text"] for message in scripted.SCRIPT["all"]]


def test_the_bot_shows_that_it_is_writing(telegram: Telegram, person: int) -> None:
    telegram.say(person, "answer")
    telegram.say(person, "slow")
    shown = [given for given in telegram.api.asked("sendChatAction") if given["chat_id"] == str(person)]
    assert [given["action"] for given in shown] == ["typing"]


# -- what is read ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/start", "Hello"),
        ("/start private", "Hello"),
        ("/help@lumbar_test_bot", "What can you do?"),
        ("/export", "Show my data"),
        ("/delete", "Delete my data"),
        ("/restart", "restart"),
        ('/inform{"x": 1}', 'inform{"x": 1}'),
        ("/session_start", "session_start"),
    ],
)
def test_commands_of_the_menu_are_read_and_no_others(telegram: Telegram, person: int, typed: str, read: str) -> None:
    assert [message["text"] for message in telegram.say(person, typed)] == [f"You said: {read}"]


def test_a_tap_is_read_and_acknowledged(telegram: Telegram, person: int) -> None:
    telegram.say(person, "ask")
    (plan,) = telegram.tap(person, "Yes")
    assert plan["text"] == scripted.PLAN["text"]
    telegram.until(lambda: telegram.api.asked("answerCallbackQuery"))
    assert telegram.api.asked("answerCallbackQuery")[-1]["text"] == "Yes"


def test_a_payload_that_is_too_long_for_telegram_is_resolved_here(
    telegram: Telegram, person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = "/" + "long_" * 30
    monkeypatch.setitem(payloads.known(), payload, "A long one")
    button = {"title": "A long one", "payload": payload}
    monkeypatch.setitem(scripted.SCRIPT, "long button", [{"text": "Tap.", "buttons": [button], "says": scripted.TALK}])
    telegram.say(person, "long button")
    assert [message["text"] for message in telegram.tap(person, "A long one")] == ["You said: A long one"]


@pytest.mark.parametrize("data", ["/gone", "/restart", "anything", "#" + "0" * 63, "mark:nothing:yes"])
def test_buttons_that_are_not_ours_do_nothing(telegram: Telegram, person: int, data: str) -> None:
    assert telegram.bring(telegram.api.tap_data(person, data)) == [200]
    assert telegram.api.texts(person) == [content().talk["unknown_button"].text]


THINGS = {
    "sticker": {"sticker": {"file_id": "x", "width": 512, "height": 512, "emoji": "👍", "is_animated": False}},
    "photo": {"photo": [{"file_id": "x", "width": 90, "height": 90}]},
    "voice": {"voice": {"file_id": "x", "duration": 4, "mime_type": "audio/ogg"}},
    "video note": {"video_note": {"file_id": "x", "duration": 4, "length": 240}},
    "location": {"location": {"latitude": 51.5, "longitude": -0.1}},
    "contact": {"contact": {"phone_number": "07", "first_name": "A"}},
    "document": {"document": {"file_id": "x", "file_name": "scan.pdf"}},
    "poll": {"poll": {"id": "1", "question": "?", "options": []}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
}


@pytest.mark.parametrize("kind", THINGS)
def test_what_holds_no_words_gets_a_kind_word(telegram: Telegram, person: int, kind: str) -> None:
    assert telegram.bring(telegram.api.message(person, **THINGS[kind])) == [200]
    assert telegram.api.texts(person) == [content().talk["not_text"].text]


def test_words_below_a_picture_are_read(telegram: Telegram, person: int) -> None:
    telegram.bring(telegram.api.message(person, caption="care", **THINGS["photo"]))
    assert telegram.api.texts(person) == [scripted.CARE["text"], content().talk["only_words_read"].text]


def test_service_messages_are_passed_over(telegram: Telegram, person: int) -> None:
    telegram.bring(telegram.api.message(person, pinned_message={"message_id": 1}))
    telegram.bring(telegram.api.message(person, new_chat_members=[{"id": 1}]))
    assert telegram.api.texts(person) == []


def edited(update: dict[str, Any], number: int, **changes: Any) -> dict[str, Any]:
    return {"update_id": number, "edited_message": {**update["message"], "edit_date": 1, **changes}}


def test_a_changed_message_is_read_again(telegram: Telegram, person: int) -> None:
    first = telegram.api.message(person, "a typo")
    telegram.bring(first, edited(first, telegram.api.number(), text="care"))
    assert telegram.api.texts(person) == ["You said: a typo", scripted.CARE["text"]]
    assert telegram.api.sent[person][1]["reply_to_message_id"] == str(first["message"]["message_id"])


def test_an_edit_that_changes_no_word_is_passed_over(telegram: Telegram, person: int) -> None:
    first = telegram.api.message(person, "answer")
    telegram.bring(first, edited(first, telegram.api.number()), edited(first, telegram.api.number()))
    assert len(telegram.api.texts(person)) == 1


def test_an_edit_of_what_was_never_seen_is_read(telegram: Telegram, person: int) -> None:
    telegram.bring(edited(telegram.api.message(person, "x"), telegram.api.number(), text="care"))
    assert telegram.api.texts(person) == [scripted.CARE["text"]]


# -- groups ---------------------------------------------------------------------------------------------------------


def in_group(telegram: Telegram, person: int, group: int, text: str, **more: Any) -> dict[str, Any]:
    return telegram.api.message(person, text, chat={"id": group, "type": "supergroup", "title": "Family"}, **more)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("@lumbar_test_bot care", {}),
        ("@Lumbar_Test_Bot, care", {}),
        ("care", {"reply_to_message": {"message_id": 1, "from": {"id": 4242, "is_bot": True}}}),
    ],
)
def test_in_a_group_the_answer_comes_in_private(
    telegram: Telegram, person: int, text: str, more: dict[str, Any]
) -> None:
    group = -1_000_000 - person
    telegram.bring(in_group(telegram, person, group, text, **more))
    assert telegram.api.texts(person) == [scripted.CARE["text"]]
    (said,) = telegram.api.sent[group]
    assert said["text"] == content().talk["answered_in_private"].text
    assert said["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://t.me/lumbar_test_bot?start=private"


def test_who_cannot_be_reached_in_private_is_asked_to_write_there(telegram: Telegram, person: int) -> None:
    group = -2_000_000 - person
    telegram.api.blocked.add(person)
    telegram.bring(in_group(telegram, person, group, "@lumbar_test_bot care"))
    assert telegram.api.texts(group) == [content().talk["move_to_private"].text]


@pytest.mark.parametrize(
    "text", ["care", "my back hurts", "/help@another_bot", "/weather", "@lumbar_test_bottle care", "hi @another_bot"]
)
def test_what_is_not_meant_for_the_bot_is_not_answered(telegram: Telegram, person: int, text: str) -> None:
    group = -3_000_000 - person
    assert telegram.bring(in_group(telegram, person, group, text)) == [200]
    assert telegram.api.texts(group) == telegram.api.texts(person) == []


def test_two_people_of_a_group_have_conversations_of_their_own(telegram: Telegram) -> None:
    one, other = next(PEOPLE), next(PEOPLE)
    telegram.bring(
        in_group(telegram, one, -44, "@lumbar_test_bot my first secret"),
        in_group(telegram, other, -44, "@lumbar_test_bot my second secret"),
    )
    assert telegram.api.texts(one) == ["You said: my first secret"]
    assert telegram.api.texts(other) == ["You said: my second secret"]
    assert not [text for text in telegram.api.texts(-44) if "secret" in text]


# -- once, and in order ---------------------------------------------------------------------------------------------


def test_an_update_that_comes_twice_is_answered_once(telegram: Telegram, person: int) -> None:
    update = telegram.api.message(person, "answer")
    assert telegram.bring(update, update) == [200, 200]

    async def at_once() -> list[int]:
        slow = telegram.api.message(person, "slow")
        return await asyncio.gather(*(telegram.api.bring(telegram.server.url, slow) for _ in range(5)))

    assert telegram.run(at_once()) == [200] * 5
    assert len(telegram.api.texts(person)) == 2


def test_an_update_from_before_a_restart_is_not_taken_again(telegram: Telegram, person: int) -> None:
    update = telegram.api.message(person, "answer", date=1)
    tap = telegram.api.tap_data(person, "/affirm")
    telegram.bring(update, tap)
    telegram.run(telegram.server.stop())
    telegram.run(telegram.server.start())
    telegram.bring(update, tap)
    tracker = telegram.run(telegram.server.agent.tracker_store.retrieve_full_tracker(f"telegram-{person}"))
    assert len([event for event in tracker.events if event.type_name == "user"]) == 2
    # whether the reply had been sent is not known: it is sent again rather than lost
    assert telegram.api.texts(person) == [scripted.ANSWER["text"], scripted.PLAN["text"]] * 2


def test_what_comes_while_the_server_stops_is_brought_again(
    telegram: Telegram, person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = telegram.api.message(person, "answer")
    changed = edited(first, telegram.api.number(), text="care")
    with monkeypatch.context() as stopping:
        stopping.setattr(turns.running, "stopping", True)
        assert telegram.bring(first, changed) == [503, 503]
    assert telegram.bring(first, first, changed, changed) == [200] * 4
    assert telegram.api.texts(person) == [scripted.ANSWER["text"], scripted.CARE["text"]]


def test_updates_out_of_order_are_answered_in_order(
    telegram: Telegram, person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram.server.channels["telegram"]._numbers, "patience", 5)
    telegram.say(person, "first of all")
    updates = [telegram.api.message(person, f"message {place}") for place in range(6)]

    async def shuffled() -> None:
        tasks = []
        for place in (3, 0, 5, 1, 4, 2):
            tasks.append(asyncio.create_task(telegram.api.bring(telegram.server.url, updates[place])))
            await asyncio.sleep(0.01)
        await asyncio.gather(*tasks)

    telegram.run(shuffled())
    assert telegram.api.texts(person)[1:] == [f"You said: message {place}" for place in range(6)]


def test_what_is_written_while_an_answer_is_under_way_is_answered_after_it(telegram: Telegram, person: int) -> None:
    updates = [telegram.api.message(person, text) for text in ("slow", "answer", "hello")]

    async def at_once() -> None:
        await asyncio.gather(*(telegram.api.bring(telegram.server.url, update) for update in updates))

    telegram.run(at_once())
    assert telegram.api.texts(person) == ["You said: slow", scripted.ANSWER["text"], "You said: hello"]


def test_a_hundred_people_at_once(telegram: Telegram) -> None:
    people = [next(PEOPLE) for _ in range(100)]

    async def write(person: int) -> list[int]:
        updates = [telegram.api.message(person, f"I am {person}, {turn}") for turn in range(2)]
        return [await telegram.api.bring(telegram.server.url, update) for update in updates]

    async def at_once() -> list[list[int]]:
        return await asyncio.gather(*(write(person) for person in people))

    assert telegram.run(at_once()) == [[200, 200]] * 100
    for person in people:
        assert telegram.api.texts(person) == [f"You said: I am {person}, {turn}" for turn in range(2)]


# -- when Telegram fails --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failures", [[429], [429, 500, 429], [500, 500], ["nothing"]], ids=str)
def test_what_could_not_be_sent_is_sent_later_and_once(
    telegram: Telegram, person: int, failures: list[int | str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram.server.channels["telegram"].sender, "timeout", 0.3)
    telegram.api.failures["sendMessage"].extend(failures)
    assert telegram.bring(telegram.api.message(person, "parts 3"), telegram.api.message(person, "answer")) == [200, 200]
    telegram.until(lambda: len(telegram.api.texts(person)) == 4)
    expected = [f"You said: parts 3 ({part})" for part in range(3)] + [scripted.ANSWER["text"]]
    assert telegram.api.texts(person) == expected


def test_telegram_is_left_in_peace_for_as_long_as_it_asks(telegram: Telegram, person: int) -> None:
    telegram.api.failures["sendMessage"].append(429)
    telegram.api.retry_after = 1
    began = telegram.loop.time()
    telegram.say(person, "answer")
    telegram.api.retry_after = 0
    assert 1 <= telegram.loop.time() - began < 10
    assert len(telegram.api.texts(person)) == 1


def test_telegram_does_not_wait_for_ever(telegram: Telegram, person: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_channel, "HOLD", 0.2)
    telegram.api.failures["sendMessage"].extend([500] * 5)
    assert telegram.bring(telegram.api.message(person, "answer")) == [200]
    assert telegram.api.texts(person) == []
    telegram.until(lambda: telegram.api.texts(person) == [scripted.ANSWER["text"]])


def test_who_has_blocked_the_bot_is_not_tried_again(telegram: Telegram, person: int) -> None:
    telegram.api.blocked.add(person)
    before = len(telegram.api.asked("sendMessage"))
    assert telegram.bring(telegram.api.message(person, "all")) == [200]
    assert len(telegram.api.asked("sendMessage")) == before + 1
    telegram.api.blocked.remove(person)
    assert len(telegram.say(person, "answer")) == 1


def test_a_layout_that_telegram_refuses_costs_no_words(telegram: Telegram, person: int) -> None:
    telegram.api.failures["sendMessage"].append(400)
    (message,) = telegram.say(person, "answer")
    assert message["text"] == scripted.ANSWER["text"]
    assert "reply_markup" not in message


def test_a_turn_that_fails_gives_the_emergency_lines(telegram: Telegram, person: int) -> None:
    assert [message["text"] for message in telegram.say(person, "fail")] == [content().talk["error"].text]


def test_it_starts_without_telegram_and_registers_when_it_can(
    loop: asyncio.AbstractEventLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_channel, "REGISTER_AGAIN", 0.05)
    port = free_port()
    environment = {
        "TELEGRAM_API": f"http://127.0.0.1:{port}",
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_URL": "https://bot.clinic.example",
    }

    async def work() -> None:
        server, api = ChatServer(scripted.ScriptedAgent()), TelegramApi()
        await server.start()
        await asyncio.sleep(0.2)
        await api.start(port)
        await until(lambda: api.asked("setMyCommands"))
        assert await api.bring(server.url, api.message(7, "answer")) == 200
        assert api.texts(7) == [scripted.ANSWER["text"]]
        await server.stop()
        await api.stop()

    with configured(tmp_path, **environment):
        loop.run_until_complete(asyncio.wait_for(work(), 30))


# -- limits, feedback -----------------------------------------------------------------------------------------------


def test_a_flood_is_told_so_once_and_a_warning_sign_still_gets_its_card(telegram: Telegram, person: int) -> None:
    for place in range(14):
        telegram.say(person, f"again {place}")
    told = [text for text in telegram.api.texts(person) if not text.startswith("You said")]
    assert told == [content().talk["rate_limited"].text]
    (card,) = telegram.say(person, "I can't feel it when I pee and my bottom is numb")
    assert "999" in card["text"] or "A&E" in card["text"]


def test_whether_an_answer_helped_is_counted(telegram: Telegram, person: int) -> None:
    before = marked("yes"), marked("no"), marked("no", "missing")
    telegram.say(person, "answer")
    assert telegram.tap(person, "👎 Not helpful") == []
    shown = titles(telegram.api.sent[person][-1])
    assert shown == ["Pain medicines", "Not what I asked", "Hard to read", "Something is missing", "Something else"]
    assert telegram.tap(person, "Something is missing") == []
    assert titles(telegram.api.sent[person][-1]) == ["Pain medicines"]
    telegram.say(person, "answer")
    telegram.tap(person, "👍 Helpful")
    after = marked("yes"), marked("no"), marked("no", "missing")
    assert [later - earlier for earlier, later in zip(before, after, strict=True)] == [1, 1, 1]


def marked(helpful: str, reason: str = "none") -> float:
    """How often the answer of the script was marked so."""
    value: float = metrics.FEEDBACK.labels("ice_and_heat", helpful, reason)._value.get()
    return value


# -- each kind of update --------------------------------------------------------------------------------------------

UPDATES = YAML(typ="safe").load((Path(__file__).parent / "telegram_updates.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", UPDATES)
def test_each_kind_of_update_of_the_documentation(telegram: Telegram, kind: str, person: int) -> None:
    update = {**UPDATES[kind]["update"], "update_id": telegram.api.number()}
    chat = UPDATES[kind].get("chat", 1111111)
    before = len(telegram.api.texts(chat))
    assert telegram.bring(update) == [200]
    assert len(telegram.api.texts(chat)) - before == UPDATES[kind]["answers"]
    assert len(telegram.say(person, "answer")) == 1
