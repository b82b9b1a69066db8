from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.check import project, readability
from bot.commands import check
from bot.settings import ROOT
from tests.check.seeds import data


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of everything that the checks read."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copytree(ROOT / "bot" / "content", tmp_path / "bot" / "content")
    shutil.copy(ROOT / "domain.yml", tmp_path)
    return tmp_path


def test_it_says_that_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main([]) == 0
    assert capsys.readouterr().out.endswith(" checks, no faults.\n")


def test_it_names_each_fault_and_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    broken = data("data/rules/new.yml", "rule: []")(project.load())
    monkeypatch.setattr(project, "load", lambda: broken)
    assert check.main([]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "data/rules/new.yml: rule: Rasa passes over this key; it knows nlu, responses, rules, stories, version",
        "Faults: 1",
    ]


def test_it_says_what_it_could_not_check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(readability, "find_spec", lambda _: None)
    assert check.main([]) == 0
    assert "Not checked: how hard the texts are to read" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        ("data/nlu/care/child.yml", "nlu: [", "care/child.yml: not readable as YAML"),
        ("bot/content/talk.yml", "greet: {}\n", "talk.yml: greet: text: field required"),
        ("bot/content/notes.yml", "a: 1\na: 2\n", "notes.yml: not readable as YAML"),
        ("domain.yml", "- intents", "domain.yml: expected a mapping"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    copy: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    file: str,
    text: str,
    named: str,
) -> None:
    (copy / file).write_text(text, encoding="utf-8")
    load = project.load
    monkeypatch.setattr(project, "load", lambda: load(copy))
    assert check.main([]) == 1
    assert any(line.startswith(named) for line in capsys.readouterr().err.splitlines())
