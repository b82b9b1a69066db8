"""`python -m bot connect`: what it says when something is missing or wrong, and that it sets up what it can."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.channels import slack_app
from bot.commands import connect
from bot.evaluation.servers import free_port
from tests.support import slack_api, telegram_api
from tests.support.chat import configured

NAMES = ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_URL", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN")
URL = "https://bot.clinic.example"
TELEGRAM = {"TELEGRAM_TOKEN": telegram_api.TOKEN, "TELEGRAM_WEBHOOK_URL": URL}
SLACK = {"SLACK_BOT_TOKEN": slack_api.BOT_TOKEN, "SLACK_SIGNING_SECRET": slack_api.SIGNING_SECRET}
SOCKET = {"SLACK_BOT_TOKEN": slack_api.BOT_TOKEN, "SLACK_APP_TOKEN": slack_api.APP_TOKEN}


@contextmanager
def settings(folder: Path, **given: str) -> Iterator[None]:
    with configured(folder, **{**dict.fromkeys(NAMES, ""), **given}):
        yield


@pytest.fixture
def services(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[telegram_api.TelegramApi, slack_api.SlackApi]]:
    """The two services, and a public address at which nobody answers."""

    async def nobody(url: str) -> None:
        print(f"The server does not answer at {url} yet.")

    monkeypatch.setattr(connect, "_say_whether_it_answers", nobody)
    telegram, slack = telegram_api.TelegramApi(), slack_api.SlackApi()
    loop.run_until_complete(telegram.start())
    loop.run_until_complete(slack.start())
    yield telegram, slack
    loop.run_until_complete(telegram.stop())
    loop.run_until_complete(slack.stop())


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (["telegram"], {}, ["Missing: TELEGRAM_TOKEN and TELEGRAM_WEBHOOK_URL", "https://t.me/BotFather"]),
        (["telegram"], {"TELEGRAM_TOKEN": "12:a"}, ["TELEGRAM_WEBHOOK_URL is not"]),
        (["telegram"], {"TELEGRAM_WEBHOOK_URL": URL}, ["TELEGRAM_TOKEN is not"]),
        (["telegram"], {**TELEGRAM, "TELEGRAM_TOKEN": "wrong"}, ["TELEGRAM_TOKEN is no token"]),
        (["telegram"], {**TELEGRAM, "TELEGRAM_WEBHOOK_URL": "http://a.example"}, ["begin with https://"]),
        (["slack"], {}, ["Missing: SLACK_BOT_TOKEN and SLACK_APP_TOKEN", "https://api.slack.com/apps?new_app=1"]),
        (["slack", "--url", URL], {}, ["Missing: SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET"]),
        (["slack"], {"SLACK_APP_TOKEN": "xapp-1"}, ["SLACK_APP_TOKEN is set, SLACK_BOT_TOKEN is not"]),
        (["slack"], {"SLACK_BOT_TOKEN": "xoxb-1"}, ["neither SLACK_SIGNING_SECRET", "nor SLACK_APP_TOKEN"]),
        (["slack"], {**SLACK, "SLACK_BOT_TOKEN": "xoxp-1"}, ["begin with xoxb-"]),
        (["slack"], {**SOCKET, "SLACK_APP_TOKEN": "xoxb-1"}, ["begin with xapp-"]),
        (["slack"], {**SLACK, "SLACK_SIGNING_SECRET": "abc"}, ["SLACK_SIGNING_SECRET is no signing secret"]),
    ],
)
def test_it_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], given: dict[str, str], says: list[str]
) -> None:
    with settings(tmp_path, **given):
        assert connect.main(arguments) == 1
    printed = capsys.readouterr().out
    assert [words for words in says if words not in printed] == []


def test_telegram_is_set_up(
    loop: asyncio.AbstractEventLoop, services: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    telegram, _ = services
    with settings(tmp_path, **TELEGRAM, TELEGRAM_API=telegram.url):
        loop.run_until_complete(connect.telegram())
    printed = capsys.readouterr().out
    assert telegram.webhook["url"].startswith(f"{URL}/webhooks/telegram/")
    assert telegram.asked("setMyCommands")
    assert "https://t.me/lumbar_test_bot" in printed
    for secret in (telegram_api.TOKEN, telegram.webhook["secret_token"], telegram.webhook["url"]):
        assert secret not in printed


@pytest.mark.parametrize(
    ("failure", "says"),
    [(401, "does not know TELEGRAM_TOKEN"), (400, "refuses the address"), (500, "cannot be reached")],
)
def test_what_telegram_refuses_is_explained(
    loop: asyncio.AbstractEventLoop, services: Any, tmp_path: Path, failure: int, says: str
) -> None:
    telegram, _ = services
    telegram.failures["setWebhook"].append(failure)
    with settings(tmp_path, **TELEGRAM, TELEGRAM_API=telegram.url), pytest.raises(connect.Trouble, match=says):
        loop.run_until_complete(connect.telegram())


@pytest.mark.parametrize(("given", "url"), [(SLACK, URL), (SOCKET, None), ({**SLACK, **SOCKET}, URL)])
def test_slack_is_checked(
    loop: asyncio.AbstractEventLoop, services: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    given: dict[str, str], url: str | None,
) -> None:  # fmt: skip
    _, slack = services
    with settings(tmp_path, **given, SLACK_API=f"{slack.url}/api/"):
        loop.run_until_complete(connect.slack(url))
    printed = capsys.readouterr().out
    assert "@lumbar in Clinic" in printed
    assert ("SLACK_APP_TOKEN is right" in printed) == ("SLACK_APP_TOKEN" in given)
    assert (f"{URL}/webhooks/slack/webhook" in printed) == (url is not None)
    assert not [token for token in given.values() if token in printed]


@pytest.mark.parametrize(
    ("method", "failure", "says"),
    [
        ("auth.test", "invalid_auth", "refuses SLACK_BOT_TOKEN"),
        ("apps.connections.open", "invalid_auth", "refuses SLACK_APP_TOKEN"),
        ("auth.test", 500, "cannot be reached"),
    ],
)
def test_what_slack_refuses_is_explained(
    loop: asyncio.AbstractEventLoop, services: Any, tmp_path: Path, method: str, failure: int | str, says: str
) -> None:
    _, slack = services
    slack.failures[method].append(failure)
    with settings(tmp_path, **SOCKET, SLACK_API=f"{slack.url}/api/"), pytest.raises(connect.Trouble, match=says):
        loop.run_until_complete(connect.slack(None))


def test_missing_scopes_are_named(
    loop: asyncio.AbstractEventLoop, services: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, slack = services
    monkeypatch.setattr(slack_api, "SCOPES", "chat:write,im:history")
    lacking = pytest.raises(connect.Trouble, match="app_mentions:read, commands")
    with settings(tmp_path, **SOCKET, SLACK_API=f"{slack.url}/api/"), lacking:
        loop.run_until_complete(connect.slack(None))


def test_it_says_whether_the_server_answers(
    loop: asyncio.AbstractEventLoop, capsys: pytest.CaptureFixture[str]
) -> None:
    loop.run_until_complete(connect._say_whether_it_answers(f"http://127.0.0.1:{free_port()}"))
    assert "does not answer" in capsys.readouterr().out


def test_the_link_creates_the_app_of_the_manifest() -> None:
    manifest = json.loads(urllib.parse.unquote(slack_app.create_link(URL).split("manifest_json=")[1]))
    addresses = set(re.findall(r"https://[^\"]+", json.dumps(manifest)))
    assert addresses == {f"{URL}/webhooks/slack/webhook"}
    assert manifest["settings"]["socket_mode_enabled"] is False
    socket = json.loads(urllib.parse.unquote(slack_app.create_link(None).split("manifest_json=")[1]))
    assert "https://" not in json.dumps(socket)
    assert socket["settings"]["socket_mode_enabled"] is True


def test_the_manifest_asks_for_what_the_channel_uses() -> None:
    """The stand-in grants what the real app would have; the channel's tests run with nothing more."""
    assert slack_app.scopes() == set(slack_api.SCOPES.split(","))
    events = slack_app.manifest(None)["settings"]["event_subscriptions"]["bot_events"]
    assert events == ["app_home_opened", "app_mention", "message.im"]
