"""The hazard log says what is true: each test that it names exists, and each care card has its place in it."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

from bot.content import content
from bot.settings import ROOT

FOLDER = ROOT / "docs" / "safety"
COLUMNS = ["id", "hazard", "cause", "harm", "mitigation", "held by", "residual risk"]
NO_TEST = "none"
NAMED_TEST = re.compile(r"`(tests/[\w/]+/test_\w+\.py)::(test_\w+)`")


def table(path: Path) -> list[dict[str, str]]:
    """The first table of a page, a mapping for each row."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    heads, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert heads == COLUMNS
    return [dict(zip(heads, row, strict=True)) for row in rows]


ROWS = table(FOLDER / "hazard-log.md")


@lru_cache
def functions_in(file: str) -> frozenset[str]:
    """The test functions of a file, read without running it."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def test_ids_are_counted_and_unique() -> None:
    assert [row["id"] for row in ROWS] == [f"H{number:02}" for number in range(1, len(ROWS) + 1)]


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_cell_is_filled(row: dict[str, str]) -> None:
    assert all(row.values())
    assert re.match(r"(?:High|Medium|Low)\b", row["residual risk"])


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_test_it_names_exists(row: dict[str, str]) -> None:
    held_by = row["held by"]
    if held_by == NO_TEST:
        # a hazard that nothing holds says so where the risk that is left is judged
        assert "No test" in row["residual risk"]
        return
    named = NAMED_TEST.findall(held_by)
    assert named
    assert NAMED_TEST.sub("", held_by).replace("<br>", "").strip() == "", "something here is not FILE::FUNCTION"
    missing = [
        f"{file}::{name}" for file, name in named if not (ROOT / file).exists() or name not in functions_in(file)
    ]
    assert not missing


def test_what_no_test_holds_is_listed_as_a_gap() -> None:
    without = {row["id"] for row in ROWS if row["held by"] == NO_TEST}
    page = (FOLDER / "hazard-log.md").read_text(encoding="utf-8")
    gap = next(line for line in page.splitlines() if re.match(r"\d+\. No test: ", line))
    assert set(re.findall(r"\bH\d\d\b", gap)) == without


def test_every_card_has_its_place() -> None:
    named = {name for row in ROWS for name in re.findall(r"`(\w+)`", f"{row['hazard']} {row['mitigation']}")}
    assert set(content().care) <= named


def test_every_name_in_it_is_a_card() -> None:
    named = {name for row in ROWS for cell in row.values() for name in re.findall(r"`(\w+)`", cell)}
    assert named <= set(content().care)


def test_what_was_read_second_hand_is_told() -> None:
    page = (FOLDER / "intended-purpose.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (\w+) \(`bot/content/[\w./]+`\) \| (.+) \|$", page, re.MULTILINE))
    told = {kind: set(re.findall(r"`(\w+)`", names)) for kind, names in listed.items()}
    known = content()
    sources = {
        "contacts": known.contacts.checked,
        "cards": {name: card.source for name, card in known.care.items()},
        "notes": {name: note.source for name, note in known.notes.items()},
    }
    assert told == {
        kind: {name for name, source in entries.items() if source.read == "second-hand"}
        for kind, entries in sources.items()
    }


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.name)
def test_no_phone_number_stands_in_it(path: Path) -> None:
    """Numbers stand in one place, and these pages would go stale."""
    page = path.read_text(encoding="utf-8")
    numbers = [word for word in content().contacts.words.values() if re.fullmatch(r"[\d ]+", word or "")]
    assert numbers
    assert not [number for number in numbers if re.search(rf"(?<!\w){number}(?!\w)", page)]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.name)
def test_paths_that_it_names_exist(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    linked = [path.parent / link for link in re.findall(r"\]\((?!http)([^)#]+)\)", page)]
    named = [ROOT / name for name in re.findall(r"`((?:bot|data|tests)/[\w./-]+)`", page)]
    assert not [str(there) for there in (*linked, *named) if not there.exists()]
