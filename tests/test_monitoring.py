"""What watches over the server is told the truth, and no texts."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import monitoring
from bot.content import content
from bot.evaluation.servers import free_port
from bot.settings import Settings
from tests.serving import Server


def get(server: Server, path: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(server.url + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_it_is_healthy_and_ready(server: Server) -> None:
    assert get(server, "/health") == (200, '{"status":"ok"}')
    status, body = get(server, "/ready")
    ready = {"ready": True, "model": True, "actions": True, "store": True, "content_version": content().version}
    assert (status, json.loads(body)) == (200, ready)


def test_turns_are_counted_by_what_they_said_and_without_their_texts(server: Server) -> None:
    server.say("a zebra kicked me and I can't feel my groin")
    status, counts = get(server, "/metrics")
    assert status == 200
    for line in (
        'lumbar_turns_total{channel="rest"}',
        'lumbar_items_total{kind="care"}',
        'lumbar_care_cards_total{card="cauda_equina",level="emergency"}',
        'lumbar_turn_seconds_bucket{channel="rest",le="1.0"}',
    ):
        assert line in counts
    assert "zebra" not in counts


def test_counts_are_for_this_machine_alone(server: Server) -> None:
    assert get(server, "/metrics", **{"X-Forwarded-For": "192.0.2.7"})[0] == 401


@pytest.mark.parametrize(("given", "allowed"), [("Bearer s3cret", True), ("Bearer s3cre", False), ("", False)])
def test_a_token_lets_others_read_the_counts(monkeypatch: pytest.MonkeyPatch, given: str, allowed: bool) -> None:
    monkeypatch.setattr(monitoring, "settings", lambda: Settings(metrics_token="s3cret"))
    asked: Any = SimpleNamespace(ip="192.0.2.7", headers={"authorization": given})
    assert monitoring.may_read_metrics(asked) is allowed


def test_actions_that_do_not_answer_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    away = Settings(actions_url=f"http://127.0.0.1:{free_port()}/webhook")
    monkeypatch.setattr(monitoring, "settings", lambda: away)
    assert asyncio.run(monitoring.actions_answer()) is False


def test_a_store_that_does_not_answer_is_noticed() -> None:
    def away() -> None:
        raise OperationalError("SELECT 1", {}, Exception("the database is away"))

    app: Any = SimpleNamespace(
        ctx=SimpleNamespace(agent=SimpleNamespace(tracker_store=SimpleNamespace(engine=SimpleNamespace(connect=away))))
    )
    assert monitoring.store_answers(app) is False
