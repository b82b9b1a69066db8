from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bot.commands import evaluate
from bot.evaluation.calibration import Read
from bot.evaluation.servers import Server
from tests.evaluation.scores import SCORES

# stands for the scorer: gives back what it was asked, and fixed scores
SCORER = """
import json, sys
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
scores = json.loads(open({scores!r}).read())
scores["turn_ms"]["url"] = given["--url"]
open(given["--out"], "w").write(json.dumps(scores))
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Arguments that name a scorer and (empty) held-out files; the model's own reading is left out."""
    scores, scorer = tmp_path / "scores.json", tmp_path / "scorer.py"
    scores.write_text(json.dumps(SCORES), encoding="utf-8")
    scorer.write_text(SCORER.format(scores=str(scores)), encoding="utf-8")
    for name in ("questions.jsonl", "dialogues.jsonl"):
        (tmp_path / name).write_text("", encoding="utf-8")

    async def read(_: Path) -> list[Read]:
        return [Read("ice_and_heat", 0.9, True)]

    monkeypatch.setattr(evaluate, "read_questions", read)
    named = {"--questions": "questions.jsonl", "--dialogues": "dialogues.jsonl", "--scorer": "scorer.py"}
    return [part for option, name in named.items() for part in (option, str(tmp_path / name))]


def test_scores_a_running_assistant_and_writes_both_reports(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "reports"
    assert evaluate.main([*files, "--url", "http://127.0.0.1:9/", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "75.0%" in printed
    assert "at least 92%" in printed
    assert "missed" in printed
    written = json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
    assert written["scores"]["turn_ms"]["url"] == "http://127.0.0.1:9"
    answers = next(figure for figure in written["figures"] if "answered from" in figure["what"])
    assert (answers["right"], answers["of"], answers["met"]) == (3, 4, False)
    assert written["calibration"] == [{"mean": 0.9, "right": 1, "of": 1}]
    assert "<svg" in (out / "evaluation.html").read_text(encoding="utf-8")


def test_missing_files_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--questions", str(tmp_path / "none.jsonl"), "--out", str(tmp_path)]) == 2
    assert "none.jsonl" in capsys.readouterr().err


def test_figures_of_a_server_that_ended_on_the_way_are_not_written(
    files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Ends(Server):
        def wait(self, seconds: float = 120) -> Server:
            self.process.wait(30)
            return self

    def lumbar(scratch: Path) -> Server:
        return Ends([sys.executable, "-c", "print('out of memory'); raise SystemExit(9)"], 9, scratch)

    monkeypatch.setattr(evaluate.servers, "lumbar", lumbar)
    monkeypatch.setattr(evaluate, "train", lambda: None)
    out = tmp_path / "reports"
    assert evaluate.main([*files, "--out", str(out)]) == 2
    assert "ended with status 9" in capsys.readouterr().err
    assert not out.exists()
