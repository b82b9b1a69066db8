"""`python -m bot evaluate`: score the assistant on the held-out questions and dialogues."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot import reports, training
from bot.evaluation import calibration, machine, questions, report, servers
from bot.evaluation.calibration import Read
from bot.evaluation.questions import EvaluationError, Figure, Paths
from bot.evaluation.servers import ServerError
from bot.settings import settings


def main(arguments: list[str]) -> int:
    """Print the main figures against their targets and write the reports; 2 when it cannot be scored."""
    parser = argparse.ArgumentParser(prog="python -m bot evaluate")
    parser.add_argument("--url", help="an assistant that runs already; otherwise one is started")
    parser.add_argument("--questions", type=Path, default=Paths.questions)
    parser.add_argument("--dialogues", type=Path, default=Paths.dialogues)
    parser.add_argument("--scorer", type=Path, default=Paths.scorer, help="the script that asks and judges")
    parser.add_argument("--out", type=Path, default=reports.FOLDER, help="folder of the reports")
    options = parser.parse_args(arguments)
    paths = Paths(options.questions, options.dialogues, options.scorer)
    try:
        paths.check()
        with _running(options.url) as url:
            print(f"Asking {url} …", flush=True)
            scores = questions.ask(url, paths)
        reads = asyncio.run(read_questions(paths.questions))
    except (EvaluationError, ServerError, training.TrainingError) as error:
        print(error, file=sys.stderr)
        return 2
    figures = questions.figures(scores)
    for figure in figures:
        print(f"{figure.target.name:52}{figure.share!s:38}{figure.goal:15}{figure.verdict}")
    _write(options.out, figures, scores, reads)
    return 0


@contextlib.contextmanager
def _running(url: str | None) -> Iterator[str]:
    """The address of the assistant: the one given, or one that is started for this and stopped after."""
    if url:
        yield url.rstrip("/")
        return
    train()
    print("Starting the assistant …", flush=True)
    with tempfile.TemporaryDirectory() as scratch, servers.lumbar(Path(scratch)) as server:
        yield server.wait().url
        server.check()  # figures of a server that ended on the way would be wrong


def train() -> None:
    """Train if needed, in a process of its own so that its memory is given back.

    Raises:
        EvaluationError: training failed.
    """
    if subprocess.run([sys.executable, "-m", "bot", "train"], check=False).returncode:
        raise EvaluationError("The assistant cannot be trained; the messages above say why.")


async def read_questions(path: Path) -> list[Read]:
    """How the model of this folder reads each question that is no warning sign, with its confidence.

    Raises:
        TrainingError: the model is missing or does not fit the sources.
    """
    from rasa.core.agent import Agent

    training.verify(Path(settings().model))
    agent = Agent.load(settings().model)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    reads = []
    for row in rows:
        if row["kind"] != "care":
            parsed = await agent.parse_message(row["text"])
            label = parsed["intent_ranking"][0]["name"]  # the intent itself may be an abstention
            reads.append(Read(label, parsed["intent"]["confidence"], questions.acceptable(label, row)))
    return reads


def _write(folder: Path, figures: Sequence[Figure], scores: dict[str, Any], reads: Sequence[Read]) -> None:
    described = machine.describe("python -m bot evaluate")
    bins = calibration.bins(reads)
    result = {
        "run": described,
        "figures": [
            {
                "what": figure.target.name,
                "right": figure.share.right,
                "of": figure.share.of,
                "interval": figure.share.interval,
                "goal": figure.goal,
                "met": figure.met,
            }
            for figure in figures
        ],
        "calibration": [{"mean": one.mean, "right": one.share.right, "of": one.share.of} for one in bins],
        "scores": scores,
    }
    reports.write(folder / "evaluation.json", json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    reports.write(folder / "evaluation.html", report.build(machine.sentence(described), figures, scores, reads))
