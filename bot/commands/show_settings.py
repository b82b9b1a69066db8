"""`python -m bot settings`: list every setting."""

from __future__ import annotations

from bot.settings import settings


def main(_: list[str]) -> int:
    """Print each setting with its value and meaning."""
    print(settings().describe())
    return 0
