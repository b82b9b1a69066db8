"""The action server: small, and free of Rasa and TensorFlow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.check.project import registered_actions
from bot.evaluation.servers import free_port
from bot.settings import ROOT
from tests.serving import Process, memory_mb

LARGEST_MB = 150
HEAVY = {"rasa", "tensorflow", "keras", "spacy", "sklearn", "onnxruntime", "numpy", "scipy", "skops"}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory from /proc")
def test_it_answers_and_stays_small() -> None:
    call = {
        "next_action": "action_answer",
        "sender_id": "tests",
        "tracker": {
            "sender_id": "tests",
            "slots": {},
            "latest_message": {"intent": {"name": "ice_and_heat"}, "reading": {"questions": ["ice_and_heat"]}},
            "events": [],
            "paused": False,
            "active_loop": {},
            "latest_action_name": "action_listen",
            "followup_action": None,
        },
        "domain": {},
    }
    port = free_port()
    server = Process("actions", port, "/health", ACTIONS_PORT=str(port), ACTIONS_HOST="127.0.0.1")
    try:
        reply = server.send("/webhook", json.dumps(call).encode(), {"Content-Type": "application/json"}).json
        assert "inflammation" in reply["responses"][1]["text"]
        assert memory_mb(server.pid) < LARGEST_MB
    finally:
        server.stop()


def test_it_loads_nothing_heavy() -> None:
    listing = (
        "import sys; from rasa_sdk.executor import ActionExecutor\n"
        "ActionExecutor().register_package('actions'); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", listing], cwd=ROOT, check=True, capture_output=True, text=True)
    assert not {name.split(".")[0] for name in loaded.stdout.split()} & HEAVY


def test_every_action_of_the_domain_is_registered_and_has_a_module_of_its_own() -> None:
    named = set(YAML(typ="safe").load((ROOT / "domain.yml").read_text(encoding="utf-8"))["actions"])
    found = registered_actions()
    assert set(found) == named
    assert len(set(found.values())) == len(found)
