"""Only our own model is loaded: a model file is code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import training
from bot.settings import ROOT, Settings
from bot.training import TrainingError

MODEL = Path(Settings.model)


def test_a_model_from_elsewhere_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / MODEL.name
    copy.write_bytes(b"a model")
    record = {"sources": training.fingerprint(), "sha256": "0" * 64}
    copy.with_name("lumbar.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(TrainingError, match="only this project's own"):
        training.verify(copy)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.tar.gz").write_bytes(b"a model")
    link = ROOT / "models" / "a-link-of-a-test.tar.gz"
    link.symlink_to(tmp_path / "model.tar.gz")
    try:
        with pytest.raises(TrainingError, match="only this project's own"):
            training.verify(link)
    finally:
        link.unlink()
