"""What we add to Rasa's handling of a message, where no other test has it."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.conversations import turn_hooks
from bot.language.encoder import SentenceEncoder, shared_encoder


class Processor:
    """Reads a message as a model does, and takes its time over the rest of the turn."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder

    async def handle_message(self, message: UserMessage) -> Any:
        await asyncio.sleep(0.05)
        return (await self.parse_message(message))["embedding"]

    async def parse_message(self, message: UserMessage) -> dict[str, Any]:
        return {"embedding": self._encoder.embed_text(message.text.lower()).embedding.tolist()}


@pytest.fixture
def encoder() -> SentenceEncoder:
    return shared_encoder()


@pytest.fixture
def threads(encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads in which the encoder ran."""
    ran: list[str] = []
    session = encoder._session

    class Session:
        def run(self, *args: Any) -> Any:
            ran.append(threading.current_thread().name)
            return session.run(*args)

    monkeypatch.setattr(encoder, "_session", Session())
    return ran


def say(encoder: SentenceEncoder, *texts: str) -> list[Any]:
    processor: Any = Processor(encoder)
    turn_hooks.read_beside_others(processor, encoder)

    async def all_at_once() -> list[Any]:
        messages = [UserMessage(text, sender_id=str(at)) for at, text in enumerate(texts)]
        return await asyncio.gather(*map(processor.handle_message, messages), return_exceptions=True)

    return asyncio.run(all_at_once())


def test_one_message_is_read_at_once(encoder: SentenceEncoder, threads: list[str]) -> None:
    assert say(encoder, "does ice help?") == [encoder.encode(["does ice help?"])[0].tolist()]
    assert threads == [threading.main_thread().name] * 2


def test_messages_at_once_are_read_beside_each_other(encoder: SentenceEncoder, threads: list[str]) -> None:
    texts = ["Does ice help?", "does ice help?", "and heat?"]
    found = say(encoder, *texts)
    assert threads[0].startswith("beside")
    assert found == [encoder.encode([text.lower()])[0].tolist() for text in texts]
    assert not encoder._at_hand


def test_a_message_that_cannot_be_embedded_fails_alone(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed_text = encoder.embed_text

    def failing(text: str) -> Any:
        if text == "fail":
            raise RuntimeError("a scripted failure")
        return embed_text(text)

    monkeypatch.setattr(encoder, "embed_text", failing)
    failed, read = say(encoder, "fail", "does ice help?")
    assert isinstance(failed, RuntimeError)
    assert read == encoder.encode(["does ice help?"])[0].tolist()
    assert not encoder._at_hand
