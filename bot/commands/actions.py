"""`python -m bot actions`: an action server of its own, without Rasa and TensorFlow."""

from __future__ import annotations

from rasa_sdk.endpoint import create_app

from bot.settings import settings


def main(_: list[str]) -> int:
    """Serve the actions until stopped."""
    app = create_app("actions", cors_origins=None)
    print(f"Actions at http://{settings().actions_host}:{settings().actions_port}/webhook", flush=True)
    app.run(settings().actions_host, settings().actions_port, access_log=False, workers=1)
    return 0
