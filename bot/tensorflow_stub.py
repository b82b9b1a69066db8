"""Let Rasa be imported where TensorFlow is not installed.

Rasa 3.6 imports TensorFlow at start-up for DIET and TED, neither of which Lumbar uses; the import alone costs
about 350 MB and several seconds. `install()` puts a finder on the import path that serves empty modules whose every
attribute is one dummy class, so that `class X(tf.keras.Model)`, `tf.function` as a decorator and annotations all
evaluate. A component that really needs TensorFlow fails at its first computation, and `make train` with it.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

ROOTS = frozenset(
    {"tensorflow", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "keras", "jax", "tensorboard"}
)


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
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".", 1)[0] not in ROOTS:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StubModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """A stub has nothing to run."""


def install() -> None:
    """Serve stubs for TensorFlow and its relatives from now on. Call before anything imports Rasa or spaCy."""
    # skops scans every loaded module when it is imported: first is cheapest
    import skops.io  # noqa: F401

    if not any(isinstance(finder, _StubFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _StubFinder())
