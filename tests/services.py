"""Real services for tests, from Debian's packages: started on free ports of this machine, in a folder of their own,
and stopped again. Where one is not installed, its tests are skipped with what to install; on a build machine they fail.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bot.evaluation.servers import free_port

START_WITHIN = 30  # seconds


def need(program: str, package: str) -> str:
    """The path of a program.

    Raises:
        pytest.skip.Exception: it is not installed here.
        pytest.fail.Exception: nor on a build machine, where it should be.
    """
    found = shutil.which(program) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)), None
    )
    if found:
        return found
    missing = f"{program} is missing: sudo apt-get install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


class Service:
    """A program that listens on a port of this machine."""

    def __init__(self, command: Sequence[str], port: int, user: str | None = None) -> None:
        self.port = port
        self._command = command
        self._user = user
        self.start()

    def start(self) -> None:
        """Start it, and wait until it listens. While it was stopped, its port may have gone to somebody for a moment.

        Raises:
            RuntimeError: it ends again and again, or does not listen.
        """
        deadline = time.monotonic() + START_WITHIN
        self._process = self._spawn()
        while not self._listens():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self._command[0]} did not start")
            time.sleep(0.05)
            if self._process.poll() is not None:
                self._process = self._spawn()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def _spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command, user=self._user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
        )

    def stop(self, by: signal.Signals = signal.SIGTERM) -> None:
        """Stop it, and wait until it has."""
        with suppress(ProcessLookupError):
            self._process.send_signal(by)
        self._process.wait(30)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class PostgreSQL(Service):
    """A cluster with one user, who may do everything, and no password: only this machine reaches it."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        postgres, initdb = need("postgres", "postgresql"), need("initdb", "postgresql")
        self.data = folder / "data"
        user = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            user = "postgres"
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        subprocess.run(
            [initdb, "-D", str(self.data), "-U", "lumbar", "-A", "trust", "--no-sync", "--encoding=UTF8", "--locale=C"],
            check=True, user=user, cwd="/", stdout=subprocess.DEVNULL,
        )  # fmt: skip
        options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        super().__init__([postgres, "-D", str(self.data), *settings], port, user)

    def database(self, name: str) -> str:
        """Make a new database.

        Returns:
            Its address.
        """
        import psycopg2

        connection = psycopg2.connect(f"postgresql://lumbar@127.0.0.1:{self.port}/postgres")
        connection.autocommit = True
        connection.cursor().execute(f'CREATE DATABASE "{name}"')
        connection.close()
        return f"postgresql://lumbar@127.0.0.1:{self.port}/{name}"


class Redis(Service):
    """A Redis that keeps nothing on disk."""

    def __init__(self) -> None:
        port = free_port()
        program = need("redis-server", "redis-server")
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.url = f"redis://127.0.0.1:{port}/0"
        super().__init__([program, *options], port)


class Nginx(Service):
    """nginx with the configuration of deploy/, before servers of this machine."""

    def __init__(self, folder: Path, configuration: str) -> None:
        port = int(configuration.split("listen 127.0.0.1:")[1].split(";")[0].split()[0])
        program = need("nginx", "nginx")
        path = folder / "nginx.conf"
        path.write_text(configuration, encoding="utf-8")
        super().__init__([program, "-c", str(path), "-p", str(folder), "-g", "daemon off;"], port)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter, as services run by others must; pytest keeps its own for one user alone."""
    with tempfile.TemporaryDirectory(prefix="lumbar-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """PostgreSQL for all tests that need one."""
    with open_folder() as folder:
        service = PostgreSQL(folder)
        yield service
        service.stop(signal.SIGINT)  # its fast shutdown


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """Redis for all tests that need one."""
    service = Redis()
    yield service
    service.stop()
