"""Start a server in a process of its own, wait until it answers, and stop it whatever happens."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from bot.settings import ROOT

WEBHOOK = "/webhooks/rest/webhook"
POLL_SECONDS = 0.05
SERVER_PORTS = range(20000, 32768)
TRIES = 100
STOP_SECONDS = 15


class ServerError(Exception):
    """A server did not start. The message ends with the last lines that it printed."""


def free_port() -> int:
    """A port of this machine that nothing listens on, outside those that systems give to outgoing connections.

    Those begin at 32768 on Linux and later elsewhere. One of them could be taken by any connection before its server
    starts, even by a client's that looks for this very server: it would then be connected to itself.

    Raises:
        OSError: none of many tried is free.
    """
    for port in random.sample(SERVER_PORTS, TRIES):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError(f"no free port found between {SERVER_PORTS.start} and {SERVER_PORTS.stop - 1}")


def say(url: str, text: str, sender: str, timeout: float = 60) -> list[dict[str, Any]]:
    """Send one message over REST and return the reply's messages.

    Raises:
        OSError: nothing answers, or with another status than 200.
    """
    body = json.dumps({"sender": sender, "message": text}).encode()
    request = urllib.request.Request(url + WEBHOOK, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=timeout) as response:
        reply: list[dict[str, Any]] = json.load(response)
    return reply


class Server:
    """A server process, with all that it starts, as a context manager.

    Args:
        command: what to run.
        port: where it will listen, on loopback.
        folder: where to run it.
        environment: variables beside those of this process.

    Attributes:
        url: its address, without a slash at the end.
        ready_after: seconds from the start until it first answered a message.
    """

    def __init__(
        self, command: Sequence[str], port: int, folder: Path = ROOT, environment: Mapping[str, str] | None = None
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.ready_after = 0.0
        self._command = list(command)
        self._folder = folder
        self._environment = {**os.environ, **(environment or {})}
        self._stack = contextlib.ExitStack()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        """Start the process; `wait` says when it answers."""
        self._log = self._stack.enter_context(tempfile.NamedTemporaryFile(prefix="server-", suffix=".log"))
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the process and its children."""
        for stop in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):  # it ended by itself
                os.killpg(self.process.pid, stop)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
                break
        self._stack.close()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The running process.

        Raises:
            ServerError: it was never started.
        """
        if self._process is None:
            raise ServerError("the server was not started")
        return self._process

    def wait(self, seconds: float = 120) -> Server:
        """Wait until a message is answered.

        Raises:
            ServerError: the process ended, or does not answer in time.
        """
        while time.monotonic() - self._started < seconds:
            self.check()
            with contextlib.suppress(OSError):  # nothing listens yet
                if say(self.url, "hello", f"ready-{uuid.uuid4().hex}"):
                    self.ready_after = time.monotonic() - self._started
                    return self
            time.sleep(POLL_SECONDS)
        raise ServerError(f"{self._name} did not answer within {seconds:.0f} s.\n{self.last_lines()}")

    def check(self) -> None:
        """See that the process still runs.

        Raises:
            ServerError: it ended.
        """
        if self.process.poll() is not None:
            raise ServerError(f"{self._name} ended with status {self.process.returncode}.\n{self.last_lines()}")

    @property
    def _name(self) -> str:
        return " ".join(Path(part).name for part in self._command[:4])

    def last_lines(self, count: int = 20) -> str:
        """The end of what the server printed."""
        text = Path(self._log.name).read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-count:])


def lumbar(scratch: Path, folder: Path = ROOT) -> Server:
    """The assistant of the project in `folder`, on a free port, with a database of its own in `scratch`."""
    port = free_port()
    environment = {
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{scratch / 'conversations.db'}",
        "MODEL": str(folder / "models" / "lumbar.tar.gz"),
        "LOG_LEVEL": "WARNING",
    }
    return Server([sys.executable, "-m", "bot", "run"], port, folder, environment)
