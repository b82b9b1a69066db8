"""Checks of the files below `data/`: Rasa trains on all of them, whatever they are called."""

from __future__ import annotations

from pathlib import PurePosixPath

from bot.check.faults import Fault
from bot.check.project import Project

DATA_KEYS = frozenset({"version", "nlu", "rules", "stories", "responses"})
DOMAIN_KEYS = frozenset({"intents", "entities", "slots", "forms", "actions", "session_config", "e2e_actions"})


def not_training_data(project: Project) -> list[Fault]:
    """Tests and domain files stand elsewhere: Rasa trains on the first and reads the second twice."""
    faults = []
    for file, held in project.data.items():
        if PurePosixPath(file).name.startswith("test_"):
            faults.append(Fault(file, "(file)", "Rasa would train on this test; move it to tests/stories"))
        faults.extend(
            Fault(file, key, "belongs to the domain, which Rasa would read twice; move it to domain.yml")
            for key in held
            if key in DOMAIN_KEYS
        )
    return faults


def unknown_keys(project: Project) -> list[Fault]:
    """Every top-level key is one that Rasa reads; a misspelt one is passed over in silence."""
    return [
        Fault(file, key, f"Rasa passes over this key; it knows {', '.join(sorted(DATA_KEYS))}")
        for file, held in project.data.items()
        for key in held
        if key not in DATA_KEYS | DOMAIN_KEYS
    ]
