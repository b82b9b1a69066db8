"""`python -m bot evaluate-intents`: train and test the intent classifier on two CSV files."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from bot.evaluation import intents
from bot.evaluation.intents import CsvError


def main(arguments: list[str]) -> int:
    """Print accuracy, AUROC and time; 2 when a file cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m bot evaluate-intents", description="Both files have the columns sentence,label."
    )
    parser.add_argument("train", type=Path, metavar="TRAIN.csv")
    parser.add_argument("test", type=Path, metavar="TEST.csv")
    parser.add_argument("--out-of-scope", metavar="LABEL", help="the label of sentences that belong to no intent")
    options = parser.parse_args(arguments)
    try:
        _evaluate(options.train, options.test, options.out_of_scope)
    except CsvError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _evaluate(train_path: Path, test_path: Path, out_of_scope: str | None) -> None:
    train_rows, test_rows = intents.read_csv(train_path), intents.read_csv(test_path)
    unknown = [label for label in intents.unknown_labels(train_rows, test_rows) if label != out_of_scope]
    if unknown:
        print(f"{test_path}: labels without a training row: {', '.join(unknown)}", file=sys.stderr)
    print(f"Training on {len(train_rows)} sentences, {len({row.label for row in train_rows})} labels …", flush=True)
    start = time.perf_counter()
    classifier = intents.train(train_rows)
    seconds = time.perf_counter() - start
    scores = intents.score(classifier, test_rows, out_of_scope)
    print(f"trained in         {seconds:.1f} s")
    print(f"accuracy           {scores.accuracy}")
    if scores.auroc is not None:
        print(f"AUROC              {scores.auroc:.3f} for {out_of_scope}")
    print(f"time per message   {scores.milliseconds:.1f} ms (median)")
