"""The locks agree with each other and with pyproject.toml, and name nobody's package index."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest
import tomli

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements"
# packages that are imported by another name
PROVIDERS = {
    "psycopg2": "psycopg2-binary",
    "ruamel": "ruamel.yaml",
    "sklearn": "scikit-learn",
    "socketio": "python-socketio",
    "stdnum": "python-stdnum",
}
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


def imported(path: Path) -> set[str]:
    """The top-level names that a module imports from elsewhere."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"actions", "bot"}


def test_what_the_code_imports_is_required_by_name() -> None:
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {re.split(r"[\[=<>~ ]", line)[0].lower() for line in project["dependencies"]}
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")]:
        for name in imported(path):
            assert PROVIDERS.get(name, name.replace("_", "-")) in required, f"{path} imports {name}"
