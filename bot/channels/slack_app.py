"""The Slack app as its manifest describes it (slack_manifest.yml)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

from ruamel.yaml import YAML

MANIFEST = Path(__file__).parent / "slack_manifest.yml"
WEBHOOK = "/webhooks/slack/webhook"
CREATE = "https://api.slack.com/apps?new_app=1&manifest_json="


def manifest(url: str | None) -> dict[str, Any]:
    """The manifest for a server.

    Args:
        url: the https address at which Slack reaches it; `None` for Socket Mode.
    """
    app: dict[str, Any] = YAML(typ="safe").load(MANIFEST.read_text(encoding="utf-8"))
    command, settings = app["features"]["slash_commands"][0], app["settings"]
    if url:
        webhook = urljoin(url, WEBHOOK)
        command["url"] = webhook
        settings["event_subscriptions"]["request_url"] = settings["interactivity"]["request_url"] = webhook
    else:
        del command["url"], settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"]
        settings["socket_mode_enabled"] = True
    return app


def create_link(url: str | None) -> str:
    """The address at which Slack offers to create the app."""
    return CREATE + quote(json.dumps(manifest(url), separators=(",", ":")), safe="")


def scopes() -> set[str]:
    """What the app must be allowed."""
    return set(manifest(None)["oauth_config"]["scopes"]["bot"])
