"""Where time goes: the time of nested parts, each without the parts inside it."""

from __future__ import annotations

import contextlib
import functools
import inspect
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

Name = str | Callable[[Any], str]


class Stopwatch:
    """Adds up the seconds of parts. One turn at a time: parts may nest, but may not overlap.

    Attributes:
        seconds: part → its own time, that of the parts inside it taken off.
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inside: list[float] = []  # for each open part, what the parts within it took

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time a block as part `name`."""
        self._inside.append(0.0)
        start = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - start
            self.seconds[name] += took - self._inside.pop()
            if self._inside:
                self._inside[-1] += took

    @contextlib.contextmanager
    def watching(self, *places: tuple[type, str, Name]) -> Iterator[None]:
        """Time every call of some methods while the block runs.

        Args:
            places: class, method, and the part's name or a function from the object to it.
        """
        with contextlib.ExitStack() as stack:
            for owner, method, name in places:
                stack.enter_context(mock.patch.object(owner, method, self._timed(getattr(owner, method), name)))
            yield

    def _timed(self, function: Callable[..., Any], name: Name) -> Callable[..., Any]:
        def part(holder: Any) -> contextlib.AbstractContextManager[None]:
            return self.part(name if isinstance(name, str) else name(holder))

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wait(holder: Any, *args: Any, **kwargs: Any) -> Any:
                with part(holder):
                    return await function(holder, *args, **kwargs)

            return wait

        @functools.wraps(function)
        def call(holder: Any, *args: Any, **kwargs: Any) -> Any:
            with part(holder):
                return function(holder, *args, **kwargs)

        return call
