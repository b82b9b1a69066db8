"""`python -m bot train`: train the model if its sources changed."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from bot import training
from bot.settings import settings


def main(arguments: list[str]) -> int:
    """Train; 0 when a current model is there."""
    parser = argparse.ArgumentParser(prog="python -m bot train")
    parser.add_argument("--force", action="store_true", help="train even if nothing changed")
    options = parser.parse_args(arguments)
    model = Path(settings().model)
    if not options.force and training.is_current(model):
        print(f"{model} is up to date.")
        return 0
    print("Training the language model. This takes one to two minutes.", flush=True)
    start = time.monotonic()
    try:
        training.train(model)
    except training.TrainingError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Trained {model} in {time.monotonic() - start:.0f} s.")
    return 0
