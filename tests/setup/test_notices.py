"""The page of third-party notices names what is installed and shipped."""

from __future__ import annotations

from pathlib import Path

from scripts import notices

ROOT = Path(notices.__file__).parent.parent


def test_page_is_that_of_the_present_lock() -> None:
    written = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    assert written == notices.notices(), "run: .venv/bin/python scripts/notices.py > THIRD_PARTY_NOTICES.md"


def test_every_package_states_a_licence() -> None:
    assert "see its files" not in notices.notices()


def test_licence_texts_are_shipped() -> None:
    for path in ("LICENSE", "bot/language/encoder/LICENSE"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert "Apache License" in text
        assert "Version 2.0" in text
    bundled = (ROOT / "bot/web/static/LICENCES.txt").read_text(encoding="utf-8")
    for name in ("socket.io-client", "engine.io-client", "socket.io-parser", "engine.io-parser", "component-emitter"):
        assert name in bundled
