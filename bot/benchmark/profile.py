"""Where the time of one turn goes, and the least that it could take."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import GraphNode
from rasa.shared.core.trackers import DialogueStateTracker
from sanic.response import json as json_response

from actions import wording
from bot.benchmark import load
from bot.benchmark.load import Client
from bot.benchmark.stopwatch import Name, Stopwatch
from bot.channels import turns
from bot.conversations.store import ConversationStore
from bot.dialogue.messages import Sign
from bot.evaluation import machine, servers
from bot.evaluation.servers import Server
from bot.language import care_screen, reading, segments
from bot.language.care_screen import CareScreen, Words
from bot.language.classifier import IntentClassifier, MessageReader
from bot.language.components import CareScreenReader, IntentReader
from bot.language.encoder import SentenceEncoder
from bot.language.labels import is_topic
from bot.language.lexical import Patterns
from bot.rasa_patches import PlainGraphRunner
from bot.server import InProcessActions, load_agent
from bot.settings import ROOT

TURNS = 300
WARM_UP = 30


def _node(node: Any) -> str:
    return f"graph: {node._component_class.__name__}"  # the class, not the place in the pipeline


PLACES: tuple[tuple[type, str, Name], ...] = (
    (SentenceEncoder, "embed_text", "language: sentence encoder"),
    (SentenceEncoder, "encode", "language: sentence encoder"),
    (IntentClassifier, "wordings", "language: intent classifier, words"),
    (IntentClassifier, "judge", "language: intent classifier, the rest"),
    (Patterns, "find", "language: care patterns"),
    (GraphNode, "__call__", _node),
    (PlainGraphRunner, "run", "graph: from node to node"),
    (MessageProcessor, "_run_action", "dialogue: around an action (copy of the tracker, events)"),
    (MessageProcessor, "handle_message", "dialogue: rest of Rasa's turn"),
    (RemoteAction, "run", "action: Rasa's request (tracker and domain as JSON)"),
    (InProcessActions, "request", "action: ours"),
    (ConversationStore, "retrieve", "store: read"),
    (ConversationStore, "save", "store: write"),
    (DialogueStateTracker, "copy", "dialogue: copies of the tracker"),
)


@dataclass(frozen=True)
class Profile:
    """Milliseconds.

    Attributes:
        parts: part of a turn → its mean, without the parts inside it.
        reading: median of reading a message, all of the language part, on one core.
        bare: median of a turn as bare calls of the plain modules.
        echo: median of a bare Sanic echo over HTTP.
        http: median of a whole turn over HTTP.
    """

    parts: dict[str, float]
    reading: float
    bare: float
    echo: float
    http: float

    @property
    def limit(self) -> float:
        """The least that a turn over HTTP could take with these modules."""
        return self.bare + self.echo


def report(texts: Sequence[str]) -> str:
    """Profile turns that ask `texts`, and describe it as Markdown."""
    logging.disable(logging.ERROR)
    with tempfile.TemporaryDirectory() as scratch:
        parts, reading_alone, bare = asyncio.run(_in_process(texts))
        echo_port = servers.free_port()
        echo = Server([sys.executable, "-m", "bot.benchmark.echo", str(echo_port)], echo_port)
        found = Profile(
            parts, reading_alone, bare, _over_http(echo, texts), _over_http(servers.lumbar(Path(scratch)), texts)
        )
    return _text(found)


async def _in_process(texts: Sequence[str]) -> tuple[dict[str, float], float, float]:
    """The mean milliseconds of each part, the median of reading a message, and that of the bare turn."""
    agent = await load_agent()
    watch = Stopwatch()
    await _take(agent, Stopwatch(), texts, WARM_UP)
    with watch.watching(*PLACES):
        await _take(agent, watch, texts, TURNS)
    parts = {name: 1000 * seconds / TURNS for name, seconds in watch.seconds.items()}
    return parts, _on_one_core(agent, texts), _median(bare_turn(agent), texts)


def _on_one_core(agent: Agent, texts: Sequence[str]) -> float:
    """The median milliseconds of reading each of `texts`, all of the language part, as Rasa has it done."""
    processor: Any = agent.processor
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    if cores:
        os.sched_setaffinity(0, {min(cores)})
    times = []
    for text in [*texts[:WARM_UP], *texts]:
        start = time.perf_counter()
        processor._parse_message_with_graph(UserMessage(text), None)
        times.append((time.perf_counter() - start) * 1000)
    if cores:
        os.sched_setaffinity(0, cores)
    return statistics.median(times[WARM_UP:])


async def _take(agent: Agent, watch: Stopwatch, texts: Sequence[str], count: int) -> None:
    """Take messages in conversations of the benchmark's length."""
    run = str(time.monotonic_ns())
    for number in range(count):
        sender = f"{run}-{load.conversation(number)}"
        with watch.part("channel: checks and collecting"):
            replies = await turns.take(agent.handle_message, texts[number % len(texts)], sender, "rest")
        with watch.part("channel: rendering"):
            json_response(replies)


