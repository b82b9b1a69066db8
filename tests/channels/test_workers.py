"""Two workers that share Redis, behind nginx: fifty visitors by both transports, all answered."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from bot.evaluation.servers import free_port
from tests.channels.test_web import TRANSPORTS, browser, run, until
from tests.support.servers import Server
from tests.support.tools import lacking

CLIENTS = 50

# polling needs all requests of a visitor to reach one worker: by address
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  upstream workers {{ hash $remote_addr consistent; {workers} }}
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://workers; proxy_http_version 1.1; proxy_read_timeout 60s;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}
"""


@dataclass
class Site:
    """The address of the whole, and its parts."""

    url: str
    workers: list[Server]
    redis: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for program in ("redis-server", "nginx"):
        if not shutil.which(program):
            lacking(f"There is no {program}: install Debian's packages `redis-server` and `nginx`")
    folder = tmp_path_factory.mktemp("workers")
    redis_port, port = free_port(), free_port()
    redis = subprocess.Popen(
        ["redis-server", "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    shared = {"REDIS_URL": f"redis://127.0.0.1:{redis_port}/0", "TRUSTED_PROXIES": "127.0.0.1"}
    workers = [Server(["tests.support.scripted"], folder, **shared) for _ in range(2)]
    for worker in workers:
        worker.start()
    configuration = folder / "nginx.conf"
    listed = " ".join(f"server 127.0.0.1:{worker.port};" for worker in workers)
    configuration.write_text(NGINX.format(folder=folder, port=port, workers=listed))
    nginx = subprocess.Popen(["nginx", "-c", str(configuration), "-p", str(folder)], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    yield Site(f"http://127.0.0.1:{port}", workers, redis)
    for process in (nginx, redis):
        process.terminate()
        process.wait()
    for worker in workers:
        worker.kill()


def turns(worker: Server) -> float:
    """How many turns a worker has taken."""
    with urllib.request.urlopen(f"{worker.url}/metrics", timeout=10) as answer:
        counted = re.search(r'lumbar_turns_total{channel="web"} (\S+)', answer.read().decode())
    return float(counted[1]) if counted else 0


def test_fifty_visitors_are_all_answered(site: Site) -> None:
    async def visitor(number: int) -> list[str]:
        async with browser(site, TRANSPORTS[number % 2], f"127.0.1.{number + 1}") as client:
            await client.open()
            for message in ("one", "two", "three"):
                assert (await client.say(f"{message} of {number}"))["ok"]
            await until(lambda: len(client.texts()) == 3)
            return client.texts()

    async def test() -> None:
        heard = await asyncio.gather(*(visitor(number) for number in range(CLIENTS)))
        for number, texts in enumerate(heard):
            assert texts == [f"You said: {message} of {number}" for message in ("one", "two", "three")]

    run(test)
    assert sum(turns(worker) for worker in site.workers) == 3 * CLIENTS
    assert all(turns(worker) > 0 for worker in site.workers)


def test_tabs_on_different_workers_hear_the_same(site: Site) -> None:
    async def test() -> None:
        one, other = site.workers
        async with AsyncExitStack() as stack:
            here = await stack.enter_async_context(browser(one))
            there = await stack.enter_async_context(browser(other, "polling"))
            await here.open()
            await there.open(here.token, after=None)
            await here.say("hello", turn="t1")
            await until(lambda: ("turn_complete", {"turn": "t1"}) in there.heard)
            assert there.texts() == ["You said: hello"]
            await there.say("and here", turn="t2")
            await until(lambda: here.texts() == ["You said: hello", "You said: and here"])

    run(test)


def test_a_visitor_comes_back_to_another_worker(site: Site) -> None:
    async def test() -> None:
        one, other = site.workers
        async with browser(one) as client:
            await client.open()
            await client.say("hello", turn="t1")
        async with browser(other) as again:
            missed = (await again.open(client.token, after=None))["turns"]
            assert [turn["turn"] for turn in missed] == ["t1"]

    run(test)


def test_without_redis_each_worker_still_answers(site: Site) -> None:
    site.redis.terminate()
    site.redis.wait()

    async def test() -> None:
        for worker in site.workers:
            async with browser(worker) as client:
                await client.open()
                assert (await client.say("hello"))["ok"]
                await until(lambda: client.texts() == ["You said: hello"])

    run(test)
