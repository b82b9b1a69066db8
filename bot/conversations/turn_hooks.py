"""What we change in Rasa's own way of handling a message: embedding it early, answering repeats, taking names out,
leaving slots to actions, giving history.

The functions that change an object of a loaded agent are called once, when the server starts.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.core.constants import DEFAULT_SLOT_NAMES
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations.redaction import redact
from bot.conversations.store import ConversationStore
from bot.language.encoder import EmbeddedText, SentenceEncoder

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


def embed_early(processor: MessageProcessor, encoder: SentenceEncoder) -> None:
    """Start to embed a message when it comes, so that its turn does meanwhile what it needs before.

    While other turns are under way, they go on until the message is embedded. A turn alone waits where it needs the
    embedding, and does until then what it can.
    """
    handle, parse = processor.handle_message, processor.parse_message
    running: dict[UserMessage, list[Future[EmbeddedText]]] = {}

    async def handle_embedding(message: UserMessage) -> Any:
        text = (message.text or "").lower()
        if text.startswith(INTENT_MESSAGE_PREFIX):  # a tap on a button names its intent
            return await handle(message)
        with encoder.started([text]) as running[message]:
            try:
                return await handle(message)
            finally:
                del running[message]

    async def parse_embedded(message: UserMessage, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if message in running and len(running) > 1:
            await asyncio.wait([asyncio.wrap_future(run) for run in running[message]])
        return await parse(message, *args, **kwargs)

    processor.handle_message = handle_embedding  # type: ignore[method-assign]
    processor.parse_message = parse_embedded  # type: ignore[method-assign]


def redact_after_reading(processor: MessageProcessor) -> None:
    """Take out what names a person once a message was read, before it becomes part of the conversation."""
    parse = processor.parse_message

    async def parse_and_redact(message: UserMessage, *args: Any, **kwargs: Any) -> dict[str, Any]:
        redacted = redact(message.text or "")  # now, while the encoder runs
        parsed = await parse(message, *args, **kwargs)
        if redacted != message.text:  # these places were those of the message as it came
            for entity in parsed["entities"]:
                entity.pop("start", None)
                entity.pop("end", None)
        message.text = parsed["text"] = redacted
        return parsed

    processor.parse_message = parse_and_redact  # type: ignore[method-assign]


def leave_slots_to_actions(processor: MessageProcessor) -> None:
    """Go past Rasa's extraction of slots, where none is extracted: it looks at each slot in every turn.

    Raises:
        ValueError: the domain has a slot that a message may fill.
    """
    for slot in processor.domain.slots:
        if slot.name not in DEFAULT_SLOT_NAMES and slot.mappings != [{"type": "custom"}]:
            raise ValueError(
                f"Slot {slot.name} of domain.yml must be set by actions alone: mappings: [{{type: custom}}]"
            )

    async def as_it_is(output_channel: Any, tracker: DialogueStateTracker) -> DialogueStateTracker:
        return tracker

    processor.run_action_extract_slots = as_it_is  # type: ignore[method-assign]


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
