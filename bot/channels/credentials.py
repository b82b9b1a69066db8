"""The channels of credentials.yml. Their values come from the settings; a channel that has none is left out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel
from rasa.shared.utils.common import class_from_module_path
from ruamel.yaml import YAML

from bot.channels.intake import ChatChannel, Conversations, Locks
from bot.settings import ROOT, settings

CREDENTIALS = ROOT / "credentials.yml"
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def channels(conversations: Conversations, locks: Locks, path: Path = CREDENTIALS) -> list[InputChannel]:
    """The channels that are set up.

    Args:
        conversations: the tracker store.
        locks: the lock store.

    Raises:
        SettingsError: a channel is set up by half; the message says what is missing.
    """
    opened = check(path)
    for channel in opened:
        if isinstance(channel, ChatChannel):
            channel.conversations, channel.locks = conversations, locks
    return opened


def check(path: Path = CREDENTIALS) -> list[InputChannel]:
    """The same, not yet connected with the assistant.

    Raises:
        SettingsError: as `channels`.
    """
    entries: dict[str, dict[str, Any] | None] = YAML(typ="safe").load(expand(path.read_text(encoding="utf-8")))
    opened: list[InputChannel] = []
    for name, entry in entries.items():
        # all that it takes is unset: it is not wanted
        if entry and not any(entry.values()):
            continue
        opened.append(class_from_module_path(name).from_credentials(entry))
    return opened


def expand(text: str) -> str:
    """The file with the settings in the place of `${NAME}`.

    Done before the file is read: Rasa makes every YAML reader of the process expand them, and fail at an unset one.
    """
    return PLACEHOLDER.sub(lambda found: json.dumps(settings().value_of(found[1])), text)
