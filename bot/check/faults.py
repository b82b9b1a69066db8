"""What a check reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        file: where, from the project's root.
        entry: what in it: an id, a rule's name, or the text of an example.
        message: what is wrong and what to do.
    """

    file: str
    entry: str
    message: str

    def __str__(self) -> str:
        """The fault on one line."""
        return f"{self.file}: {self.entry}: {self.message}"
