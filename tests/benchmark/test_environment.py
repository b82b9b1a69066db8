from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.benchmark import environment
from bot.benchmark.environment import SetupError


def install(folder: Path, name: str, sizes: list[int]) -> None:
    """Put down a package's record, as installers do."""
    info = folder / "lib" / "python3.10" / "site-packages" / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    lines = [f"{name}/{number}.py,sha256=abc,{size}" for number, size in enumerate(sizes)]
    (info / "RECORD").write_text("\n".join([*lines, f"{name}-1.0.dist-info/RECORD,,"]) + "\n", encoding="utf-8")


def test_only_packages_of_the_lock_are_counted(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(
        "# made by uv\nruamel-yaml==0.17.21 \\\n    --hash=sha256:abc\n    # via\n    #   rasa\nrasa[spacy]==3.6.21\n",
        encoding="utf-8",
    )
    install(tmp_path, "ruamel.yaml", [100, 20])
    install(tmp_path, "rasa", [7])
    install(tmp_path, "pytest", [5000])
    assert environment.names(lock) == {"ruamel-yaml", "rasa"}
    assert environment.installed_bytes(tmp_path, lock) == 127


def test_files_and_folders_add_up(tmp_path: Path) -> None:
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    (tmp_path / "folder" / "deep" / "a").write_bytes(b"x" * 10)
    (tmp_path / "b").write_bytes(b"x" * 5)
    assert environment.file_bytes([tmp_path / "folder", tmp_path / "b"]) == 15


def pins(lock: Path) -> dict[str, str]:
    """Package → version, of the lines that hold for every platform."""
    found = re.findall(r"^([a-z0-9-]+)==(\S+)( ;)?", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: version for name, version, condition in found if not condition}


def test_the_two_environments_differ_by_tensorflow_alone() -> None:
    ours, theirs = pins(environment.LUMBAR_LOCK), pins(environment.LOCK)
    shared = set(ours) & set(theirs)
    assert {"rasa", "numpy", "scikit-learn", "sanic"} <= shared
    assert {name: theirs[name] for name in shared} == {name: ours[name] for name in shared}
    assert "tensorflow" not in ours
    assert "tensorflow" in environment.names(environment.LOCK)


def test_an_environment_from_the_present_lock_is_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "FOLDER", tmp_path)
    monkeypatch.setattr(environment, "STAMP", tmp_path / "lock.txt")
    (tmp_path / "lock.txt").write_text(environment.LOCK.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(environment, "uv", lambda: ["false"])
    assert environment.make() == tmp_path


def test_an_environment_from_another_lock_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "FOLDER", tmp_path)
    monkeypatch.setattr(environment, "STAMP", tmp_path / "lock.txt")
    (tmp_path / "lock.txt").write_text("rasa==3.6.20", encoding="utf-8")
    monkeypatch.setattr(environment, "uv", lambda: ["false"])
    with pytest.raises(SetupError, match="uv failed"):
        environment.make()
    assert (tmp_path / "lock.txt").read_text(encoding="utf-8") == "rasa==3.6.20"
