"""The environment of Rasa's default configuration, beside Lumbar's own."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.settings import ROOT

LOCK = ROOT / "requirements" / "benchmark.txt"
LUMBAR_LOCK = ROOT / "requirements" / "run.txt"
FOLDER = ROOT / ".venv-benchmark"
STAMP = FOLDER / "lock.txt"


class SetupError(Exception):
    """The environment could not be made. The message says what to do."""


def uv() -> list[str]:
    """How to run uv: the project's own, or the one on the path, or the module.

    Raises:
        SetupError: there is none.
    """
    own = ROOT / ".tools" / "bin" / "uv"
    if own.exists():
        return [str(own)]
    if found := shutil.which("uv"):
        return [found]
    if subprocess.run([sys.executable, "-m", "uv", "--version"], capture_output=True, check=False).returncode == 0:
        return [sys.executable, "-m", "uv"]
    raise SetupError("uv is needed to make the environment of the default configuration. Run: make run, once")


def make() -> Path:
    """Make the environment if it is not there, or not from the present lock.

    Returns:
        Its folder.

    Raises:
        SetupError: uv failed; its messages stand above.
    """
    lock = LOCK.read_text(encoding="utf-8")
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == lock:
        return FOLDER
    print(f"Making {FOLDER} with TensorFlow (2.5 GB, once) …", flush=True)
    python = FOLDER / "bin" / "python"
    commands = [
        [*uv(), "venv", "--clear", "--python", "3.10", str(FOLDER)],
        [*uv(), "pip", "sync", "--python", str(python), "--require-hashes", str(LOCK)],
    ]
    for command in commands:
        if subprocess.run(command, check=False).returncode:
            raise SetupError("uv failed; its messages stand above. It needs the network the first time.")
    STAMP.write_text(lock, encoding="utf-8")
    return FOLDER


def names(lock: Path) -> set[str]:
    """The packages that a lock names, in their normal form."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return {_normal(line.split("==", 1)[0]) for line in lines if re.match(r"[A-Za-z0-9]", line) and "==" in line}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.split("[", 1)[0].strip()).lower()


def installed_bytes(folder: Path, lock: Path) -> int:
    """The size on disk of the packages of `lock` that are installed in the environment `folder`.

    Packages beside those (test tools) do not count, nor does what Python compiled.
    """
    wanted = names(lock)
    total = 0
    for record in folder.glob("lib/python3*/site-packages/*.dist-info/RECORD"):
        if _normal(record.parent.name.split("-", 1)[0]) in wanted:
            total += _recorded_bytes(record)
    return total


def _recorded_bytes(record: Path) -> int:
    with record.open(encoding="utf-8", newline="") as file:
        return sum(int(row[2]) for row in csv.reader(file) if len(row) == 3 and row[2])


def file_bytes(paths: Iterable[Path]) -> int:
    """The size of files, and of all files below folders."""
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else [path])]
    return sum(file.stat().st_size for file in files if file.is_file())
