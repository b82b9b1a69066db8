"""What Telegram's updates say: plain reading of their JSON, which may hold anything.

https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?:\s|$)")
# commands of the menu, with what they send
COMMANDS = {"start": "/greet", "help": "/capabilities", "export": "/export_my_data", "delete": "/delete_my_data"}
# what an update is asked for, and no more
KINDS = ("message", "edited_message", "callback_query")
# parts of a message that are neither words nor something that a person sent to be read
SERVICE = (
    "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
    "group_chat_created", "supergroup_chat_created", "channel_chat_created", "migrate_to_chat_id",
    "migrate_from_chat_id", "pinned_message", "message_auto_delete_timer_changed", "successful_payment",
    "connected_website", "write_access_allowed", "proximity_alert_triggered", "boost_added", "forum_topic_created",
    "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "video_chat_scheduled", "video_chat_started",
    "video_chat_ended", "video_chat_participants_invited", "giveaway_created", "giveaway_completed", "users_shared",
    "chat_shared", "web_app_data", "chat_background_set", "refunded_payment",
)  # fmt: skip


@dataclass(frozen=True)
class Incoming:
    """What somebody wrote, sent or tapped.

    Attributes:
        update: the update's number.
        person: who it was; also the chat in which they are alone with the bot.
        chat: where it was.
        private: whether nobody else reads that chat.
        text: what was typed, or the payload of a command or a button; `None` for what holds no words.
        message: the number of the message, or of the one that the button stands below.
        date: when it was written, in seconds since 1970; 0 where that is not known.
        more: it holds something besides words, which the bot cannot read.
        edited: it was written before, and has been changed.
        query: the id of the tap, which is to be acknowledged.
        keyboard: the rows of buttons that the tapped one stands in.
        thread: the topic of a group that it was written in.
    """

    update: int
    person: int
    chat: int
    private: bool
    text: str | None
    message: int | None
    date: int = 0
    more: bool = False
    edited: bool = False
    query: str | None = None
    keyboard: tuple[tuple[Json, ...], ...] = ()
    thread: int | None = None


@dataclass(frozen=True)
class Me:
    """The bot itself.

    Attributes:
        name: its user name, once Telegram has been reached.
    """

    id: int
    name: str | None = None


def number_of(update: Any) -> int | None:
    """The number of an update, or `None` for what is none."""
    return _number(_object(update), "update_id")


def read(update: Any, me: Me) -> Incoming | None:
    """What an update brings; `None` for what is not meant for the bot, or is nothing that it could answer."""
    given = _object(update)
    number = number_of(update)
    if number is None:
        return None
    if "callback_query" in given:
        return _read_tap(number, _object(given["callback_query"]))
    for kind in ("message", "edited_message"):
        if kind in given:
            return _read_message(number, _object(given[kind]), me, edited=kind == "edited_message")
    return None


def _read_message(update: int, message: Json, me: Me, edited: bool) -> Incoming | None:
    person, chat = _number(_object(message.get("from")), "id"), _object(message.get("chat"))
    where = _number(chat, "id")
    if person is None or where is None or person == me.id or any(part in message for part in SERVICE):
        return None
    # the documentation's oldest examples have chats without a type
    private = chat.get("type", "private") == "private" and where > 0
    if chat.get("type") == "channel" or (_object(message["from"]).get("is_bot") and private):
        return None
    words = _text(message, "text")
    words = _text(message, "caption") if words is None else words
    if not private and not is_addressed(message, words or "", me):
        return None
    return Incoming(
        update,
        person,
        where,
        private,
        command_or_words(without_mention(words, me)) if words is not None else None,
        _number(message, "message_id"),
        _number(message, "date") or 0,
        more="text" not in message,
        edited=edited,
        thread=_number(message, "message_thread_id") if message.get("is_topic_message") else None,
    )


def _read_tap(update: int, query: Json) -> Incoming | None:
    person, message = _number(_object(query.get("from")), "id"), _object(query.get("message"))
    chat = _object(message.get("chat"))
    where = _number(chat, "id")
    if person is None:
        return None
    return Incoming(
        update,
        person,
        person if where is None else where,
        where is None or where == person,
        _text(query, "data"),
        _number(message, "message_id"),
        query=_text(query, "id"),
        keyboard=_rows(_object(message.get("reply_markup")).get("inline_keyboard")),
    )


def is_addressed(message: Json, words: str, me: Me) -> bool:
    """Whether a message in a group is meant for the bot: it replies to it, names it, or is one of its commands."""
    replied = _object(_object(message.get("reply_to_message")).get("from"))
    if replied.get("id") == me.id:
        return True
    command = COMMAND.match(words)
    if command:
        # one without a name is everybody's: only ours are taken
        return command[2].lower() == (me.name or "").lower() if command[2] else command[1] in COMMANDS
    return bool(me.name) and re.search(rf"@{me.name}\b", words, re.IGNORECASE) is not None


def without_mention(words: str, me: Me) -> str:
    """Words without the bot's own name; a command's stays, since it is read with it."""
    if not me.name or COMMAND.match(words):
        return words
    return re.sub(rf"@{me.name}\b[,:]?", "", words, flags=re.IGNORECASE).strip()


def command_or_words(words: str) -> str:
    """The payload of a command of ours; anything else as it was typed."""
    command = COMMAND.match(words)
    return COMMANDS.get(command[1].lower(), words) if command else words


def _object(value: Any) -> Json:
    return value if isinstance(value, Mapping) else {}


def _number(value: Json, key: str) -> int | None:
    given = value.get(key)
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _text(value: Json, key: str) -> str | None:
    given = value.get(key)
    return given if isinstance(given, str) else None


def _rows(given: Any) -> tuple[tuple[Json, ...], ...]:
    rows = given if isinstance(given, list) else []
    return tuple(tuple(_object(button) for button in row) for row in rows if isinstance(row, list))
