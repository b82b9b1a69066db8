"""What the browser tests need of the machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from bot.settings import ROOT


def lacking(what: str) -> NoReturn:
    """Skip a test for want of a tool, where a person runs it. A build machine has the tools: there it fails."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}. A build machine must have it.")
    pytest.skip(what)


def chromium_path() -> str:
    """The program of Debian's Chromium."""
    return shutil.which("chromium") or lacking("There is no Chromium: install Debian's package `chromium`")


def node_modules() -> Path:
    """The folder of what the widget is built and checked with."""
    folder = ROOT / "node_modules"
    if not shutil.which("npm") or not folder.exists():
        lacking("Node or its packages are missing: install Node 18 or later, then run `make lint`")
    return folder
