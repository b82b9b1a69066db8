"""Where and when something was measured, so that a figure can be traced."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from pathlib import Path

from bot.settings import ROOT


def describe(command: str) -> dict[str, str]:
    """The command, the commit, the machine and the date."""
    return {
        "command": command,
        "commit": commit(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
    }


def sentence(described: dict[str, str]) -> str:
    """The description for a reader."""
    return (
        f"{described['command']} at commit {described['commit']} on {described['date']}: {described['processor']}, "
        f"{described['cores']} cores, {described['memory']}, {described['system']}."
    )


def commit() -> str:
    """The commit of the working tree, marked where files differ from it."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def processor() -> str:
    """The processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
