"""A smaller set of the training examples in which every label keeps its share."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

# (file, number of the block in it, number of the line in the block)
Place = tuple[Path, int, int]
Stratum = tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """One line of a training file, with what it counts as: its intent and, for warning signs, which sign."""

    place: Place
    stratum: Stratum
    text: str


def copy(source: Path, target: Path, size: int | None) -> int:
    """Copy the training files below `source` to `target`, whole or with `size` examples in all.

    Returns:
        How many examples were copied.
    """
    files = {path: _load(path) for path in sorted(source.rglob("*.yml"))}
    found = [example for path, loaded in files.items() for example in _examples(path, loaded)]
    kept = found if size is None else stratified(found, size)
    places = {example.place for example in kept}
    for path, loaded in files.items():
        _write(target / path.relative_to(source), _reduced(path, loaded, places))
    return len(kept)


def stratified(examples: Sequence[Example], size: int) -> list[Example]:
    """`size` of `examples`, each stratum in proportion (largest remainders) but with at least one.

    Which ones is decided by a hash of the text, so the same data always give the same choice.

    Raises:
        ValueError: there are more strata than `size`, or fewer examples.
    """
    strata: dict[Stratum, list[Example]] = defaultdict(list)
    for example in examples:
        strata[example.stratum].append(example)
    if not len(strata) <= size <= len(examples):
        raise ValueError(f"cannot choose {size} of {len(examples)} examples of {len(strata)} kinds")
    chosen: list[Example] = []
    for stratum, number in _shares({key: len(members) for key, members in strata.items()}, size).items():
        ordered = sorted(strata[stratum], key=lambda example: hashlib.sha256(example.text.encode()).digest())
        chosen += ordered[:number]
    return chosen


def _shares(counts: Mapping[Stratum, int], size: int) -> dict[Stratum, int]:
    """How many of each stratum: in proportion by largest remainders, at least one, at the cost of the largest."""
    total = sum(counts.values())
    wanted = {key: count * size / total for key, count in counts.items()}
    shares = {key: max(1, int(want)) for key, want in wanted.items()}
    while sum(shares.values()) < size:
        shares[max(shares, key=lambda key: wanted[key] - shares[key])] += 1
    while sum(shares.values()) > size:
        shares[max(shares, key=lambda key: shares[key] - wanted[key] if shares[key] > 1 else -1.0)] -= 1
    return shares


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return loaded


def _examples(path: Path, loaded: Mapping[str, Any]) -> list[Example]:
    found = []
    for number, block in enumerate(loaded["nlu"]):
        if "intent" in block:
            metadata = {key: value for key, value in block.get("metadata", {}).items() if key != "hand"}
            stratum = (block["intent"], *(f"{key}={metadata[key]}" for key in sorted(metadata)))
            lines = block["examples"].splitlines()
            found += [Example((path, number, at), stratum, line) for at, line in enumerate(lines)]
    return found


def _reduced(path: Path, loaded: Mapping[str, Any], places: set[Place]) -> dict[str, Any]:
    """The content of a file with only the examples at `places`; blocks that lose all of theirs are left out."""
    blocks = []
    for number, block in enumerate(loaded["nlu"]):
        if "intent" not in block:
            blocks.append(block)
            continue
        lines = [line for at, line in enumerate(block["examples"].splitlines()) if (path, number, at) in places]
        if lines:
            blocks.append({**block, "examples": LiteralScalarString("\n".join(lines) + "\n")})
    return {**loaded, "nlu": blocks}


def _write(path: Path, loaded: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    yaml: Any = YAML()
    yaml.width = 10_000  # a folded line would change an example
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(loaded, file)
