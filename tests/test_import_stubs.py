"""A server without what it does not need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot import import_stubs
from bot.settings import ROOT

IMPORTED = """
import asyncio, json, os, sys
os.environ["DATABASE_URL"] = "sqlite:///" + sys.argv[1]
from bot import import_stubs, logs
logs.configure()
import_stubs.install(import_stubs.NOT_IN_A_SERVER)
from bot.server import create_app, load_agent
create_app(asyncio.run(load_agent()))
print(json.dumps([name for name, module in sys.modules.items() if getattr(module, "__file__", None)]))
"""


def test_a_server_loads_and_answers_without_them(tmp_path: Path) -> None:
    # golden questions are asked and answered before `load_agent` gives back
    command = [sys.executable, "-c", IMPORTED, str(tmp_path / "conversations.db")]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    modules = json.loads(ran.stdout.splitlines()[-1])
    assert "rasa.core.agent" in modules
    left_out = import_stubs.NOT_IN_A_SERVER
    assert not [name for name in modules if name in left_out or name.split(".")[0] in left_out]


def test_a_component_that_needs_one_of_them_fails() -> None:
    # as Rasa's own classifiers do: scikit-learn's class is there by name, and cannot compute
    code = (
        "from bot import import_stubs; import_stubs.install(import_stubs.NOT_IN_A_SERVER);"
        "from sklearn.linear_model import LogisticRegression;"
        "print(LogisticRegression().fit([[0.0], [1.0]], [0, 1]).coef_.sum() + 1)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ran.returncode != 0
    assert "Error" in ran.stderr


def test_it_is_installed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [])
    import_stubs.install()
    import_stubs.install()
    import_stubs.install(import_stubs.NOT_IN_A_SERVER)
    assert len(sys.meta_path) == 2
