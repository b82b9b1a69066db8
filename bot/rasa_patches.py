"""What Rasa 3.6 computes again on every turn, and need not. Found by profiling (docs/performance.md)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event


def install() -> None:
    """Patch Rasa; call once, before the model is loaded."""
    # walks all classes of the process for each stored event: a third of a long conversation's turn
    Event.resolve_by_type = staticmethod(  # type: ignore[method-assign]
        lru_cache(maxsize=None)(Event.resolve_by_type)
    )
    # checks the schema itself before each action's result: more than half of a turn
    validator = Draft202012Validator(RemoteAction.action_response_format_spec())

    def validate(_: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate  # type: ignore[assignment, method-assign]
