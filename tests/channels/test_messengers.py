"""The assistant itself, through Telegram and Slack: they show what REST says, and are as safe."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Protocol

import pytest

from bot.channels import outbox, payloads, slack, telegram, turns
from bot.content import content
from tests.care.registry import PARTS, SENTENCES, STATES
from tests.care.test_states import shown_headings
from tests.dialogues.test_dialogues import DIALOGUES, read
from tests.support import slack_api, telegram_api
from tests.support.chat import ChatServer, configured, until
from tests.support.slack_api import SlackApi, direct
from tests.support.telegram_api import TelegramApi

MARKS = ["👍 Helpful", "👎 Not helpful"]
PEOPLE = itertools.count(90_000)


class Shown(list[tuple[str, list[str]]]):
    """What was shown in answer to one message: each text with the titles of its buttons."""

    @property
    def text(self) -> str:
        return "\n".join(text for text, _ in self)


class Person(Protocol):
    """Somebody who writes through one of the channels."""

    def say(self, text: str) -> Shown:
        """Type a text, or press the button with this payload; gives what is shown in answer."""


class OnTelegram:
    def __init__(self, api: TelegramApi, server: ChatServer, loop: asyncio.AbstractEventLoop) -> None:
        self._api, self._server, self._loop = api, server, loop
        self._person = next(PEOPLE)

    def say(self, text: str) -> Shown:
        before = len(self._api.sent[self._person])
        if text in payloads.known():
            update = self._api.tap_data(self._person, text)
        else:
            update = self._api.message(self._person, text)
        assert self._loop.run_until_complete(self._api.bring(self._server.url, update)) == 200
        said = self._api.sent[self._person][before:]
        return Shown((message["text"], telegram_api.titles(message)) for message in said)


class OnSlack:
    def __init__(self, api: SlackApi, server: ChatServer, loop: asyncio.AbstractEventLoop) -> None:
        self._api, self._server, self._loop = api, server, loop
        self._person = f"U{next(PEOPLE)}"

    def say(self, text: str) -> Shown:
        channel = direct(self._person)
        before = len(self._api.sent[channel])
        if text in payloads.known():
            body: Any = slack_api.form(self._api.press_value(self._person, text))
        else:
            body = self._api.message(self._person, turns_markup(text))
        assert self._loop.run_until_complete(self._api.bring(self._server.url, body))[0] == 200
        said = self._api.sent[channel][before:]
        return Shown((slack_api.shown_text(message), slack_api.titles(message)) for message in said)


def turns_markup(text: str) -> str:
    """A text as Slack brings it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Services:
    """Both channels around the trained assistant."""

    def __init__(self, agent: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.telegram, self.slack = TelegramApi(), SlackApi()
        self.server = ChatServer(agent)

    def environment(self) -> dict[str, str]:
        return {
            "TELEGRAM_API": self.telegram.url,
            "TELEGRAM_TOKEN": telegram_api.TOKEN,
            "TELEGRAM_WEBHOOK_URL": "https://bot.clinic.example",
            "SLACK_API": f"{self.slack.url}/api/",
            "SLACK_BOT_TOKEN": slack_api.BOT_TOKEN,
            "SLACK_SIGNING_SECRET": slack_api.SIGNING_SECRET,
            "SLACK_APP_TOKEN": "",
            "WEB_MESSAGES_PER_MINUTE": "1000",
        }


@pytest.fixture(scope="module")
def services(
    agent: Any, loop: asyncio.AbstractEventLoop, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    made = Services(agent, loop)
    loop.run_until_complete(made.telegram.start())
    loop.run_until_complete(made.slack.start())
    with configured(tmp_path_factory.mktemp("messengers"), **made.environment()):
        loop.run_until_complete(made.server.start())
        loop.run_until_complete(until(lambda: made.telegram.asked("setMyCommands")))
        yield made
        loop.run_until_complete(made.server.stop())
    loop.run_until_complete(made.telegram.stop())
    loop.run_until_complete(made.slack.stop())


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine too, a test sees the reply once its message is acknowledged."""
    monkeypatch.setattr(telegram, "HOLD", 60)
    monkeypatch.setattr(slack, "HOLD", 60)


@pytest.fixture(params=["telegram", "slack"])
def channel(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def person(channel: str, services: Services) -> Person:
    """A new person on each of the channels."""
    if channel == "telegram":
        return OnTelegram(services.telegram, services.server, services.loop)
    return OnSlack(services.slack, services.server, services.loop)


# -- as on REST -----------------------------------------------------------------------------------------------------

LONG = "I lifted a box in the garden and my back went into spasm. " * 60
OWN = {
    "a warning sign while choosing": [
        "which exercises should I do?", "/deny", "I can't feel it when I pee and my bottom is numb", "no, not me",
    ],
    "a long story": [LONG, "tell me more"],
    "deletion": ["does ice help?", "please delete everything I told you", "yes"],
    "a copy": ["does ice help?", "show my data"],
    "what is kept": ["what do you keep?", "no thanks"],
    "two questions": ["what helps a spasm after gardening, and are flat shoes better for my back?"],
    "feedback": ["does ice help?", "I want to give feedback", "/feedback_not_helpful", "/feedback_unclear"],
    "odd letters": ["does <b>ice</b> & *heat* help? _really_", "thanks 👍"],
}  # fmt: skip
# a few of each kind: all of them are tested over HTTP, and what differs here is how they are shown
OF_EACH_KIND = 3
SAMPLE = [
    path
    for _, kind in itertools.groupby(DIALOGUES, lambda path: path.parent)
    for path in itertools.islice(kind, OF_EACH_KIND)
]
CONVERSATIONS = {
    **{f"{path.parent.name}-{path.stem}": [turn["user"] for turn in read(path)] for path in SAMPLE},
    **OWN,
}


@pytest.fixture(scope="module")
def rest(agent: Any, loop: asyncio.AbstractEventLoop) -> Callable[[str], list[Shown]]:
    """What REST says to each message of a conversation, asked once for both channels."""

    @lru_cache
    def replies(name: str) -> list[Shown]:
        sender = uuid.uuid4().hex
        return [reply(message, sender) for message in typed(name)]

    def reply(message: str, sender: str) -> Shown:
        try:
            taken = loop.run_until_complete(turns.take(agent.handle_message, message, sender, "rest"))
        except turns.BadMessage as refused:
            return Shown([(refused.text, [])])
        return Shown((said["text"], [button["title"] for button in said.get("buttons") or []]) for said in taken[:-1])

    return replies


def typed(name: str) -> list[str]:
    """The messages of a conversation; the services bring none without words."""
    return [message for message in CONVERSATIONS[name] if message.strip()]


def test_there_are_thirty_conversations() -> None:
    assert len(CONVERSATIONS) >= 30


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_each_conversation_shows_what_rest_says(rest: Callable[[str], list[Shown]], person: Person, name: str) -> None:
    for message, said in zip(typed(name), rest(name), strict=True):
        shown = person.say(message)
        assert [untimed(text) for text, _ in joined(shown, said)] == [untimed(text) for text, _ in said], message
        offered = [title for _, titles in shown for title in titles if title not in MARKS]
        assert offered == [title for _, titles in said for title in titles], message


def joined(shown: Shown, said: Shown) -> Shown:
    """What was shown, with the pieces of a text that was cut put together again."""
    if len(shown) == len(said):
        return shown
    return Shown([(" ".join(text for text, _ in shown), [])])


def untimed(text: str) -> str:
    """A text without white space, which a cut may change, and without times of day, which differ."""
    return "".join(character for character in text if not character.isspace() and not character.isdigit())


# -- care and failures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("card", SENTENCES)
def test_help_comes_first(person: Person, card: str) -> None:
    assert person.say(SENTENCES[card][0])[0][0].split("\n")[0] in shown_headings(card)


# the states are those of the dialogue, which knows no channels: each is tried on one of the two
@pytest.mark.parametrize(("state", "channel"), zip(STATES, itertools.cycle(["telegram", "slack"])))
def test_help_comes_first_in_every_state(person: Person, state: str) -> None:
    for before in STATES[state]:
        person.say(before)
    assert person.say(SENTENCES["cauda_equina"][0])[0][0].split("\n")[0] in shown_headings("cauda_equina")


@pytest.mark.parametrize("part", PARTS)
def test_a_sign_gets_its_card_whatever_fails(agent: Any, person: Person, part: str) -> None:
    person.say("hello")
    with PARTS[part](agent):
        shown = person.say(SENTENCES["cauda_equina"][0])
    assert shown[0][0].split("\n")[0] in shown_headings("cauda_equina")


@pytest.mark.parametrize("part", [part for part in PARTS if part != "care screen"])
def test_any_other_message_gets_the_emergency_lines(agent: Any, person: Person, part: str) -> None:
    with PARTS[part](agent):
        shown = person.say("does ice help?")
    assert shown.text == content().talk["error"].text


@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_lost_once_it_is_back(agent: Any, person: Person, part: str) -> None:
    answer = content().answers["ice_and_heat"]
    assert answer.short in person.say("does ice help?").text
    with PARTS[part](agent):
        person.say("tell me more")
    assert answer.more in person.say("tell me more").text


def test_a_reply_that_cannot_be_sent_costs_no_turn(
    services: Services, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stock Rasa loses the turn: it sends before it stores."""
    monkeypatch.setattr(outbox, "GIVE_UP_AFTER", -1)
    services.telegram.failures["sendMessage"].append(500)
    services.slack.failures["chat.postMessage"].append(500)
    asked = person.say("does ice help?")
    services.telegram.failures.clear()
    services.slack.failures.clear()
    assert content().talk["first_notice"].text not in asked.text
    assert content().answers["ice_and_heat"].more in person.say("tell me more").text
