from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import content_report
from bot.content import ContentError, content


def test_writes_the_report_as_html_or_markdown(tmp_path: Path) -> None:
    assert content_report.main(["report", "--out", str(tmp_path)]) == 0
    assert content_report.main(["report", "--out", str(tmp_path), "--markdown"]) == 0
    for name in ("content.html", "content.md"):
        written = (tmp_path / name).read_text(encoding="utf-8")
        assert content().version in written
        assert all(f"{answer_id}: " in written for answer_id in content().answers)


def test_content_that_cannot_be_loaded_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken() -> None:
        raise ContentError("talk.yml: greet: text: field required")

    monkeypatch.setattr(content_report, "content", broken)
    assert content_report.main(["report", "--out", str(tmp_path)]) == 1
    assert "talk.yml: greet" in capsys.readouterr().err
