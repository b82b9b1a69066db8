"""What Slack's events, buttons and commands say: plain reading of their JSON, which may hold anything.

https://docs.slack.dev/apis/events-api, https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]

ID = re.compile(r"[A-Za-z0-9]{1,40}")
# messages that people write; all other subtypes tell of something that happened
WRITTEN = (None, "file_share", "me_message", "thread_broadcast")
MARKUP = re.compile(r"<([@#!]?)([^>|]*)(?:\|([^>]*))?>")


@dataclass(frozen=True)
class Incoming:
    """What somebody wrote or pressed.

    Attributes:
        id: Slack's id of it.
        team: the workspace.
        person: who it was.
        channel: where it was; `None` for the app's home tab and for commands.
        private: whether nobody else reads there.
        text: what was typed, or what the button sends; `None` for what holds no words.
        at: when, in seconds since 1970; grows from each message of a person to the next.
        thread: the thread that it stands in.
        message: the time stamp that names it, or the message that the button stands below.
        more: it holds something besides words, which the bot cannot read.
        pressed: it was a button.
        shown: for a button, the message that it stands below.
    """

    id: str
    team: str
    person: str
    channel: str | None
    private: bool
    text: str | None
    at: float
    thread: str | None = None
    message: str | None = None
    more: bool = False
    pressed: bool = False
    shown: Json = field(default_factory=dict)


@dataclass(frozen=True)
class HomeOpened:
    """Somebody looks at the app's home tab."""

    id: str
    person: str


def read_event(body: Any) -> Incoming | HomeOpened | None:
    """What an event brings; `None` for what is not meant for the bot, or is nothing that it could answer."""
    given = _object(body)
    event, name = _object(given.get("event")), given.get("event_id")
    if given.get("type") != "event_callback" or not isinstance(name, str):
        return None
    if event.get("type") == "app_home_opened":
        person = _id(event.get("user"))
        return HomeOpened(name, person) if person and event.get("tab") == "home" else None
    if event.get("type") == "app_mention" and not _is_direct(event):
        return _read_message(name, given, event, event, private=False)
    if event.get("type") != "message" or not _is_direct(event):
        return None
    if event.get("subtype") == "message_changed":
        message, before = _object(event.get("message")), _object(event.get("previous_message"))
        # Slack tells of a change too when it adds the preview of a link
        unchanged = message.get("text") == before.get("text")
        return None if unchanged else _read_message(name, given, event, message, private=True)
    return _read_message(name, given, event, event, private=True) if event.get("subtype") in WRITTEN else None


def _read_message(name: str, body: Json, event: Json, message: Json, private: bool) -> Incoming | None:
    team, person, channel = _id(body.get("team_id")), _id(message.get("user")), _id(event.get("channel"))
    if not team or not person or not channel or message.get("bot_id") or message.get("bot_profile"):
        return None
    files = bool(message.get("files"))
    text = message.get("text")
    words = plain(text) if isinstance(text, str) else ""
    return Incoming(
        name,
        team,
        person,
        channel,
        private,
        None if files and not words else words,
        _time(event.get("event_ts") or event.get("ts")),
        _text(message.get("thread_ts")),
        _text(message.get("ts")),
        more=files,
    )


def read_interaction(payload: Any) -> Incoming | None:
    """What a pressed button brings; `None` for any other interaction."""
    given = _object(payload)
    if given.get("type") != "block_actions":
        return None
    actions = given.get("actions")
    action = _object(actions[0]) if isinstance(actions, list) and actions else {}
    user, shown = _object(given.get("user")), _object(given.get("message"))
    team = _id(_object(given.get("team")).get("id")) or _id(user.get("team_id"))
    person, channel = _id(user.get("id")), _id(_object(given.get("channel")).get("id"))
    at = _text(action.get("action_ts"))
    if action.get("type") != "button" or not team or not person or not at:
        return None
    return Incoming(
        f"{person}-{at}-{action.get('block_id')}-{action.get('action_id')}",
        team,
        person,
        channel,
        channel is None or channel.startswith("D"),
        _text(action.get("value")) or "",
        _time(at),
        _text(shown.get("thread_ts")) or _text(_object(given.get("container")).get("thread_ts")),
        _text(shown.get("ts")),
        pressed=True,
        shown=shown,
    )


def read_command(form: Any, at: float) -> Incoming | None:
    """What a slash command brings.

    Args:
        at: when it came; Slack does not say when it was typed.
    """
    given = _object(form)
    team, person, trigger = _id(given.get("team_id")), _id(given.get("user_id")), _text(given.get("trigger_id"))
    if not team or not person or not trigger:
        return None
    return Incoming(trigger, team, person, None, False, plain(_text(given.get("text")) or ""), at)


def plain(text: str) -> str:
    """A text as it was typed: names of people are left out, links and the rest of Slack's markup become words."""

    def words(found: re.Match[str]) -> str:
        kind, target, label = found.groups()
        if kind == "@":
            return ""
        return label or ("" if kind else target.removeprefix("mailto:"))

    return html.unescape(MARKUP.sub(words, text)).strip()


def _is_direct(event: Json) -> bool:
    """Whether an event is of a conversation that somebody has with the bot alone."""
    kind = event.get("channel_type")
    return kind == "im" if kind else str(event.get("channel")).startswith("D")


def _object(value: Any) -> Json:
    return value if isinstance(value, Mapping) else {}


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) and ID.fullmatch(value) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _time(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0
