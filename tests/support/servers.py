"""Start and stop servers for tests."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from bot.evaluation.servers import free_port
from bot.settings import ROOT


class Server:
    """A server in a process of its own, on a port of its own; the same port after a restart.

    Args:
        module: what to run, as after `python -m`.
        folder: where its conversations and its log are kept.
        settings: its environment.
    """

    def __init__(self, module: list[str], folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"server-{self.port}.log"
        self._module = module
        self._environment = {
            **os.environ,
            "PORT": str(self.port),
            "DATABASE_URL": f"sqlite:///{folder / 'conversations.db'}",
            "WEB_SECRET": "a secret of the tests",
            "RASA_TELEMETRY_ENABLED": "false",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Server:
        """Start it, and wait until it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._module], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 180  # a busy machine takes long to import Rasa
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/ready", timeout=2) as answer:
                    if answer.status == 200:
                        return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            if self._process.poll() is not None:
                break
        self.kill()
        raise RuntimeError(f"The server did not start:\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
