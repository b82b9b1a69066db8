"""`python -m bot actions`: an action server of its own, without Rasa and TensorFlow."""

from __future__ import annotations

import sys

from bot.action_server import LOOPBACK, create_app
from bot.settings import settings


def main(_: list[str]) -> int:
    """Serve the actions until stopped; 1 if others could call it without a secret."""
    host, port = settings().actions_host, settings().actions_port
    if host not in LOOPBACK and not settings().actions_token:
        print(f"ACTIONS_HOST is {host}, which others can reach: set ACTIONS_TOKEN as well.", file=sys.stderr)
        return 1
    app = create_app(settings().actions_token)

    @app.after_server_start
    async def announce(*_: object) -> None:
        print(f"Actions at http://{host}:{port}/webhook", flush=True)

    app.run(host, port, access_log=False, workers=1, motd=False)
    return 0
