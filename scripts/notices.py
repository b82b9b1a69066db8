"""Write THIRD_PARTY_NOTICES.md: what Lumbar ships or installs, and under which licences.

    .venv/bin/python scripts/notices.py > THIRD_PARTY_NOTICES.md

The packages are those of requirements/run.txt that this machine installs; each licence is what the package says of
itself.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "run.txt"

HEAD = """\
# Third-party notices

Lumbar itself is under the Apache License 2.0 (`LICENSE`). This page is made by `scripts/notices.py`.

## Shipped with the project

| what | where | licence |
|---|---|---|
| the sentence encoder all-MiniLM-L6-v2: weights and tokenizer | `bot/language/encoder/` | Apache-2.0 |
| socket.io-client and what it is made of: `bot/web/static/LICENCES.txt` | `bot/web/static/widget.js` | MIT |

The encoder is the work of the authors of sentence-transformers. Its weights were changed: fine-tuned on `data/nlu`
(`scripts/tune_encoder.py`), exported to ONNX with mean pooling, and quantised (`scripts/export_encoder.py`).

## Installed by `make run`

Each package carries its licence text in its own files below `.venv`.

| package | version | licence |
|---|---|---|
"""


def locked_names(lock: str) -> list[str]:
    """The names of the packages in a file of requirements, in its order."""
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock, re.MULTILINE)


def licence(package: Distribution) -> str:
    """The licence that a package states, as short as it states it.

    Newer packages give an expression; older ones a classifier, or a text of any length whose first line is the name.
    """
    metadata = package.metadata
    if metadata.get("License-Expression"):
        return metadata["License-Expression"]
    classifiers = metadata.get_all("Classifier") or []
    names = [line.rsplit(" :: ", 1)[1] for line in classifiers if re.match(r"License :: .+ :: ", line)]
    if names:
        return ", ".join(sorted(names))
    stated = (metadata.get("License") or "").strip().splitlines()
    return stated[0].strip() if stated and stated[0].upper() != "UNKNOWN" else "see its files"


def notices() -> str:
    """The whole page."""
    rows = []
    for name in dict.fromkeys(locked_names(LOCK.read_text(encoding="utf-8"))):
        try:
            package = distribution(name)
        except PackageNotFoundError:  # for another platform
            continue
        rows.append(f"| {name} | {package.version} | {licence(package)} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(notices())
