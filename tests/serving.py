"""The real server for the tests over HTTP: started once, on a free port, with a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.servers import free_port
from bot.settings import ROOT

START_WITHIN = 120  # seconds; a machine that also trains is slow


class NotStarted(Exception):
    """A server did not get ready. The message holds what it printed."""


def memory_mb(process: int) -> float:
    """The resident memory of a process, from Linux's /proc."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@dataclass(frozen=True)
class Response:
    """What came back over HTTP."""

    status: int
    body: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def texts(self) -> list[str]:
        """The texts shown, in order."""
        return [message["text"] for message in self.json if "text" in message]

    @property
    def text(self) -> str:
        """Everything shown."""
        return "\n".join(self.texts)

    @property
    def says(self) -> list[dict[str, Any]]:
        """The items of the reply contract."""
        says: list[dict[str, Any]] = self.json[-1]["custom"]["data"]["says"]
        return says

    @property
    def payloads(self) -> list[str]:
        """What the buttons send."""
        return [button["payload"] for message in self.json for button in message.get("buttons", [])]


class Process:
    """`python -m bot COMMAND` until it is stopped.

    Args:
        command: the command of `python -m bot`.
        port: where it will listen.
        ready: the path that answers when it is ready.
        settings: environment variables besides our own.

    Raises:
        NotStarted: it ended, or was not ready in time.
    """

    def __init__(self, command: str, port: int, ready: str, **settings: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 (closed in stop)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", command],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=self._printed,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + START_WITHIN
        while not self._answers(ready):
            if self._process.poll() is not None or time.monotonic() > deadline:
                printed = self.stop()
                raise NotStarted(f"python -m bot {command} is not ready. It printed:\n{printed}")
            time.sleep(0.1)

    def _answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.url + path, timeout=1):
                return True
        except OSError:
            return False

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def printed(self) -> str:
        """Everything that it printed and logged so far."""
        return os.pread(self._printed.fileno(), 10_000_000, 0).decode()

    def stop(self) -> str:
        """Stop it; a second time does nothing.

        Returns:
            What it had printed.
        """
        if self._printed.closed:
            return ""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        printed = self.printed()
        self._printed.close()
        return printed

    def wait(self) -> int:
        """Wait until it has ended by itself; gives its exit status."""
        return self._process.wait(30)

    def kill(self) -> None:
        """Kill it: no time to finish anything."""
        self._process.kill()
        self._process.wait()

    def send(self, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """Send a POST request; an error status is a response like any other."""
        request = urllib.request.Request(self.url + path, body, dict(headers))
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Response(response.status, response.read().decode())
        except urllib.error.HTTPError as error:
            return Response(error.code, error.read().decode())


class Server(Process):
    """The assistant, with a database of its own."""

    def __init__(self, database: Path, **settings: str) -> None:
        self.database = database
        port = free_port()
        super().__init__("run", port, "/ready", PORT=str(port), DATABASE_URL=f"sqlite:///{database}", **settings)

    def post(self, body: bytes, **headers: str) -> Response:
        """Send `body` to the REST channel; `content_type` becomes `Content-Type`, and so on."""
        named = {
            name.replace("_", "-"): value for name, value in {"content_type": "application/json", **headers}.items()
        }
        return self.send("/webhooks/rest/webhook", body, named)

    def say(self, message: object, sender: str | None = None) -> Response:
        """Say something, in a new conversation unless `sender` names one."""
        return self.post(json.dumps({"sender": sender or new_sender(), "message": message}).encode())


def new_sender() -> str:
    """The id of a conversation that does not exist yet."""
    return f"t-{uuid.uuid4().hex}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The assistant as people meet it, for all tests over HTTP."""
    started = Server(tmp_path_factory.mktemp("server") / "conversations.db")
    yield started
    started.stop()
