"""Rasa's own story tests: does the dialogue take the steps that the stories in `tests/stories` write down?

They start from intents, run no actions and see no warning signs: words, actions and care are tested over HTTP
(`tests/dialogues`) and in `tests/care`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bot.check.project import load
from bot.settings import ROOT, settings

STORIES = ROOT / "tests" / "stories"


def test_every_story_goes_as_written(tmp_path: Path) -> None:
    command = [
        "test",
        "core",
        "--stories",
        str(STORIES),
        "--model",
        settings().model,
        "--out",
        str(tmp_path),
        "--no-plot",
    ]
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.stories.rasa_cli", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    scored = json.loads((tmp_path / "story_report.json").read_text(encoding="utf-8"))["conversation_accuracy"]
    written = sum(path.read_text(encoding="utf-8").count("\n- story: ") for path in STORIES.glob("test_*.yml"))
    failed = (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert (scored["correct"], scored["total"]) == (written, written), failed


def test_every_action_that_a_rule_names_is_in_a_story() -> None:
    named = {step["action"] for rule in load().rules for step in rule.steps if "action" in step}
    stories = "".join(path.read_text(encoding="utf-8") for path in STORIES.glob("test_*.yml"))
    assert [action for action in sorted(named) if f"- action: {action}\n" not in stories] == []
