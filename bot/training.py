"""Train the model, and know whether it still fits its sources."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

from bot.settings import ROOT, settings

PIPELINE = ROOT / "var" / "pipeline"

# What a trained model depends on; Rasa itself looks only at each component's own source file. Wordings, care patterns
# and the dialogue's code are read at start-up and change nothing that was learnt, so that correcting a sentence needs
# no training.
SOURCES = ("config.yml", "domain.yml", "data", "bot/language", "requirements/run.txt")
READ_AT_START = ROOT / "bot" / "language" / "data" / "care"


class TrainingError(Exception):
    """The model is missing or was not trained from the present sources. The message says what to do."""


def fingerprint(root: Path = ROOT) -> str:
    """A hash of everything that the model is made from."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = root / source
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts and READ_AT_START not in file.parents:
                digest.update(str(file.relative_to(root)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _record(model: Path) -> Path:
    return model.with_name(model.name.removesuffix(".tar.gz") + ".json")


def is_current(model: Path) -> bool:
    """Whether `model` exists and was trained from the present sources."""
    try:
        verify(model)
    except TrainingError:
        return False
    return PIPELINE.exists()


def verify(model: Path) -> dict[str, str]:
    """Check a model before it is loaded: a model file is code, so only our own, unchanged, from our folder, is loaded.

    Returns:
        Its record: `sources` and `sha256`.

    Raises:
        TrainingError: there is no model, it lies elsewhere, it was changed, or the sources changed since.
    """
    if not model.resolve().is_relative_to(ROOT):
        raise TrainingError(f"{model} is not in {ROOT}. A model can run anything: only this project's own is loaded.")
    try:
        record: dict[str, str] = json.loads(_record(model).read_text(encoding="utf-8"))
        checksum = hashlib.sha256(model.read_bytes()).hexdigest()
    except (FileNotFoundError, json.JSONDecodeError) as error:
        raise TrainingError(f"There is no trained model at {model}. Run: make train") from error
    if checksum != record["sha256"]:
        raise TrainingError(f"{model} is not the file that was trained here. Run: make train")
    if record["sources"] != fingerprint():
        raise TrainingError("The model was trained from other sources than these. Run: make train")
    return record


def build_pipeline() -> None:
    """Build the spaCy pipeline where `config.yml` expects it."""
    from bot.language import pipeline

    PIPELINE.parent.mkdir(parents=True, exist_ok=True)
    pipeline.build().to_disk(PIPELINE)


def train(model: Path | None = None) -> Path:
    """Build the language pipeline, train, and record what the model was made from.

    Raises:
        TrainingError: Rasa could not train; its own messages stand above.
    """
    target = model or Path(settings().model)
    os.chdir(ROOT)  # config.yml names the pipeline by a relative path
    sources = fingerprint()
    build_pipeline()
    from rasa.model_training import train as rasa_train

    from bot import training_patches

    training_patches.install()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        result = rasa_train(
            domain="domain.yml",
            config="config.yml",
            training_files=["data"],
            output=folder,
            force_training=True,
            fixed_model_name="model",
        )
        if result.code != 0 or not result.model:
            raise TrainingError("Training failed; the messages above say why.")
        Path(result.model).replace(target)
    record = {"sources": sources, "sha256": hashlib.sha256(target.read_bytes()).hexdigest()}
    _record(target).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return target
