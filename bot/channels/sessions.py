"""Web sessions: ids that only this server can make, so that nobody can name another's conversation."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings import ROOT, settings

SECRET_FILE = ROOT / "var" / "web_secret"


@dataclass(frozen=True)
class Session:
    """One conversation of the web channel.

    Attributes:
        id: the conversation's id, never shown to a browser by itself.
        token: the id, the time of issue and their signature: what the browser keeps.
    """

    id: str
    token: str


class Sessions:
    """Issues and checks session tokens: `ID.ISSUED.SIGNATURE`, with the time of issue in seconds."""

    def __init__(self, secret: bytes, lifetime: float) -> None:
        self._secret = secret
        self._lifetime = lifetime

    def issue(self) -> Session:
        """A new session."""
        return self._sign(f"web-{secrets.token_hex(16)}")

    def renew(self, token: Any) -> Session | None:
        """The session of a token, with a token of a later time; `None` for a token that is expired or not ours."""
        if not isinstance(token, str) or not token.isascii() or len(token) > 200 or token.count(".") != 2:
            return None
        session_id, issued, signature = token.split(".")
        if not hmac.compare_digest(self._signature(session_id, issued).encode(), signature.encode()):
            return None
        if time.time() - float(issued) > self._lifetime:
            return None
        return self._sign(session_id)

    def _sign(self, session_id: str) -> Session:
        issued = str(int(time.time()))
        return Session(session_id, f"{session_id}.{issued}.{self._signature(session_id, issued)}")

    def _signature(self, session_id: str, issued: str) -> str:
        return hmac.new(self._secret, f"{session_id}.{issued}".encode(), hashlib.sha256).hexdigest()


def secret(path: Path = SECRET_FILE) -> bytes:
    """What tokens are signed with: `WEB_SECRET`, or a secret that is made once and kept beside the conversations."""
    if settings().web_secret:
        return settings().web_secret.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(made, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()