def bare_turn(agent: Agent) -> Callable[[str], bytes]:
    """A turn as bare calls: read, screen, word, render. No Rasa, no conversation, no store."""
    nlp, classifier, screen = _plain_modules(agent)
    patterns = Patterns.load()

    def turn(text: str) -> bytes:
        doc = nlp(text.lower())
        sentences = segments.sentences(doc)
        reader = MessageReader(classifier, text)
        words = Words.of(doc, patterns)
        read = reading.read(reader, text, reading.parts_to_read(sentences))
        signs = screen.read(words, care_screen.texts_to_screen(text, sentences), reader)
        items = [wording.card(Sign(seen.card, seen.sign, seen.informational, seen.someone_else)) for seen in signs]
        items += [wording.topic(question.intent) for question in read.questions if is_topic(question.intent)]
        items = items or [wording.not_in_document("general")]
        shown = [{"text": item.text, "buttons": item.buttons} for item in items]
        return json.dumps([*shown, wording.summary([item.says for item in items if item.says])]).encode()

    return turn


def _plain_modules(agent: Agent) -> tuple[Any, IntentClassifier, CareScreen]:
    """The spaCy pipeline, the classifier and the screen that a loaded model holds."""
    import spacy

    processor: Any = agent.processor
    components = [node._component for node in processor.graph_runner._instantiated_nodes.values()]
    reader = next(one for one in components if isinstance(one, IntentReader))
    screener: Any = next(one for one in components if isinstance(one, CareScreenReader))
    return spacy.load(ROOT / "var" / "pipeline"), reader._classifier, screener._screen


def _median(call: Callable[[str], Any], texts: Sequence[str]) -> float:
    times = []
    for number in range(WARM_UP + TURNS):
        start = time.perf_counter()
        call(texts[number % len(texts)])
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[WARM_UP:])


def _over_http(server: Server, texts: Sequence[str]) -> float:
    """The median milliseconds of a turn of one client."""

    async def ask(url: str) -> float:
        async with Client(url, texts) as client:
            await load.one_after_another(client, WARM_UP)
            return (await load.one_after_another(client, TURNS)).percentile(50)

    with server:
        return asyncio.run(ask(server.wait().url))


def _text(found: Profile) -> str:
    total = sum(found.parts.values())
    ordered = sorted(found.parts.items(), key=lambda pair: -pair[1])
    lines = [f"| {name} | {took:.2f} | {took / total:.0%} |" for name, took in ordered]
    described = machine.sentence(machine.describe("python -m bot benchmark --profile"))
    return "\n".join(
        [
            "# Where the time of a turn goes",
            "",
            f"{described} {TURNS} turns in conversations of {load.TURNS_IN_CONVERSATION}, in one process.",
            "",
            "| part (without the parts inside it) | mean ms | share |",
            "| --- | --- | --- |",
            *lines,
            f"| all | {total:.2f} | 100% |",
            "",
            f"- over HTTP, the whole turn: {found.http:.1f} ms (median)",
            f"- reading a message (all of the language part, on one core): {found.reading:.1f} ms (median)",
            f"- bare calls of the plain modules: {found.bare:.1f} ms (median)",
            f"- a bare Sanic echo: {found.echo:.1f} ms (median)",
            f"- both together, the limit: {found.limit:.1f} ms; a turn takes {found.http / found.limit:.1f} times that",
            "",
        ]
    )
