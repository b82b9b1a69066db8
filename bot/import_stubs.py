"""Let Rasa be imported without what it imports and Lumbar does not use.

Rasa 3.6 imports TensorFlow at start-up for DIET and TED, neither of which Lumbar uses; the import alone costs
about 350 MB and several seconds, so TensorFlow is not installed. A server reads messages with plain arrays and trains
nothing: it does without scikit-learn, and without the components, databases and channels that Rasa brings along.
`install()` puts a finder on the import path that serves empty modules whose every attribute is one dummy class, so
that `class X(tf.keras.Model)`, `tf.function` as a decorator and annotations all evaluate. A component that really needs
one of them fails at its first computation, and the golden questions with it.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

NEVER = frozenset(
    {"tensorflow", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "keras", "jax", "tensorboard"}
)
_TRAINING = {"sklearn", "skops", "matplotlib"}
# databases, brokers, channels and prompts of Rasa's that are not ours
_CLIENTS = {"boto3", "botocore", "pymongo", "bson", "webexteamssdk", "aio_pika", "questionary", "prompt_toolkit"}
# Rasa's list of its own components: a trained model names those that it needs
_COMPONENTS = {"rasa.engine.recipes.default_components"}
NOT_IN_A_SERVER = NEVER | _TRAINING | _CLIENTS | _COMPONENTS


class _AnythingType(type):
    """Answers every class-level use that Rasa makes of TensorFlow while it is being imported."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return cls

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        # used as a decorator: give back what was decorated
        if len(args) == 1 and callable(args[0]) and not kwargs:
            return args[0]
        return cls

    def __getitem__(cls, _: Any) -> Any:
        return cls

    def __or__(cls, other: Any) -> Any:
        return cls

    def __ror__(cls, other: Any) -> Any:
        return cls

    def __iter__(cls) -> Any:
        return iter(())

    def __len__(cls) -> int:
        return 0


class _Anything(metaclass=_AnythingType):
    """Stands for every attribute of a stubbed module."""


class _StubModule(ModuleType):
    __path__: list[str] = []
    __version__ = "0.0.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything


class _StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self.names and fullname.split(".", 1)[0] not in self.names:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StubModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """A stub has nothing to run."""


def install(names: frozenset[str] = NEVER) -> None:
    """Serve stubs for `names` from now on. Call before anything imports Rasa or spaCy."""
    if not any(isinstance(finder, _StubFinder) and finder.names == names for finder in sys.meta_path):
        sys.meta_path.insert(0, _StubFinder(names))
