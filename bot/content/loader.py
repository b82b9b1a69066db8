"""Load the content files into typed objects; a fault is named by file, entry and field."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.content.model import Answer, CareCard, Contacts, Content, Entry, Note, NotInDocument, Source, Talk

FOLDER = Path(__file__).parent
REGION = "uk"

# words that depend on settings, which this package does not read; whoever says the text fills them in
FILLED_WHEN_SAID = frozenset({"keep_time", "history_time"})

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

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


def read_contacts(path: Path) -> Contacts:
    """Read a region's phone numbers and words.

    Raises:
        ContentError: the region is missing, not enabled, or incomplete.
    """
    if not path.exists():
        raise ContentError(f"{path.name}: there is no such region")
    raw = read_yaml(path)
    enabled, checked = raw.pop("enabled", False), raw.pop("checked", {})
    if not enabled:
        raise ContentError(f"{path.name}: its numbers have not been read at the source yet, so it is off")
    return Contacts(enabled=enabled, words=raw, checked=checked)


def fill(value: Any, words: Mapping[str, str | None]) -> Any:
    """Put a region's words in place of `{placeholders}`, through lists and mappings; `FILLED_WHEN_SAID` stay.

    Raises:
        KeyError: a placeholder has no word.
    """
    if isinstance(value, dict):
        return {key: fill(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, words) for item in value]
    if isinstance(value, str):

        def word(found: re.Match[str]) -> str:
            return found.group() if found.group(1) in FILLED_WHEN_SAID else words[found.group(1)] or ""

        return _PLACEHOLDER.sub(word, value)
    return value


def read_texts(path: Path, contacts: Contacts) -> dict[str, Any]:
    """Read one file and fill in the region's words.

    Raises:
        ContentError: a placeholder is unknown.
    """
    try:
        filled: dict[str, Any] = fill(read_yaml(path), contacts.words)
    except KeyError as error:
        raise ContentError(f"{path.name}: {{{error.args[0]}}} is not among the words of contacts/*.yml") from error
    return filled


def parse_entries(kind: type[AnyEntry], raw: Mapping[str, tuple[str, Any]]) -> dict[str, AnyEntry]:
    """Make entries of `{id: (file name, value)}`, and report all faults at once.

    Raises:
        ContentError: lists each fault.
    """
    entries: dict[str, AnyEntry] = {}
    faults: list[str] = []
    for key, (name, value) in raw.items():
        try:
            entries[key] = kind.parse_obj(value)
        except ValidationError as error:
            for fault in error.errors():
                field = ".".join(str(part) for part in fault["loc"])
                faults.append(f"{name}: {key}: {field}: {fault['msg']}")
    if faults:
        raise ContentError("\n".join(faults))
    return entries


def read_entries(kind: type[AnyEntry], paths: Iterable[Path], contacts: Contacts) -> dict[str, AnyEntry]:
    """Read every entry of `paths` as `kind`.

    Raises:
        ContentError: lists each fault.
    """
    raw: dict[str, tuple[str, Any]] = {}
    for path in paths:
        for key, value in read_texts(path, contacts).items():
            if key in raw:
                raise ContentError(f"{path.name}: {key}: the id stands in {raw[key][0]} too")
            raw[key] = (path.name, value)
    return parse_entries(kind, raw)


def read_cards(folder: Path, contacts: Contacts) -> dict[str, CareCard]:
    """Read the care cards, one in each file, named after it."""
    paths = sorted(folder.glob("*.yml"))
    return parse_entries(CareCard, {path.stem: (path.name, read_texts(path, contacts)) for path in paths})


def load(folder: Path = FOLDER, region: str = REGION) -> Content:
    """Load all content below `folder`, in the words of `region`.

    Raises:
        ContentError: a file or an entry is wrong.
    """
    files = sorted([*folder.rglob("*.yml"), folder / "document.txt"])
    version = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:12]
    contacts = read_contacts(folder / "contacts" / f"{region}.yml")
    care_words = read_texts(folder / "care_words.yml", contacts)
    languages = care_words.pop("languages", {})
    holds: Any = read_yaml(folder / "holds.yml")  # its shape is checked by `Content`
    return Content(
        version=version,
        document=(folder / "document.txt").read_text(encoding="utf-8"),
        answers=read_entries(Answer, sorted((folder / "answers").glob("*.yml")), contacts),
        sources=read_entries(Source, [folder / "sources.yml"], contacts),
        notes=read_entries(Note, [folder / "notes.yml"], contacts),
        safety=read_texts(folder / "safety.yml", contacts),
        not_in_document=read_entries(NotInDocument, [folder / "not_in_document.yml"], contacts),
        talk=read_entries(Talk, [folder / "talk.yml"], contacts),
        care=read_cards(folder / "care", contacts),
        care_words=care_words,
        languages=languages,
        holds=holds,
        contacts=contacts,
    )


def choose_region(region: str) -> None:
    """Let this process speak the words of `region` (a setting; this package does not read the environment)."""
    global _region
    _region = region
    content.cache_clear()


_region = REGION


@lru_cache(maxsize=1)
def content() -> Content:
    """The content of this process, loaded once."""
    return load(region=_region)
