"""Taking messages that a chat service brings: in order, within limits, and never the same one twice."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from bot import metrics
from bot.channels import turns
from bot.channels.limits import limit
from bot.channels.queues import InOrder
from bot.channels.turns import BadMessage, Collector, Handler, Message
from bot.settings import settings

logger = logging.getLogger(__name__)

# messages of one conversation that may wait for each other
MAX_WAITING = 20


class Conversations(Protocol):
    """What a channel needs of the tracker store."""

    async def reply_to(self, sender_id: str, message_id: str) -> list[dict[str, Any]] | None:
        """What was replied to a message, in the form that Rasa's channels take; `None` if it was not taken yet."""


class Locks(Protocol):
    """What a channel needs of the lock store, which servers may share."""

    def lock(self, conversation_id: str) -> AbstractAsyncContextManager[Any]:
        """Hold a conversation."""


class ChatChannel:
    """A channel of a chat service. Who opens it says where conversations are kept, before it asks for its routes."""

    conversations: Conversations
    locks: Locks


@dataclass(frozen=True)
class Asked:
    """A message as a service brings it.

    Attributes:
        id: the service's own id of it.
        conversation: the sender of our conversations.
        place: what grows from each message of the conversation to the next.
        text: what was typed, or the payload of a button of ours.
        sent: when, in seconds since 1970; `None` where the service does not say.
    """

    id: str
    conversation: str
    place: float
    text: Any
    sent: float | None = None


class Intake:
    """Takes messages through the assistant.

    Args:
        channel: the name of the channel that they come through.
        handler: the assistant.
        conversations: where their turns are stored.
        locks: the assistant's locks.
    """

    def __init__(self, channel: str, handler: Handler, conversations: Conversations, locks: Locks) -> None:
        self._channel = channel
        self._handler = handler
        self._conversations = conversations
        self._locks = locks
        self._order = InOrder()
        self._began = time.time()
        per_minute = settings().web_messages_per_minute
        self._messages = limit(channel, burst=max(5, per_minute / 3), per_minute=per_minute)
        # a flood is neither screened to its end nor answered each time
        self._screened = limit(f"{channel}-screened", burst=20, per_minute=60)
        self._told = limit(f"{channel}-told", burst=1, per_minute=1)

    @asynccontextmanager
    async def turn(self, asked: Asked) -> AsyncIterator[list[Message]]:
        """Take one message, and hold its conversation until what was said is put where it will be sent from.

        Yields:
            The messages of the reply; none where it is to be passed over in silence.

        Raises:
            BadMessage: 503, this server is about to stop.
        """
        waiting = self._order.waiting(asked.conversation)
        if waiting >= MAX_WAITING or not await self._messages.allowed(asked.conversation):
            yield await self._beyond_limit(asked)
            return
        async with self._order.turn(asked.conversation, asked.place), self._held(asked.conversation):
            yield await self._reply(asked)

    @asynccontextmanager
    async def _held(self, conversation: str) -> AsyncIterator[None]:
        """Hold a conversation against other servers, to which the service may bring the message again.

        If the lock store is away it goes on: the turn fails at its own lock, and says so.
        """
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._locks.lock(f"{conversation} {self._channel}"))
            except Exception:
                logger.exception("A conversation on channel %s could not be locked", self._channel)
            yield

    async def _reply(self, asked: Asked) -> list[Message]:
        """The reply to a message. One that another process took, or this one before it ended, is not taken again.

        Raises:
            BadMessage: 503, this server is about to stop.
        """
        if self._may_be_known(asked):
            stored = await self._reply_stored(asked)
            if stored is not None:
                # sent again if it is older than this process: the one that took it may have ended before it was sent
                return stored if asked.sent is None or asked.sent < self._began else []
        try:
            taken = await turns.take(self._handler, asked.text, asked.conversation, self._channel, message_id=asked.id)
        except BadMessage as refused:
            if refused.status == 503:  # this server is about to stop; the service brings the message again
                raise
            return [{"text": refused.text}]
        return taken[:-1]

    def _may_be_known(self, asked: Asked) -> bool:
        """Whether the message is older than this process, or than a service needs to bring one for the first time."""
        return asked.sent is None or asked.sent < max(self._began, time.time() - 5)

    async def _reply_stored(self, asked: Asked) -> list[Message] | None:
        """The reply to a message that was taken before; `None` if it was not, or if that cannot be looked up."""
        try:
            stored = await self._conversations.reply_to(asked.conversation, asked.id)
        except Exception:
            logger.exception("A conversation on channel %s could not be read", self._channel)
            return None
        if stored is None:
            return None
        collector = Collector(self._channel)
        for message in stored:
            await collector.send_response(asked.conversation, message)
        return collector.messages

    async def _beyond_limit(self, asked: Asked) -> list[Message]:
        """The card of a message beyond the limit; where it holds no warning sign, a word about it, once a minute."""
        metrics.refused(self._channel, "rate_limited")
        screened = await self._screened.allowed(asked.conversation)
        card = turns.card_reply(asked.conversation, asked.text) if screened else None
        if card:
            return card[:-1]
        return [{"text": BadMessage(429, "rate_limited").text}] if await self._told.allowed(asked.conversation) else []
