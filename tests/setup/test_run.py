"""`python -m bot run`, and what it says when it cannot start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_says_that_the_port_is_in_use_and_how_to_take_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(sys.executable, "-m", "bot", "run", PORT=str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert f"PORT={port + 1} make run" in done.stderr
    assert "Traceback" not in done.stderr


def test_says_that_the_port_is_not_a_number() -> None:
    done = run(sys.executable, "-m", "bot", "run", PORT="eighty")
    assert done.returncode == 1
    assert "PORT is 'eighty'" in done.stderr
    assert "Traceback" not in done.stderr


def test_make_takes_the_port_before_and_after_the_command() -> None:
    assert "PORT is 'eighty'" in run("make", "run", PORT="eighty").stderr
    assert "PORT is 'ninety'" in run("make", "run", "PORT=ninety").stderr
