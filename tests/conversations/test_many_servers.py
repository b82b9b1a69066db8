"""Two servers and two action servers behind nginx, on PostgreSQL and Redis: as one, whatever happens to them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.content import content
from tests.cluster import TOKEN, Cluster, Load, cluster  # noqa: F401 (a fixture)
from tests.dialogues.test_dialogues import DIALOGUES, faults, read
from tests.services import PostgreSQL, Redis
from tests.serving import new_sender

KILLS = int(os.environ.get("KILLS", "10"))  # `make soak` has more
SENDERS = int(os.environ.get("SENDERS", "50"))
OUTAGE = float(os.environ.get("OUTAGE", "6"))  # seconds


def under_load(cluster: Cluster, happen: Callable[[], None]) -> Load:  # noqa: F811
    """Let `happen` happen while many senders ask; gives back what they saw when all have got their answers."""
    load = Load(cluster.url, SENDERS)

    async def run() -> None:
        asking = asyncio.create_task(load.run())
        await asyncio.sleep(2)
        await asyncio.to_thread(happen)
        await asyncio.sleep(1)
        load.stop()
        await asking

    asyncio.run(run())
    return load


def check_nothing_lost(cluster: Cluster, load: Load) -> None:  # noqa: F811
    assert load.gave_up == []
    stored = cluster.stored()
    for sender, texts in load.acknowledged.items():
        assert [text for text in stored[sender] if sender in text] == texts  # each once, in order, and nobody else's
        assert len(stored[sender]) == len(texts)


@pytest.fixture
def fresh(cluster: Cluster) -> Cluster:  # noqa: F811
    """The cluster, with the conversations of load tests gone."""
    import sqlalchemy as sa

    with sa.create_engine(cluster.database_url).begin() as connection:
        connection.execute(sa.text("TRUNCATE events, conversations"))
    return cluster


@pytest.mark.parametrize("path", DIALOGUES, ids=lambda path: path.stem)
def test_dialogues_go_as_with_one_server_on_sqlite(cluster: Cluster, path: Path) -> None:  # noqa: F811
    sender = new_sender()
    for turn in read(path):
        assert faults(turn, cluster.say(turn["user"], sender)) == [], turn["user"]


def test_messages_of_one_sender_to_different_servers_are_all_taken(fresh: Cluster) -> None:
    senders = [new_sender() for _ in range(3)]
    texts = {sender: [f"does ice help {number}?" for number in range(6)] for sender in senders}

    def say(place: int, sender: str, text: str) -> None:
        body = json.dumps({"sender": sender, "message": text}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
        reply = fresh.servers[place].send("/webhooks/rest/webhook", body, headers)
        assert reply.says[0]["ids"] == ["ice_and_heat"]

    with ThreadPoolExecutor(32) as pool:
        sent = []
        for number in range(6):  # 20 ms apart, to one server and the other in turn
            sent += [pool.submit(say, number % 2, sender, texts[sender][number]) for sender in senders]
            time.sleep(0.02)
        for one in sent:
            one.result()
    stored = fresh.stored()
    for sender in senders:
        assert sorted(stored[sender]) == texts[sender]
        for place in (0, 1):  # which of two servers read its message first is theirs to say
            heard = [text for text in stored[sender] if text in texts[sender][place::2]]
            assert heard == texts[sender][place::2]


def test_a_repeated_message_is_answered_again_and_not_taken_again(fresh: Cluster) -> None:
    body = json.dumps({"sender": "someone", "message": "does ice help?", "message_id": "one"}).encode()
    first, second = (fresh.send("/webhooks/rest/webhook", body) for _ in range(2))
    assert first.texts == second.texts
    assert first.says == second.says
    assert fresh.stored()["someone"] == ["does ice help?"]


def test_nothing_is_left_in_redis_when_nobody_talks(fresh: Cluster) -> None:
    import redis

    fresh.say("does ice help?", "someone-known")
    keys = [key.decode() for key in redis.from_url(fresh.redis_url).keys("*")]
    assert not [key for key in keys if "someone" in key or ":queue:" in key or ":ticket:" in key], keys


def test_an_action_server_wants_the_secret(cluster: Cluster) -> None:  # noqa: F811
    answer = cluster.action_servers[0].send("/webhook", b"{}", {"Content-Type": "application/json"})
    assert answer.status == 401


def test_a_failing_action_tells_nothing(cluster: Cluster) -> None:  # noqa: F811
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    call = {"next_action": "action_answer", "sender_id": "x", "tracker": {"latest_message": {"text": "quokka"}}}
    answer = cluster.action_servers[0].send("/webhook", json.dumps(call).encode(), headers)
    assert answer.status == 500
    assert "quokka" not in answer.body
    assert "quokka" not in cluster.action_servers[0].printed()


def test_a_server_that_is_stopped_finishes_its_turns_and_ends_well(fresh: Cluster) -> None:
    with ThreadPoolExecutor(8) as pool:
        said = [pool.submit(fresh.say, f"does ice help {number}?", f"stop-{number}") for number in range(8)]
        time.sleep(0.05)
        os.kill(fresh.servers[0].pid, signal.SIGTERM)
        replies = [one.result() for one in said]
    assert fresh.servers[0].wait() == 0
    fresh.restart(0)
    # finished, or refused with the emergency line; what was answered is stored
    answered = [number for number, reply in enumerate(replies) if reply.status == 200]
    assert answered
    assert all(reply.status in (200, 502, 503) for reply in replies)
    stored = fresh.stored()
    assert all(stored[f"stop-{number}"] for number in answered)


def test_servers_killed_under_load_lose_nothing(fresh: Cluster) -> None:
    def kill() -> None:
        for number in range(KILLS):
            fresh.kill(number % 2)
            fresh.restart(number % 2)

    load = under_load(fresh, kill)
    check_nothing_lost(fresh, load)
    assert sum(len(texts) for texts in load.acknowledged.values()) > SENDERS


@pytest.mark.parametrize("service", ["redis", "postgresql"])
def test_without_redis_or_postgresql_for_a_while_replies_are_safe_and_nothing_is_lost(
    fresh: Cluster, redis: Redis, postgresql: PostgreSQL, service: str
) -> None:
    stopped = {"redis": redis, "postgresql": postgresql}[service]

    def outage() -> None:
        stopped.stop(signal.SIGINT)
        try:
            time.sleep(OUTAGE / 2)
            reply = fresh.say("my groin has gone numb", "in-need")
            assert (reply.says[0]["kind"], reply.says[0]["ids"]) == ("care", ["cauda_equina"])
            time.sleep(OUTAGE / 2)
        finally:  # the tests after this one need it too
            stopped.start()

    load = under_load(fresh, outage)
    check_nothing_lost(fresh, load)
    assert load.safe
    assert fresh.say("does ice help?", new_sender()).says[0]["ids"] == ["ice_and_heat"]


def test_without_action_servers_replies_are_safe_and_the_conversation_goes_on(fresh: Cluster) -> None:
    sender = new_sender()
    assert fresh.say("does ice help?", sender).says[0]["ids"] == ["ice_and_heat"]
    fresh.kill_action_servers()
    sign, other = fresh.say("my groin has gone numb", new_sender()), fresh.say("tell me more", sender)
    assert (sign.says[0]["kind"], sign.says[0]["ids"]) == ("care", ["cauda_equina"])
    assert other.says[0]["kind"] == "error"
    assert content().contacts.words["emergency_number"] in other.text
    fresh.start_action_servers()
    time.sleep(2.5)  # nginx asks a server again that failed after fail_timeout
    assert fresh.say("tell me more", sender).says[0]["ids"] == ["ice_and_heat"]


def test_without_any_server_the_emergency_line_is_shown(fresh: Cluster) -> None:
    for place in range(2):
        fresh.kill(place)
    reply = fresh.say("my groin has gone numb", new_sender())
    for place in range(2):
        fresh.restart(place)
    assert reply.status == 503
    assert content().contacts.words["emergency_number"] in reply.json["message"]
