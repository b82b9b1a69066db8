from __future__ import annotations

from tests.serving import server

__all__ = ["server"]
