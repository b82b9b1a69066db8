"""The two assistants: each a project of its own below `var/benchmark`, trained on the same examples."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from bot import training
from bot.benchmark import default_bot, environment, sample
from bot.evaluation import servers
from bot.evaluation.servers import Server
from bot.settings import ROOT

FOLDER = ROOT / "var" / "benchmark"
# what Lumbar needs to train and run
PROJECT = ("actions", "bot", "config.yml", "credentials.yml", "domain.yml", "endpoints.yml", "requirements")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "node_modules")


class BenchmarkError(Exception):
    """The benchmark cannot go on. The message says why."""


@dataclass(frozen=True)
class Training:
    """How long a training took, once.

    Attributes:
        sources: a hash of what the model was made from; the model is used again while it stays the same.
        seconds: by the clock.
        processor_seconds: over all cores.
        load: the machine's load average when it began.
    """

    sources: str
    seconds: float
    processor_seconds: float
    load: float


@dataclass(frozen=True)
class Contestant:
    """One assistant, trained on so many examples.

    Attributes:
        environment_bytes: of the packages that it runs on.
        model_bytes: of what was trained, and of the encoder that Lumbar brings.
    """

    name: str
    folder: Path
    training: Training
    examples: int
    environment_bytes: int
    model_bytes: int

    def server(self, scratch: Path) -> Server:
        """Its server, not yet started, with a database below `scratch`."""
        if self.name == LUMBAR:
            return servers.lumbar(scratch, self.folder)
        port = servers.free_port()
        command = [str(environment.FOLDER / "bin" / "rasa"), "run", "--port", str(port), "--interface", "127.0.0.1"]
        return Server([*command, "--model", "models/default.tar.gz"], port, self.folder, QUIET)


LUMBAR = "Lumbar"
DEFAULT = "Rasa's default configuration"
# how often a training shows how far it is: the default configuration's takes hours on all examples
PROGRESS_SECONDS = 60.0
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


def lumbar(name: str, size: int | None) -> Contestant:
    """Lumbar on `size` of its examples (all where `None`), in `var/benchmark/NAME/lumbar`.

    Raises:
        BenchmarkError: it could not be trained.
    """
    folder = FOLDER / name / "lumbar"
    for part in PROJECT:
        _replace(ROOT / part, folder / part)
    _replace(ROOT / "data", folder / "data")
    shutil.rmtree(folder / "data" / "nlu")
    examples = sample.copy(ROOT / "data" / "nlu", folder / "data" / "nlu", size)
    sources = training.fingerprint(folder)
    model = folder / "models" / "lumbar.tar.gz"
    record = _trained(folder, sources, [sys.executable, "-m", "bot", "train", "--force"], {"MODEL": str(model)})
    kept = [model, folder / "var" / "pipeline", folder / "bot" / "language" / "encoder"]
    packages = environment.installed_bytes(Path(sys.prefix), environment.LUMBAR_LOCK)
    return Contestant(LUMBAR, folder, record, examples, packages, environment.file_bytes(kept))


def default(name: str, size: int | None) -> Contestant:
    """Rasa's default configuration on the same examples, in `var/benchmark/NAME/default`.

    Raises:
        BenchmarkError: it could not be trained.
        SetupError: its environment could not be made.
    """
    python_home = environment.make()
    folder = FOLDER / name / "default"
    shutil.rmtree(folder / "data", ignore_errors=True)
    examples = sample.copy(ROOT / "data" / "nlu", folder / "data" / "nlu", size)
    default_bot.write(folder)
    sources = default_bot.fingerprint(folder, environment.LOCK)
    command = [str(python_home / "bin" / "rasa"), "train", "--fixed-model-name", "default"]
    record = _trained(folder, sources, command, QUIET)
    model = folder / "models" / "default.tar.gz"
    packages = environment.installed_bytes(python_home, environment.LOCK)
    return Contestant(DEFAULT, folder, record, examples, packages, environment.file_bytes([model]))


def _replace(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=NOT_COPIED)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def _trained(folder: Path, sources: str, command: Sequence[str], variables: Mapping[str, str]) -> Training:
    """The record of the training in `folder`; trains first unless that was done from the same sources."""
    path = folder / "training.json"
    if path.exists():
        known = Training(**json.loads(path.read_text(encoding="utf-8")))
        if known.sources == sources:
            return known
    path.unlink(missing_ok=True)
    log = folder / "training.log"
    print(f"Training in {folder} (log: {log}) …", flush=True)
    load = os.getloadavg()[0]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with log.open("wb") as output:
        code = _run(command, folder, {**os.environ, **variables}, output)
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - start
    if code:
        raise BenchmarkError(f"Training in {folder} failed; see {log}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    record = Training(sources, round(seconds, 1), round(used, 1), round(load, 2))
    path.write_text(json.dumps(asdict(record), indent=1) + "\n", encoding="utf-8")
    print(f"  {seconds:.0f} s", flush=True)
    return record


def _run(command: Sequence[str], folder: Path, variables: Mapping[str, str], log: BinaryIO) -> int:
    """Run `command`, with its output in `log`, whose last line is shown now and then; gives its exit status."""
    with subprocess.Popen(command, cwd=folder, env=variables, stdout=log, stderr=subprocess.STDOUT) as process:
        try:
            while True:
                try:
                    return process.wait(PROGRESS_SECONDS)
                except subprocess.TimeoutExpired:
                    if line := _last_line(Path(log.name)):
                        print(f"  {line}", flush=True)
        finally:
            process.kill()


def _last_line(log: Path) -> str:
    """The last line of a log in which progress bars end in carriage returns; empty where nothing stands in it."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
