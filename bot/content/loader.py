"""Load the content files into typed objects; a fault is named by file, entry and field."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from ruamel.yaml import YAML, YAMLError

from bot.content.model import Answer, Content, Entry, Note, NotInDocument, Source, Talk

FOLDER = Path(__file__).parent

AnyEntry = TypeVar("AnyEntry", bound=Entry)


class ContentError(Exception):
    """The content cannot be used. The message has one line for each fault: `file: entry: field: what is wrong`."""


def read_yaml(path: Path) -> dict[str, Any]:
    """Read one YAML mapping; duplicate keys are faults.

    Raises:
        ContentError: the file is missing, is not YAML, or is not a mapping.
    """
    try:
        loaded = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ContentError(f"{path.name}: the file is missing") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: not readable as YAML: {error}") from error
    if not isinstance(loaded, dict):
        raise ContentError(f"{path.name}: expected a mapping of ids to entries")
    return loaded


def read_entries(kind: type[AnyEntry], paths: Iterable[Path]) -> dict[str, AnyEntry]:
    """Read every entry of `paths` as `kind`, and report all faults at once.

    Raises:
        ContentError: lists each fault.
    """
    entries: dict[str, AnyEntry] = {}
    faults: list[str] = []
    for path in paths:
        for key, value in read_yaml(path).items():
            if key in entries:
                faults.append(f"{path.name}: {key}: the id stands in two files")
            try:
                entries[key] = kind.parse_obj(value)
            except ValidationError as error:
                for fault in error.errors():
                    field = ".".join(str(part) for part in fault["loc"])
                    faults.append(f"{path.name}: {key}: {field}: {fault['msg']}")
    if faults:
        raise ContentError("\n".join(faults))
    return entries


def load(folder: Path = FOLDER) -> Content:
    """Load all content below `folder`.

    Raises:
        ContentError: a file or an entry is wrong.
    """
    files = sorted([*folder.rglob("*.yml"), folder / "document.txt"])
    version = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:12]
    return Content(
        version=version,
        document=(folder / "document.txt").read_text(encoding="utf-8"),
        answers=read_entries(Answer, sorted((folder / "answers").glob("*.yml"))),
        sources=read_entries(Source, [folder / "sources.yml"]),
        notes=read_entries(Note, [folder / "notes.yml"]),
        safety={key: str(text) for key, text in read_yaml(folder / "safety.yml").items()},
        not_in_document=read_entries(NotInDocument, [folder / "not_in_document.yml"]),
        talk=read_entries(Talk, [folder / "talk.yml"]),
    )


@lru_cache(maxsize=1)
def content() -> Content:
    """The content of this process, loaded once."""
    return load()
