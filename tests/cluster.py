"""Many machines on one: servers and action servers behind nginx, on PostgreSQL and Redis; and a load on them."""

from __future__ import annotations

import asyncio
import json
import random
import re
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from bot.evaluation.servers import free_port
from bot.settings import ROOT
from tests.services import Nginx, PostgreSQL, Redis, open_folder
from tests.serving import NotStarted, Process, Response

TOKEN = "a-token-of-these-tests"


class Cluster:
    """`count` servers and action servers behind nginx."""

    def __init__(self, folder: Path, postgresql: PostgreSQL, redis: Redis, count: int = 2) -> None:
        self.database_url = postgresql.database(uuid.uuid4().hex)
        self.redis_url = redis.url
        front, actions_front = free_port(), free_port()
        self.ports = [free_port() for _ in range(count)]
        action_ports = [free_port() for _ in range(count)]
        self._environment = {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": redis.url,
            "ACTIONS_URL": f"http://127.0.0.1:{actions_front}/webhook",
            "ACTIONS_TOKEN": TOKEN,
            "REST_TOKEN": TOKEN,
            "WEB_SECRET": TOKEN,
            "WEB_MESSAGES_PER_MINUTE": "100000",
            "OMP_NUM_THREADS": "1",
        }
        self._action_ports = action_ports
        self.url = f"http://127.0.0.1:{front}"
        self._engine = sa.create_engine(self.database_url, pool_pre_ping=True)
        self.action_servers: list[Process] = []
        self.servers: list[Process] = []
        text = configuration([front, actions_front], self.ports, action_ports)
        # all senders of a test share one address, which nginx would hold back
        self.nginx = Nginx(folder, text.replace("rate=50r/s", "rate=10000r/s"))
        try:
            self.start_action_servers()
            for port in self.ports:
                self.servers.append(self.serve(port))
        except NotStarted:
            self.stop()
            raise

    def serve(self, port: int) -> Process:
        """Start a server."""
        return Process("run", port, "/ready", PORT=str(port), **self._environment)

    def kill(self, place: int) -> None:
        """Kill a server in the middle of whatever it does."""
        self.servers[place].kill()

    def restart(self, place: int) -> None:
        """Start a server again, and wait until it is ready."""
        self.servers[place] = self.serve(self.ports[place])

    def start_action_servers(self) -> None:
        """Start the action servers, and wait until they are ready."""
        self.action_servers = [
            Process("actions", port, "/health", ACTIONS_PORT=str(port), ACTIONS_TOKEN=TOKEN)
            for port in self._action_ports
        ]

    def kill_action_servers(self) -> None:
        """Kill the action servers in the middle of whatever they do."""
        for process in self.action_servers:
            process.kill()

    def stop(self) -> None:
        """Stop everything of this cluster."""
        for process in (*self.servers, *self.action_servers):
            process.stop()
        self.nginx.stop()
        self._engine.dispose()

    def send(self, path: str, body: bytes) -> Response:
        """Post through nginx."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
        front = object.__new__(Process)
        front.url = self.url
        return front.send(path, body, headers)

    def say(self, message: str, sender: str) -> Response:
        """Say something, through nginx."""
        return self.send("/webhooks/rest/webhook", json.dumps({"sender": sender, "message": message}).encode())

    def stored(self) -> dict[str, list[str]]:
        """What the database keeps of what each sender typed, in order."""
        heard: defaultdict[str, list[str]] = defaultdict(list)
        with self._engine.connect() as connection:
            rows = connection.execute(
                sa.text("SELECT sender_id, data FROM events WHERE type_name = 'user' ORDER BY id")
            ).all()
        for sender, data in rows:
            heard[sender].append(json.loads(data)["text"])
        return heard


def configuration(fronts: Sequence[int], servers: Sequence[int], action_servers: Sequence[int]) -> str:
    """The configuration of deploy/, with the ports of a test, and as many servers as it has."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for port, free in zip((8080, 8081), fronts):
        text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{free}")
    for first, ports in ((5005, servers), (5055, action_servers)):
        both = rf" *server 127\.0\.0\.1:{first}( .*\n) *server 127\.0\.0\.1:{first + 1} .*\n"
        lines = "".join(rf"        server 127.0.0.1:{port}\g<1>" for port in ports)
        text = re.sub(both, lines, text)
    return text


@dataclass
class Load:
    """Senders who each ask one question after the other, and ask again until they get an answer.

    Attributes:
        url: where they send to.
        senders: how many.
        acknowledged: sender → the messages that were answered, in order.
        failed: how many tries were answered with the error reply, or not at all.
        gave_up: messages that never got an answer.
    """

    url: str
    senders: int
    pause: float = 2.0
    give_up_after: float = 120.0
    acknowledged: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    failed: int = 0
    gave_up: list[str] = field(default_factory=list)
    safe: int = 0
    _stop: bool = False

    async def run(self) -> None:
        """Send until `stop` is called."""
        timeout = aiohttp.ClientTimeout(total=20)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
            await asyncio.gather(*(self._sender(session, f"load-{number}") for number in range(self.senders)))

    def stop(self) -> None:
        """Let each sender finish its message, and send no more."""
        self._stop = True

    async def _sender(self, session: aiohttp.ClientSession, sender: str) -> None:
        number = 0
        await asyncio.sleep(random.random() * self.pause)
        while not self._stop:
            number += 1
            text = f"does ice help {sender} for the {number}. time?"
            if not await self._ask(session, sender, text):
                self.gave_up.append(text)
                return
            self.acknowledged[sender].append(text)
            await asyncio.sleep(self.pause)

    async def _ask(self, session: aiohttp.ClientSession, sender: str, text: str) -> bool:
        body = {"sender": sender, "message": text, "message_id": uuid.uuid4().hex}
        deadline = asyncio.get_running_loop().time() + self.give_up_after
        while asyncio.get_running_loop().time() < deadline:
            try:
                async with session.post(f"{self.url}/webhooks/rest/webhook", json=body) as response:
                    if response.status == 200:
                        replies = await response.json()
                        if replies[-1]["custom"]["data"]["says"][0]["kind"] != "error":
                            return True
                        self.safe += 1
            except (aiohttp.ClientError, asyncio.TimeoutError):
                pass
            self.failed += 1
            await asyncio.sleep(0.3)
        return False


@pytest.fixture(scope="module")
def cluster(postgresql: PostgreSQL, redis: Redis) -> Iterator[Cluster]:
    """Two servers and two action servers behind nginx."""
    with open_folder() as folder:
        started = Cluster(folder, postgresql, redis)
        yield started
        for process in (*started.servers, *started.action_servers):  # shown when a test has failed
            print(process.url, *(line for line in process.printed().splitlines() if '"INFO"' not in line), sep="\n")
        started.stop()
