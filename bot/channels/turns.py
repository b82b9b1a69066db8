"""One message in, one reply out: collecting what a turn says, merging its summary, and never staying silent."""

from __future__ import annotations

import asyncio
import logging
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot import logs, metrics
from bot.channels import payloads
from bot.content import cards, content
from bot.insights.tally import tally
from bot.language.standby import standby
from bot.settings import settings

logger = logging.getLogger(__name__)

Message = dict[str, Any]
Handler = Callable[[UserMessage], Awaitable[Any]]

MAX_CHARACTERS = 10_000
MAX_BODY = 64 * 1024  # bytes of a request or a packet


class Running:
    """The turns that this server is taking now, so that it can finish them before it stops."""

    def __init__(self) -> None:
        self.count = 0
        self.stopping = False

    def __enter__(self) -> None:
        """Begin a turn.

        Raises:
            BadMessage: 503, because the server is about to stop; another one takes the message.
        """
        if self.stopping:
            raise BadMessage(503, "error")
        self.count += 1

    def __exit__(self, *_: object) -> None:
        self.count -= 1

    async def finish(self, within: float) -> None:
        """Refuse new turns, and wait for those that run.

        Args:
            within: seconds after which to wait no longer.
        """
        self.stopping = True
        for _ in range(int(within / 0.05)):
            if not self.count:
                return
            await asyncio.sleep(0.05)
        logger.warning("Stopped while %s turns were running", self.count)


running = Running()


class Missed:
    """Messages with a warning sign whose turns failed: their cards were shown, but the conversation knows nothing.

    They are taken before the sender's next message, so that what a card holds back is held back then too. They live in
    memory only; the oldest senders are dropped first.
    """

    MAX_SENDERS = 1000

    def __init__(self) -> None:
        self._texts: OrderedDict[str, list[tuple[str, str | None]]] = OrderedDict()

    def add(self, sender: str, text: str, message_id: str | None) -> None:
        """Keep a message."""
        self._texts.setdefault(sender, []).append((text, message_id))
        self._texts.move_to_end(sender)
        if len(self._texts) > self.MAX_SENDERS:
            self._texts.popitem(last=False)

    async def take(self, handler: Handler, sender: str, channel: str) -> None:
        """Take what was missed of `sender`, in order; nobody is shown the cards again.

        Raises:
            Exception: whatever a turn raises; that message, and those after it, are kept.
        """
        while texts := self._texts.get(sender):
            text, message_id = texts[0]
            await handler(UserMessage(text, Collector(channel), sender, input_channel=channel, message_id=message_id))
            texts.pop(0)
        self._texts.pop(sender, None)

    def forget(self, sender: str) -> None:
        """Drop what was missed of `sender`, who deletes the conversation."""
        self._texts.pop(sender, None)


missed = Missed()


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

    def __init__(self, channel: str, may_repeat: bool = False) -> None:
        self._channel = channel
        self.may_repeat = may_repeat  # whether the sender gave the message an id, by which a repeat is known
        self.is_repeat = False  # whether the message was taken before, and is only answered again
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
    visible = (
        normal
        if normal.isprintable()
        else "".join(
            " " if character in "\n\r\t" else character
            for character in normal
            if character in "\n\r\t\u200d" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
        )
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
    """Take one message through the assistant; log it without its text, and count it.

    Raises:
        BadMessage: the message is refused before it reaches the assistant.
    """
    logs.channel_of_turn.set(channel)
    began = time.monotonic()
    collector = Collector(channel, may_repeat=message_id is not None)
    try:
        with running:
            reply = await _take(handler, text, sender, collector, metadata, message_id)
    except BadMessage as refused:
        metrics.refused(channel, refused.reason)
        logs.refused(channel, sender, refused.reason)
        raise
    says, seconds = reply[-1]["custom"]["data"]["says"], time.monotonic() - began
    metrics.turn(channel, says, seconds)
    logs.turn(channel, sender, says, seconds)
    if not collector.is_repeat:
        tally.turn(says, seconds)
    return reply


async def _take(
    handler: Handler,
    text: Any,
    sender: str,
    collector: Collector,
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
    channel = collector.name()
    message = UserMessage(
        words,
        collector,
        sender,
        input_channel=channel,
        parse_data=parse_data,
        metadata=metadata,
        message_id=message_id,
    )

    async def turn() -> None:
        await missed.take(handler, sender, channel)
        await handler(message)

    try:
        await asyncio.wait_for(turn(), settings().turn_timeout)
    except Exception:
        # the text stays out of the log: it may hold health words
        logger.exception("A turn failed on channel %s", channel)
    else:
        if collector.says:
            return [*collector.messages, summary(sender, collector.says)]
        logger.error("A turn on channel %s said nothing", channel)
    reply = failed_reply(sender, words)
    if reply[-1]["custom"]["data"]["says"][0]["kind"] == "care":
        missed.add(sender, words, message_id)
    return reply
