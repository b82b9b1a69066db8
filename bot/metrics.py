"""What the server counts, for Prometheus. No texts, and nothing that names a person or a conversation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

REGISTRY = CollectorRegistry()
TURNS = Counter("lumbar_turns", "Turns taken", ["channel"], registry=REGISTRY)
ITEMS = Counter("lumbar_items", "Things shown, by kind of the reply contract", ["kind"], registry=REGISTRY)
CARDS = Counter("lumbar_care_cards", "Care cards shown", ["card", "level"], registry=REGISTRY)
ERRORS = Counter("lumbar_errors", "Turns that failed", ["channel"], registry=REGISTRY)
REFUSED = Counter("lumbar_refused", "Messages refused before they were read", ["channel", "reason"], registry=REGISTRY)
FEEDBACK = Counter("lumbar_feedback", "Answers marked by readers", ["answer", "helpful", "reason"], registry=REGISTRY)
SECONDS = Histogram(
    "lumbar_turn_seconds",
    "Time from a message to its reply",
    ["channel"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)


def turn(channel: str, says: Iterable[dict[str, Any]], seconds: float) -> None:
    """Count a turn by what it said."""
    TURNS.labels(channel).inc()
    SECONDS.labels(channel).observe(seconds)
    for item in says:
        ITEMS.labels(item["kind"]).inc()
        if item["kind"] == "error":
            ERRORS.labels(channel).inc()
        if item["kind"] == "care":
            for card in item["ids"]:
                CARDS.labels(card, item.get("level")).inc()


def refused(channel: str, reason: str) -> None:
    """Count a message that was not read."""
    REFUSED.labels(channel, reason).inc()


def feedback(answer: str, helpful: bool, reason: str | None) -> None:
    """Count a reader's mark on an answer."""
    FEEDBACK.labels(answer, "yes" if helpful else "no", reason or "none").inc()


def exposition() -> bytes:
    """All counts in Prometheus's text format."""
    return generate_latest(REGISTRY)
