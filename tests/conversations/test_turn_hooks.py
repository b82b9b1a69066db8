"""What we add to Rasa's handling of a message, where no other test has it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import TimeoutError
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain

from bot.conversations import turn_hooks
from bot.language.encoder import EncoderError, SentenceEncoder, shared_encoder


class Processor:
    """Reads a message as a model does, and takes its time before."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder

    async def handle_message(self, message: UserMessage) -> Any:
        await asyncio.sleep(0.05)
        return (await self.parse_message(message))["embedding"]

    async def parse_message(self, message: UserMessage) -> dict[str, Any]:
        return {"embedding": self._encoder.embed_text(message.text.lower()).embedding.tolist()}


class Session:
    """The encoder's session; notes what it is asked for, and may hold its runs back or have them fail."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.asked: list[str] = []
        self.held_back = threading.Event()
        self.held_back.set()
        self.error = ""

    def run(self, *given: Any) -> Any:
        self.asked.append("run")
        return self._session.run(*given)

    def run_async(self, outputs: Any, feed: Any, end: Any, _: Any) -> None:
        self.asked.append("run_async")

        def late(*found: Any) -> None:
            self.held_back.wait(10)
            end(found[0], None, self.error) if self.error else end(*found)

        self._session.run_async(outputs, feed, late, None)


@pytest.fixture
def encoder() -> SentenceEncoder:
    return shared_encoder()


@pytest.fixture
def session(encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch) -> Session:
    watched = Session(encoder._session)
    monkeypatch.setattr(encoder, "_session", watched)
    return watched


def say(encoder: SentenceEncoder, *texts: str, beside: Callable[[], None] = lambda: None) -> list[Any]:
    """Send `texts` at once; `beside` is called once their turns have come to reading them."""
    processor: Any = Processor(encoder)
    turn_hooks.embed_early(processor, encoder)

    async def later() -> None:
        await asyncio.sleep(0.2)
        beside()

    async def all_at_once() -> list[Any]:
        messages = [UserMessage(text, sender_id=str(at)) for at, text in enumerate(texts)]
        handled = map(processor.handle_message, messages)
        return (await asyncio.gather(*handled, later(), return_exceptions=True))[: len(texts)]

    return asyncio.run(all_at_once())


def test_a_message_is_embedded_from_when_it_comes(encoder: SentenceEncoder, session: Session) -> None:
    assert say(encoder, "Does ice help?") == [encoder.encode(["does ice help?"])[0].tolist()]
    assert session.asked == ["run_async", "run"]  # the second is this test's own
    assert not encoder._started


def test_other_turns_go_on_while_messages_are_embedded(encoder: SentenceEncoder, session: Session) -> None:
    texts = ["Does ice help?", "does ice help?", "and heat?"]
    session.held_back.clear()  # were the event loop to wait for the encoder, it could not do what releases it
    found = say(encoder, *texts, beside=session.held_back.set)
    assert found == [encoder.encode([text.lower()])[0].tolist() for text in texts]
    assert not encoder._started


def test_a_tap_on_a_button_is_not_embedded(encoder: SentenceEncoder, session: Session) -> None:
    say(encoder, "/cold_packs")
    assert "run_async" not in session.asked


def test_a_message_that_cannot_be_embedded_fails_its_turn(encoder: SentenceEncoder, session: Session) -> None:
    session.error = "a scripted failure"
    for texts in (["does ice help?"], ["does ice help?", "and heat?"]):
        failed = say(encoder, *texts)
        assert all(isinstance(error, EncoderError) and "a scripted failure" in str(error) for error in failed)
        assert not encoder._started


def test_an_encoder_that_never_ends_does_not_hold_the_server_for_ever(
    encoder: SentenceEncoder, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.language.encoder.RUN_SECONDS", 0.1)
    session.held_back.clear()
    (failed,) = say(encoder, "does ice help?")
    session.held_back.set()
    assert isinstance(failed, TimeoutError)


def test_slots_are_left_to_actions(agent: Any) -> None:
    tracker = object()
    assert asyncio.run(agent.processor.run_action_extract_slots(None, tracker)) is tracker


def test_a_slot_that_a_message_may_fill_is_refused() -> None:
    domain = Domain.from_yaml("slots: {side: {type: text, mappings: [{type: from_text}]}}")
    with pytest.raises(ValueError, match="Slot side of domain"):
        turn_hooks.leave_slots_to_actions(SimpleNamespace(domain=domain))  # type: ignore[arg-type]
