"""What Rasa does in a training that this project has no use for: more than half of the time of one."""

from __future__ import annotations

from typing import Any

from rasa.engine.storage import local_model_storage
from rasa.engine.training.hooks import TrainingHook
from rasa.graph_components.validators.finetuning_validator import FinetuningValidator
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message


def install() -> None:
    """Patch Rasa; call once, before a training."""
    # `python -m bot check` and its tests look at every example; Rasa's schema takes 20 s over them
    RasaYAMLReader.validate = _let_be  # type: ignore[method-assign]
    # hashes of all data around each node, for a cache of trained parts: a training here is always a whole one
    TrainingHook.on_before_node = _nothing  # type: ignore[method-assign]
    TrainingHook.on_after_node = _let_be  # type: ignore[method-assign]
    # hashes for a later training that goes on from this one
    FinetuningValidator._validate = _let_be  # type: ignore[method-assign]
    # and of each example, each time that examples are put together, to find those that stand twice
    Message.__hash__ = _hash  # type: ignore[assignment, method-assign]
    local_model_storage.TarSafe = QuickTar


def _let_be(*_: Any, **__: Any) -> None:
    pass


def _nothing(*_: Any, **__: Any) -> dict[str, Any]:
    return {}


def _hash(message: Message) -> int:
    return hash((message.get(TEXT), message.get(INTENT)))


class QuickTar(local_model_storage.TarSafe):  # type: ignore[misc]
    """Compresses a model little: weights hardly shrink, and the highest level takes 15 s over them."""

    @classmethod
    def open(cls, *args: Any, **kwargs: Any) -> Any:
        """Open an archive as `tarfile` does."""
        if "w:gz" in args:
            kwargs["compresslevel"] = 1
        return super().open(*args, **kwargs)
