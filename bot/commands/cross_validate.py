"""`python -m bot cross-validate`: train without one writer's examples, and test on them."""

from __future__ import annotations

import argparse

from bot.evaluation import cross_validation
from bot.evaluation.shares import Share


def main(arguments: list[str]) -> int:
    """Print what share of each hand's examples is read right, by kind, with 95 % Wilson intervals."""
    argparse.ArgumentParser(prog="python -m bot cross-validate").parse_args(arguments)
    found = []
    for fold in cross_validation.folds():
        found.append(fold)
        print(f"without hand {fold.hand}", *_lines(fold.shares), sep="\n", flush=True)
    print("all together", *_lines(cross_validation.together(found)), sep="\n")
    return 0


def _lines(shares: dict[str, Share]) -> list[str]:
    return [f"  {kind:20} {share}" for kind, share in shares.items()]
