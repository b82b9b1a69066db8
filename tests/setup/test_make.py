"""`make` lists its commands, and says so where no Python can be found."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKING = ["run", "chat", "train", "check", "evaluate", "benchmark"]
DEVELOPING = ["test", "soak", "lint", "format", "lock", "audit"]
COMMANDS = [*WORKING, *DEVELOPING, "help"]


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("arguments", [(), ("help",)])
def test_lists_every_command_with_its_meaning(arguments: tuple[str, ...]) -> None:
    listed = dict(re.findall(r"^make (\S+) +(\S.*)$", make(*arguments).stdout, re.MULTILINE))
    assert set(listed) == set(COMMANDS)


def test_test_runs_every_check() -> None:
    steps = make("--dry-run", "test").stdout
    for step in ("ruff check", "ruff format --check", "mypy", "bot check", "bot train", "pytest"):
        assert f".venv/bin/python -m {step}" in steps


def test_says_what_to_do_without_python() -> None:
    done = make("run", "PYTHONS=no-such-python")
    assert done.returncode != 0
    assert "No Python 3.8 or later was found" in done.stderr
