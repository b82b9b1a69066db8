from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.content.loader import FOLDER, ContentError, load
from bot.settings import ROOT

Edit = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content that may be broken."""
    return Path(shutil.copytree(FOLDER, tmp_path / "content", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def change(path: Path, edit: Edit) -> None:
    before = path.read_text(encoding="utf-8")
    after = edit(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def fails_with(folder: Path, message: str) -> None:
    with pytest.raises(ContentError) as raised:
        load(folder)
    assert message in str(raised.value)


def test_the_version_follows_the_words(folder: Path) -> None:
    before = load(folder).version
    assert load(folder).version == before
    change(folder / "safety.yml", lambda text: text.replace("Numb", "Dead"))
    assert load(folder).version != before


def test_nothing_changes_after_loading(folder: Path) -> None:
    with pytest.raises(TypeError):
        load(folder).answers["ice_and_heat"].short = "Heat only."


def test_a_phone_number_stands_in_one_place(folder: Path) -> None:
    change(
        folder / "contacts" / "uk.yml", lambda text: text.replace('emergency_number: "999"', 'emergency_number: "112"')
    )
    content = load(folder)
    assert "112" in content.talk["error"].text
    assert "999" not in content.talk["error"].text
    assert "112" in content.care["cauda_equina"].heading


@pytest.mark.parametrize(
    ("file", "edit", "message"),
    [
        ("talk.yml", lambda text: text + "\nnew: {}\n", "talk.yml: new: text: field required"),
        ("talk.yml", lambda text: text + "\nnew: {text: ''}\n", "talk.yml: new: text: "),
        ("talk.yml", lambda text: text + "\nnew: {text: Hi, sound: loud}\n", "talk.yml: new: sound: extra fields"),
        ("talk.yml", lambda text: text + "\ngreet: {text: Hi}\n", "talk.yml: not readable as YAML"),
        (
            "talk.yml",
            lambda text: text + "\nnew: {text: 'Call {police}'}\n",
            "talk.yml: {police} is not among the words",
        ),
        (
            "answers/spasms.yml",
            lambda text: text.replace("title: Ice and heat", "title: Ice and heat for your lower back"),
            "spasms.yml: ice_and_heat: title: ",
        ),
        (
            "answers/spasms.yml",
            lambda text: text.replace("section: spasms", "section: cramps", 1),
            "spasms.yml: spasm_after_injury: section: ",
        ),
        (
            "care/child.yml",
            lambda text: text.replace("level: gp", "level: soon"),
            "child.yml: child: level: ",
        ),
        (
            "contacts/uk.yml",
            lambda text: text.replace("enabled: true", "enabled: false"),
            "uk.yml: its numbers have not",
        ),
    ],
)
def test_a_fault_is_named_by_file_entry_and_field(folder: Path, file: str, edit: Edit, message: str) -> None:
    change(folder / file, edit)
    fails_with(folder, message)


def test_an_id_in_two_files_is_a_fault(folder: Path) -> None:
    shutil.copy(folder / "answers" / "both.yml", folder / "answers" / "copy.yml")
    fails_with(folder, "copy.yml: when_to_see_doctor: the id stands in both.yml too")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "notes.yml").unlink()
    fails_with(folder, "notes.yml: the file is missing")


def test_all_faults_of_a_file_are_reported_at_once(folder: Path) -> None:
    change(folder / "talk.yml", lambda text: text + "\none: {}\ntwo: {}\n")
    with pytest.raises(ContentError) as raised:
        load(folder)
    assert [line.split(": ")[1] for line in str(raised.value).splitlines()] == ["one", "two"]


def test_a_region_that_is_not_checked_is_refused(folder: Path) -> None:
    with pytest.raises(ContentError, match=r"us\.yml: its numbers have not been read at the source"):
        load(folder, region="us")


def test_it_needs_nothing_but_the_content() -> None:
    """The action server stays small, and what can be said outlives Rasa."""
    listing = "import sys, bot.content; bot.content.content(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", listing], cwd=ROOT, check=True, capture_output=True, text=True)
    roots = {name.split(".")[0] for name in loaded.stdout.split()}
    assert not roots & {"rasa", "rasa_sdk", "tensorflow", "spacy", "sklearn", "numpy", "actions"}
    assert {name for name in loaded.stdout.split() if name.startswith("bot.")} <= {
        "bot.content",
        "bot.content.loader",
        "bot.content.model",
    }
