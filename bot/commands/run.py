"""`python -m bot run`: start the assistant."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

from bot import training
from bot.settings import SettingsError, settings


def port_in_use(host: str, port: int) -> bool:
    """Whether something listens there already."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def prepare() -> str | None:
    """Look at the channels' settings, and train if needed, in a process of its own so that its memory is given back.

    Returns:
        What is wrong and what to do, or `None`.
    """
    host, port = settings().host, settings().port
    if port_in_use(host, port):
        return f"Port {port} is in use. Stop what runs there, or choose another port: PORT={port + 1} make run"
    from bot.channels import credentials

    try:
        credentials.check()
    except SettingsError as error:
        return str(error)
    if not training.is_current(Path(settings().model)):
        if subprocess.run([sys.executable, "-m", "bot", "train"], env=training_environment(), check=False).returncode:
            return "Training failed; the messages above say why."
    return None


def training_environment() -> dict[str, str]:
    """This process's environment without its limit of one thread: training has large matrices, messages have not."""
    return {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}


def main(_: list[str]) -> int:
    """Serve until Ctrl-C."""
    wrong = prepare()
    if wrong:
        print(wrong, file=sys.stderr)
        return 1
    print("Starting …", flush=True)
    from bot.server import create_app, load_agent

    try:
        agent = asyncio.run(load_agent())
    except training.TrainingError as error:
        print(error, file=sys.stderr)
        return 1
    app = create_app(agent)
    host, port = settings().host, settings().port

    @app.after_server_start
    async def announce(*_: object) -> None:
        print(f"Lumbar is ready: http://{host}:{port}/   (Ctrl-C stops it)", flush=True)

    app.run(host, port, access_log=False, workers=1, motd=False)
    return 0
