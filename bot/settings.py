"""Every setting of the assistant, read from the environment in this one place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


class SettingsError(Exception):
    """A setting has a value that cannot be used. The message names it and says what is accepted."""


def setting(name: str, default: Any, meaning: str, secret: bool = False) -> Any:
    """Declare a setting: its environment variable, default and meaning."""
    return field(default=default, metadata={"name": name, "meaning": meaning, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """The settings, each with its environment variable, default and meaning (`python -m bot settings`)."""

    host: str = setting("HOST", "127.0.0.1", "address that the server listens on")
    port: int = setting("PORT", 5005, "port of the server")
    actions_url: str = setting(
        "ACTIONS_URL",
        "",
        "address of an action server, such as http://127.0.0.1:5055/webhook; empty: inside the server",
    )
    actions_host: str = setting("ACTIONS_HOST", "127.0.0.1", "address that the action server listens on")
    actions_port: int = setting("ACTIONS_PORT", 5055, "port of the action server")
    actions_token: str = setting(
        "ACTIONS_TOKEN",
        "",
        "secret shown to action servers; needed unless they listen on this machine alone",
        True,
    )
    rest_token: str = setting(
        "REST_TOKEN", "", "bearer token for the REST channel; empty: only this machine may use it", True
    )
    database_url: str = setting(
        "DATABASE_URL", f"sqlite:///{ROOT / 'var' / 'conversations.db'}", "where conversations are kept", True
    )
    redis_url: str = setting("REDIS_URL", "", "Redis that servers share, such as redis://127.0.0.1:6379/0", True)
    web_origins: str = setting(
        "WEB_ORIGINS", "", "origins of the sites that carry the widget, such as https://clinic.example; comma-separated"
    )
    web_secret: str = setting(
        "WEB_SECRET", "", "what web sessions are signed with; empty: made once and kept in var/ (one server only)", True
    )
    web_session_hours: float = setting("WEB_SESSION_HOURS", 24.0, "hours after which an unused web session ends")
    web_messages_per_minute: float = setting(
        "WEB_MESSAGES_PER_MINUTE", 30.0, "messages a minute that one web session may send; a third of it at once"
    )
    trusted_proxies: str = setting(
        "TRUSTED_PROXIES", "", "addresses or networks of proxies whose X-Forwarded-For is believed; comma-separated"
    )
    telegram_token: str = setting("TELEGRAM_TOKEN", "", "token of the Telegram bot; empty: no Telegram channel", True)
    telegram_webhook_url: str = setting(
        "TELEGRAM_WEBHOOK_URL",
        "",
        "https address at which Telegram reaches this server, such as https://bot.clinic.example",
    )
    telegram_api: str = setting("TELEGRAM_API", "https://api.telegram.org", "address of Telegram's Bot API")
    slack_bot_token: str = setting(
        "SLACK_BOT_TOKEN", "", "bot token of the Slack app (xoxb-…); empty: no Slack channel", True
    )
    slack_signing_secret: str = setting(
        "SLACK_SIGNING_SECRET", "", "signing secret of the Slack app, where Slack reaches this server", True
    )
    slack_app_token: str = setting(
        "SLACK_APP_TOKEN", "", "app token of the Slack app (xapp-…), for Socket Mode, without a public address", True
    )
    slack_api: str = setting("SLACK_API", "https://slack.com/api/", "address of Slack's Web API")
    metrics_token: str = setting(
        "METRICS_TOKEN", "", "bearer token for /metrics; empty: only this machine may read it", True
    )
    keep_hours: float = setting("KEEP_HOURS", 24.0, "hours after its last message that a conversation is kept")
    history_days: float = setting("HISTORY_DAYS", 90.0, "days that it is kept instead, if the person agreed to that")
    model: str = setting("MODEL", str(ROOT / "models" / "lumbar.tar.gz"), "the trained model")
    turn_timeout: float = setting("TURN_TIMEOUT", 10.0, "seconds after which a turn is answered with the error reply")
    log_salt: str = setting(
        "LOG_SALT", "", "what senders are hashed with in the log; empty: made anew at each start", True
    )
    log_level: str = setting("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings.

        Raises:
            SettingsError: a value is not of the setting's type.
        """
        values: dict[str, Any] = {}
        for declared in fields(cls):
            name = declared.metadata["name"]
            if not environment.get(name):
                continue
            kind: Any = type(declared.default)
            try:
                values[declared.name] = kind(environment[name])
            except ValueError as error:
                raise SettingsError(f"{name} is {environment[name]!r}; it must be a {kind.__name__}.") from error
        settings = cls(**values)
        if not 0 < settings.port < 65536:
            raise SettingsError(f"PORT is {settings.port}; it must lie between 1 and 65535.")
        if settings.keep_hours <= 0 or settings.history_days <= 0:
            raise SettingsError("KEEP_HOURS and HISTORY_DAYS must be above 0.")
        if settings.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise SettingsError(f"LOG_LEVEL is {settings.log_level!r}; it must be DEBUG, INFO, WARNING or ERROR.")
        return settings

    def value_of(self, name: str) -> str:
        """The value of an environment variable's setting, as text.

        Raises:
            SettingsError: no setting has that name.
        """
        for declared in fields(self):
            if declared.metadata["name"] == name:
                return str(getattr(self, declared.name))
        raise SettingsError(f"{name} is no setting. See: python -m bot settings")

    def describe(self) -> str:
        """One line for each setting: variable, value in force (secrets hidden), meaning."""
        lines = []
        for declared in fields(self):
            value = getattr(self, declared.name)
            shown = "(set)" if declared.metadata["secret"] and value != declared.default else repr(value)
            lines.append(f"{declared.metadata['name']:14} {shown:44} {declared.metadata['meaning']}")
        return "\n".join(lines)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings.from_environment(os.environ)
