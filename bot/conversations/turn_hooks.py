"""What we add to Rasa's own way of handling a message: reading it beside others, answering repeats, taking names out,
giving history.

The functions that change an object of a loaded agent are called once, when the server starts.
"""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from bot.conversations.redaction import redact
from bot.conversations.store import ConversationStore
from bot.language.encoder import SentenceEncoder

EXPORT = "export_my_data"


def answer_repeats(processor: MessageProcessor, store: ConversationStore) -> None:
    """Answer a message that was taken already with the stored reply, and do not take it again.

    Rasa holds the conversation meanwhile, so that a repeat waits for the message itself. Only messages are looked up
    whose sender gave them an id (`Collector.may_repeat`).
    """
    handle = processor.handle_message

    async def handle_once(message: UserMessage) -> Any:
        if getattr(message.output_channel, "may_repeat", False):
            replies = await store.reply_to(message.sender_id, str(message.message_id))
            if replies is not None:
                message.output_channel.is_repeat = True  # type: ignore[attr-defined]
                for reply in replies:
                    await message.output_channel.send_response(message.sender_id, reply)
                return None
        return await handle(message)

    processor.handle_message = handle_once  # type: ignore[method-assign]


def read_beside_others(processor: MessageProcessor, encoder: SentenceEncoder) -> None:
    """While other turns are under way, embed a message beside the event loop, so that they go on meanwhile.

    A turn alone is quicker without waking a thread.
    """
    handle, parse = processor.handle_message, processor.parse_message
    under_way = 0

    async def handle_counted(message: UserMessage) -> Any:
        nonlocal under_way
        under_way += 1
        try:
            return await handle(message)
        finally:
            under_way -= 1

    async def parse_beside(message: UserMessage, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if under_way < 2:
            return await parse(message, *args, **kwargs)
        async with encoder.beside((message.text or "").lower()):
            return await parse(message, *args, **kwargs)

    processor.handle_message = handle_counted  # type: ignore[method-assign]
    processor.parse_message = parse_beside  # type: ignore[method-assign]


def redact_after_reading(processor: MessageProcessor) -> None:
    """Take out what names a person once a message was read, before it becomes part of the conversation."""
    parse = processor.parse_message

    async def parse_and_redact(message: UserMessage, *args: Any, **kwargs: Any) -> dict[str, Any]:
        parsed = await parse(message, *args, **kwargs)
        redacted = redact(message.text or "")
        if redacted != message.text:  # these places were those of the message as it came
            for entity in parsed["entities"]:
                entity.pop("start", None)
                entity.pop("end", None)
        message.text = parsed["text"] = redacted
        return parsed

    processor.parse_message = parse_and_redact  # type: ignore[method-assign]


async def with_history(call: Any, store: ConversationStore) -> Any:
    """A call of an action; the one that shows a person everything that is kept gets the events of earlier sessions.

    Args:
        call: what Rasa sends to the action server.
    """
    tracker = call["tracker"]
    if ((tracker.get("latest_message") or {}).get("intent") or {}).get("name") != EXPORT:
        return call
    events = [*await store.earlier_events(tracker["sender_id"]), *tracker["events"]]
    return {**call, "tracker": {**tracker, "events": events}}
