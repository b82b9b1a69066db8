"""The locks agree with each other and with pyproject.toml, and name nobody's package index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
LOCKS = sorted(path.name for path in REQUIREMENTS.glob("*.txt"))


def pins(name: str) -> set[str]:
    """`package==version` of each entry of a lock."""
    return set(re.findall(r"^[a-z0-9]\S+", (REQUIREMENTS / name).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_hashed(name: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", (REQUIREMENTS / name).read_text(encoding="utf-8"))[1:]
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_a_package_index(name: str) -> None:
    assert not re.search(r"https?://|file:|index-url|find-links", (REQUIREMENTS / name).read_text(encoding="utf-8"))


def test_tests_run_with_what_people_run() -> None:
    assert pins("run.txt") <= pins("test.txt")
