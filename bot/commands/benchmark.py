"""`python -m bot benchmark`: compare it with Rasa's default configuration."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot import reports
from bot.benchmark import contestants, measure, report, usage
from bot.benchmark.contestants import BenchmarkError, Contestant
from bot.benchmark.environment import SetupError
from bot.benchmark.load import Client
from bot.benchmark.measure import Figures, Plan, Side
from bot.benchmark.report import Result
from bot.benchmark.usage import UsageError
from bot.evaluation import machine, questions
from bot.evaluation.questions import EvaluationError, Paths
from bot.evaluation.servers import ServerError

QUICK_EXAMPLES = 1000


def main(arguments: list[str]) -> int:
    """Measure and write the reports; 1 when the two may not be compared, 2 when something is missing."""
    parser = argparse.ArgumentParser(prog="python -m bot benchmark")
    parser.add_argument("--quick", action="store_true", help=f"train both on {QUICK_EXAMPLES} of the examples")
    parser.add_argument("--profile", action="store_true", help="only show where the time of a turn goes")
    parser.add_argument("--questions", type=Path, default=Paths.questions)
    parser.add_argument("--scorer", type=Path, default=Paths.scorer, help="the script that asks and judges")
    parser.add_argument("--out", type=Path, default=reports.FOLDER, help="folder of the reports")
    options = parser.parse_args(arguments)
    paths = Paths(options.questions, options.questions, options.scorer)
    try:
        paths.check()
        if options.profile:
            from bot.benchmark import profile

            reports.write(options.out / "profile.md", profile.report(questions.texts(paths)))
            return 0
        usage.check()
        result = _compare(paths, options.quick, _command(options))
    except (BenchmarkError, EvaluationError, ServerError, SetupError, UsageError) as error:
        print(error, file=sys.stderr)
        return 2
    print("\n" + report.text(result))
    reports.write(options.out / "benchmark.md", report.text(result))
    reports.write(options.out / "benchmark.json", json.dumps(report.data(result), indent=1, ensure_ascii=False) + "\n")
    if result.refused:
        return 1
    reports.write(options.out / "benchmark.svg", report.chart(result))
    return 0


def _command(options: argparse.Namespace) -> str:
    return "python -m bot benchmark" + (" --quick" if options.quick else "")


def _compare(paths: Paths, quick: bool, command: str) -> Result:
    name, size, plan = ("quick", QUICK_EXAMPLES, measure.QUICK) if quick else ("full", None, Plan())
    both = [contestants.lumbar(name, size), contestants.default(name, size)]
    figures = _measure(both, plan, paths)
    return Result(
        described=machine.describe(command),
        examples=both[0].examples,
        contestants={one.name: one for one in both},
        figures=figures,
    )


def _measure(both: Sequence[Contestant], plan: Plan, paths: Paths) -> dict[str, Figures]:
    print("Starting each, one after the other …", flush=True)
    figures = measure.starts(both, plan)
    texts = questions.texts(paths)
    with contextlib.ExitStack() as stack:
        sides = []
        for contestant in both:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            server = stack.enter_context(contestant.server(scratch)).wait(measure.READY_SECONDS)
            sides.append(Side(contestant, server, Client(server.url, texts), figures[contestant.name]))
        asyncio.run(measure.measure(sides, plan))
        for side in sides:
            print(f"Accuracy of {side.contestant.name} …", flush=True)
            side.figures.scores = questions.ask(side.server.url, paths, with_dialogues=False)
            side.server.check()  # figures of a server that ended on the way would be wrong
    return figures
