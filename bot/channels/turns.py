"""One message in, one reply out: collecting what a turn says, merging its summary, and never staying silent."""

from __future__ import annotations

import asyncio
import logging
import time
import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot import metrics
from bot.channels import payloads
from bot.content import cards, content
from bot.language.standby import standby
from bot.settings import settings

logger = logging.getLogger(__name__)

Message = dict[str, Any]
Handler = Callable[[UserMessage], Awaitable[Any]]

MAX_CHARACTERS = 10_000
MAX_BODY = 64 * 1024  # bytes of a request or a packet


class BadMessage(Exception):
    """A message that is refused.

    Attributes:
        status: the HTTP status that fits.
        reason: the id of the text in `bot/content/talk.yml` that the sender sees.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason

    @property
    def text(self) -> str:
        """What the sender sees; it ends with the emergency line."""
        return content().talk[self.reason].text


class Collector(OutputChannel):
    """Keeps what a turn says until the turn is stored, and keeps texts whole: Rasa's own cuts them at blank lines."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.messages: list[Message] = []
        self.says: list[dict[str, Any]] = []

    def name(self) -> str:  # type: ignore[override]
        """The name of the channel that the message came through."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message of the turn; its part of the summary is merged into one at the end."""
        data = (message.get("custom") or {}).get("data") or {}
        self.says.extend(data.get("says") or [])
        if message.get("text"):
            kept: Message = {"recipient_id": recipient_id, "text": message["text"]}
            if message.get("buttons"):
                kept["buttons"] = message["buttons"]
            if data.get("says"):
                kept["says"] = data["says"][0]  # what this text is, for channels that show kinds differently
            self.messages.append(kept)

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Keep a text (used by Rasa's own default actions)."""
        await self.send_response(recipient_id, {"text": text})


def summary(recipient_id: str, says: list[dict[str, Any]]) -> Message:
    """The last message of every reply (reply contract)."""
    return {
        "recipient_id": recipient_id,
        "custom": {"data": {"says": says, "content_version": content().version}},
    }


def failed_reply(recipient_id: str, text: str) -> list[Message]:
    """What is said when a turn failed: the card of what was written, or else the emergency and crisis lines."""
    signs = standby.read(text)
    if not signs:
        failed: dict[str, Any] = {"kind": "error", "ids": [], "level": None, "asks": None}
        return [{"recipient_id": recipient_id, "text": content().talk["error"].text}, summary(recipient_id, [failed])]
    gravest = signs[0]
    shown = cards.show(gravest.card, gravest.sign, gravest.someone_else, gravest.informational)
    listed = {
        "kind": "care",
        "ids": [gravest.card],
        "level": shown.level,
        "informational": gravest.informational,
        "asks": "is_it_happening" if shown.asks else None,
    }
    words = "\n".join(line for line in (content().languages.get(gravest.language or ""), shown.text) if line)
    return [{"recipient_id": recipient_id, "text": words, "says": listed}, summary(recipient_id, [listed])]


def card_reply(recipient_id: str, text: Any) -> list[Message] | None:
    """The card of a message that is not to be taken (it is beyond a limit, say), or `None` if it holds no sign."""
    if not isinstance(text, str) or len(text) > MAX_CHARACTERS:
        return None
    reply = failed_reply(recipient_id, text)
    return reply if reply[-1]["custom"]["data"]["says"][0]["kind"] == "care" else None


def clean(text: str) -> str:
    """Normalise a message: NFC, no control, zero-width or bidirectional characters, no leading slash.

    A leading slash is taken away because Rasa would read the rest as an intent, whoever typed it.
    """
    normal = unicodedata.normalize("NFC", text)
    visible = "".join(
        " " if character in "\n\r\t" else character
        for character in normal
        if character in "\n\r\t\u200d" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    )
    return visible.strip().lstrip("/ ")


def check(text: Any) -> str:
    """The text of a message, cleaned.

    Raises:
        BadMessage: not a text (400), nothing in it (400), or longer than 10,000 characters (413).
    """
    if not isinstance(text, str):
        raise BadMessage(400, "not_text")
    if len(text) > MAX_CHARACTERS:
        raise BadMessage(413, "too_long")
    cleaned = clean(text)
    if not cleaned.strip("\u200d "):  # the joiner of emoji shows nothing by itself
        raise BadMessage(400, "no_text")
    return cleaned


async def take(
    handler: Handler,
    text: Any,
    sender: str,
    channel: str,
    metadata: dict[str, Any] | None = None,
    message_id: str | None = None,
) -> list[Message]:
    """Take one message through the assistant, and count it.

    Raises:
        BadMessage: the message is refused before it reaches the assistant.
    """
    began = time.monotonic()
    try:
        reply = await _take(handler, text, sender, channel, metadata, message_id)
    except BadMessage as refused:
        metrics.refused(channel, refused.reason)
        raise
    metrics.turn(channel, reply[-1]["custom"]["data"]["says"], time.monotonic() - began)
    return reply


async def _take(
    handler: Handler,
    text: Any,
    sender: str,
    channel: str,
    metadata: dict[str, Any] | None,
    message_id: str | None,
) -> list[Message]:
    """Take one message through the assistant.

    The reply is given back only when the turn has been stored; whatever fails, the sender gets the emergency lines.

    Raises:
        BadMessage: the message is refused before it reaches the assistant.
    """
    parse_data = payloads.resolve(text)
    words = parse_data["text"] if parse_data else check(text)
    collector = Collector(channel)
    message = UserMessage(
        words,
        collector,
        sender,
        input_channel=channel,
        parse_data=parse_data,
        metadata=metadata,
        message_id=message_id,
    )
    try:
        await asyncio.wait_for(handler(message), settings().turn_timeout)
    except Exception:
        # the text stays out of the log: it may hold health words
        logger.exception("A turn failed on channel %s", channel)
        return failed_reply(sender, words)
    if not collector.says:
        logger.error("A turn on channel %s said nothing", channel)
        return failed_reply(sender, words)
    return [*collector.messages, summary(sender, collector.says)]
