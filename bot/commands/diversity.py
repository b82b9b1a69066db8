"""`python -m bot diversity`: how different the training examples are, and which contradict each other."""

from __future__ import annotations

import argparse

from bot import reports
from bot.evaluation import diversity
from bot.evaluation.cross_validation import CACHE
from bot.language import examples
from bot.language.encoder import SentenceEncoder


def main(arguments: list[str]) -> int:
    """Write the report and print the least diverse labels."""
    argparse.ArgumentParser(prog="python -m bot diversity").parse_args(arguments)
    rows = [row for row in examples.read() if not row.only_when_asked]
    embeddings = SentenceEncoder(cache=CACHE).encode_many([row.text for row in rows])
    labels, found = diversity.by_label(rows, embeddings), diversity.conflicts(rows, embeddings)
    reports.write(reports.FOLDER / "diversity.md", diversity.report(labels, found))
    print(f"{len(rows)} examples, {len(found)} pairs alike with different labels. Least diverse:")
    for one in labels[:10]:
        print(f"  {one.label:32} {one.examples:4} examples, nearest {one.nearest:.2f}, alike {one.alike:.1%}")
    return 0
