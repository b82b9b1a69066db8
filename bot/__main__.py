"""One command line for everything: `python -m bot COMMAND`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import warnings

from bot import import_stubs
from bot.settings import SettingsError, settings

# command → (module of bot.commands, what it does)
COMMANDS = {
    "run": ("run", "start the assistant"),
    "chat": ("chat", "talk to it in this terminal"),
    "connect": ("connect", "connect it with Telegram or Slack, and say what is missing"),
    "actions": ("actions", "start an action server of its own"),
    "train": ("train", "train the model if its sources changed"),
    "check": ("check", "check content, examples and rules"),
    "evaluate": ("evaluate", "score it on the held-out questions and dialogues"),
    "evaluate-intents": ("evaluate_intents", "train and test the intent classifier on two CSV files"),
    "cross-validate": ("cross_validate", "train without one writer's examples, and test on them"),
    "diversity": ("diversity", "report how different the training examples are"),
    "benchmark": ("benchmark", "compare it with Rasa's default configuration"),
    "insights": ("insights", "write what people asked, day by day, on one page for the owner"),
    "care": ("care", "explain what the care screen sees in a message"),
    "content": ("content_report", "write all that it can say on one page, for reviewers"),
    "settings": ("show_settings", "list every setting"),
}
# they answer messages, and train in a process of their own
SERVERS = frozenset({"run", "chat"})


def ignore_warnings() -> None:
    """Rasa's pinned libraries warn about each other at import; none of it is for whoever runs this."""
    import sanic.app  # noqa: F401 (turns deprecation warnings on when it is imported, so it must come first)

    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", category=UserWarning, module="(apscheduler|rasa|spacy|sanic).*")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    overview = "\n".join(f"  {name:18}{meaning}" for name, (_, meaning) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description=f"Lumbar, a back-care assistant.\n\ncommands:\n{overview}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="command")
    command = parser.parse_args(given[:1]).command
    if command not in ("train", "cross-validate", "diversity"):
        # a message's matrices are small: a second thread of the mathematics library only spins beside the first
        for library in ("OPENBLAS", "OMP", "MKL"):
            os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    try:
        settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    ignore_warnings()
    from bot import logs

    logs.configure()
    if command != "actions":
        import_stubs.install(import_stubs.NOT_IN_A_SERVER if command in SERVERS else import_stubs.NEVER)
    module = importlib.import_module(f"bot.commands.{COMMANDS[command][0]}")
    status: int = module.main(given[1:])
    return status


if __name__ == "__main__":
    sys.exit(main())
