from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bot.benchmark import contestants
from bot.benchmark.contestants import BenchmarkError

COUNT = "import os; open('runs', 'a').write(os.environ['MARK'])"


def trained(folder: Path, sources: str, code: str = COUNT) -> contestants.Training:
    return contestants._trained(folder, sources, [sys.executable, "-c", code], {"MARK": "x"})


def test_a_training_is_done_once_for_the_same_sources(tmp_path: Path) -> None:
    first = trained(tmp_path, "a")
    assert trained(tmp_path, "a") == first
    assert (tmp_path / "runs").read_text(encoding="utf-8") == "x"
    assert trained(tmp_path, "b").sources == "b"
    assert (tmp_path / "runs").read_text(encoding="utf-8") == "xx"


def test_processor_time_of_a_training_is_counted(tmp_path: Path) -> None:
    code = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass"
    assert trained(tmp_path, "a", code).processor_seconds >= 0.5


def test_a_training_that_fails_is_not_used_again(tmp_path: Path) -> None:
    trained(tmp_path, "a")
    with pytest.raises(BenchmarkError, match=r"training\.log"):
        trained(tmp_path, "b", "print('no data'); raise SystemExit(1)")
    assert "no data" in (tmp_path / "training.log").read_text(encoding="utf-8")
    with pytest.raises(BenchmarkError):
        trained(tmp_path, "a", "raise SystemExit(1)")  # what "a" had trained may have been overwritten since


def test_a_long_training_shows_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(contestants, "PROGRESS_SECONDS", 0.05)
    bar = r"Epochs:  1%\rEpochs: 50%\r"
    code = f"import time\nprint('{bar}', end='', flush=True)\ntime.sleep(1)"
    trained(tmp_path, "a", code)
    assert "  Epochs: 50%\n" in capsys.readouterr().out


def test_a_training_ends_with_the_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contestants, "PROGRESS_SECONDS", 0.05)
    begun = tmp_path / "pid"

    def interrupt(_: Path) -> str:
        if begun.exists() and begun.read_text(encoding="utf-8"):
            raise KeyboardInterrupt
        return ""

    monkeypatch.setattr(contestants, "_last_line", interrupt)
    code = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path, "a", code)
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text(encoding="utf-8")), 0)
