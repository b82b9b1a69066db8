"""The held-out questions and dialogues over HTTP. A score below its threshold fails the build."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.questions.held_out import FOLDER
from tests.serving import Server

QUESTIONS = "questions.jsonl:630"
# what measure.py calls it → the least share that is right
LEAST = {
    "right:answer": 0.92,
    "right:not_in_document": 0.86,
    "right:talk": 0.90,
    "right:out_of_scope": 0.93,
    "right:hard_negative": 0.88,
    "caught:emergency+crisis": 0.98,
    "caught_accepted:emergency+crisis": 0.96,
    "both_answered": 0.80,
    "informational:hypothetical": 0.86,
    "caught:urgent": 0.90,
    "caught:gp": 0.88,
    "caught:pharmacist": 0.88,
    "has_contract": 1.0,
}
# likewise → the greatest share that is wrong
MOST = {"false_alarm:any_card": 0.03, "false_alarm:emergency_or_urgent": 0.02}
GOOD = {
    **{score: [100, 100, 1.0, 0.96, 1.0] for score in LEAST},
    **{score: [0, 100, 0.0, 0.0, 0.04] for score in MOST},
}
# ms; the target is 25 on a quiet machine (docs/performance.md): this catches one that got much slower
SLOWEST_TURN = 120.0


def shortfalls(result: dict[str, Any]) -> list[str]:
    """Every threshold that `result` misses."""
    scores = {name: counted[2] for name, counted in result[QUESTIONS].items()}
    low = [f"{name} {scores[name]:.3f}, at least {least}" for name, least in LEAST.items() if scores[name] < least]
    return low + [f"{name} {scores[name]:.3f}, at most {most}" for name, most in MOST.items() if scores[name] > most]


def cpu_seconds(process: int) -> float:
    """The processor time that a process has used, from Linux's /proc."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")
def measured(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What measure.py finds, and `cpu_ms`, the server's processor time for a turn."""
    out = tmp_path_factory.mktemp("measured") / "result.json"
    command = [sys.executable, "measure.py", "--url", server.url, "--out", str(out)]
    before = cpu_seconds(server.pid)
    subprocess.run(
        [*command, "--questions", "questions.jsonl", "--dialogues", "dialogues.jsonl"],
        cwd=FOLDER,
        check=True,
        capture_output=True,
    )
    result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    result["cpu_ms"] = 1000 * (cpu_seconds(server.pid) - before) / result["turn_ms"]["n"]
    return result


def test_it_answers_as_well_as_it_did(measured: dict[str, Any]) -> None:
    assert shortfalls(measured) == []


def test_no_turn_fails(measured: dict[str, Any]) -> None:
    failed = [
        miss["id"]
        for misses in measured["misses"].values()
        for miss in misses
        if {said[0] for said in miss["got"]} & {"http_error", "error"}
    ]
    assert failed == []


def test_a_turn_is_quick(measured: dict[str, Any]) -> None:
    """Other work on the machine lengthens the clock's time but hardly the processor's, so the shorter one counts."""
    assert min(measured["turn_ms"]["p50"], measured["cpu_ms"]) < SLOWEST_TURN


@pytest.mark.parametrize("name", LEAST)
def test_each_threshold_can_fail(name: str) -> None:
    assert shortfalls({QUESTIONS: GOOD}) == []
    low = {**GOOD, name: [1, 100, LEAST[name] - 0.001, 0.0, 1.0]}
    assert len(shortfalls({QUESTIONS: low})) == 1


@pytest.mark.parametrize("name", MOST)
def test_crying_wolf_fails_too(name: str) -> None:
    high = {**GOOD, name: [10, 100, MOST[name] + 0.001, 0.0, 1.0]}
    assert len(shortfalls({QUESTIONS: high})) == 1
