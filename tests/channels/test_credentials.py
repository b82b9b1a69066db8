"""credentials.yml: an unset channel is off, a half-set one stops the start, and values come from the settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.channels import credentials
from bot.settings import ROOT, SettingsError
from tests.support.chat import configured

NAMES = ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_URL", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN")
TELEGRAM = {"TELEGRAM_TOKEN": "12:a$b", "TELEGRAM_WEBHOOK_URL": "https://bot.clinic.example"}
SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": 'a"b\\'}
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, ["rest"]),
        (TELEGRAM, ["rest", "telegram"]),
        (SLACK, ["rest", "slack"]),
        (SOCKET, ["rest", "slack"]),
        ({**TELEGRAM, **SLACK, **SOCKET}, ["rest", "telegram", "slack"]),
    ],
)
def test_channels_that_are_set_up_are_opened(tmp_path: Path, given: dict[str, str], names: list[str]) -> None:
    with configured(tmp_path, **{**dict.fromkeys(NAMES, ""), **given}):
        assert [channel.name() for channel in credentials.check()] == names


def test_values_reach_the_channels_as_they_are(tmp_path: Path) -> None:
    with configured(tmp_path, **{**dict.fromkeys(NAMES, ""), **TELEGRAM, **SLACK}):
        _, telegram, slack = credentials.check()
    assert telegram.access_token == TELEGRAM["TELEGRAM_TOKEN"]
    assert slack.slack_signing_secret == SLACK["SLACK_SIGNING_SECRET"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"TELEGRAM_TOKEN": "12:a"}, "TELEGRAM_WEBHOOK_URL is not"),
        ({"TELEGRAM_WEBHOOK_URL": "https://a.example"}, "TELEGRAM_TOKEN is not"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "neither SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_SIGNING_SECRET is set, SLACK_BOT_TOKEN is not"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_APP_TOKEN is set, SLACK_BOT_TOKEN is not"),
    ],
)
def test_a_half_set_channel_is_named(tmp_path: Path, given: dict[str, str], says: str) -> None:
    with configured(tmp_path, **{**dict.fromkeys(NAMES, ""), **given}), pytest.raises(SettingsError, match=says):
        credentials.check()


def test_a_value_that_is_no_setting_is_named(tmp_path: Path) -> None:
    path = tmp_path / "credentials.yml"
    path.write_text("bot.channels.rest.RestChannel:\n  a: ${HOME_ALONE}\n")
    with pytest.raises(SettingsError, match="HOME_ALONE is no setting"):
        credentials.check(path)


def test_no_value_stands_in_the_file() -> None:
    lines = credentials.CREDENTIALS.read_text(encoding="utf-8").splitlines()
    values = [line.split(": ", 1)[1] for line in lines if line.startswith(" ")]
    assert values
    assert all(credentials.PLACEHOLDER.fullmatch(value) for value in values)


def test_a_half_set_channel_stops_the_start(tmp_path: Path) -> None:
    environment = {**os.environ, **dict.fromkeys(NAMES, ""), "TELEGRAM_TOKEN": "12:a", "PORT": "0"}
    environment |= {"PORT": "59999", "DATABASE_URL": f"sqlite:///{tmp_path / 'conversations.db'}"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Telegram is half set up: TELEGRAM_TOKEN is set, TELEGRAM_WEBHOOK_URL is not." in done.stderr
    assert "Traceback" not in done.stderr
