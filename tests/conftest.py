"""What every test needs before it imports anything of ours."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
for library in ("OPENBLAS", "OMP", "MKL"):  # as the server does (bot/__main__.py)
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

from bot import import_stubs  # noqa: E402 (needs the path)

import_stubs.install()  # before anything imports Rasa or spaCy

from tests.conversation import agent, conversation, loop  # noqa: E402, F401 (fixtures; need the stub)
from tests.services import postgresql, redis  # noqa: E402, F401 (fixtures)
from tests.serving import server  # noqa: E402, F401 (a fixture)
