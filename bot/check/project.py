"""Load everything that the checks look at, as plain data. Nothing here needs Rasa."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa_sdk.interfaces import Action

import actions
from bot.channels import payloads
from bot.content import Content, ContentError
from bot.content.loader import load as load_content
from bot.content.loader import read_yaml
from bot.settings import ROOT

DOMAIN = "domain.yml"
PATTERNS = "bot/language/data/care/patterns.yml"
CONCEPTS = "bot/language/data/care/concepts.yml"


@dataclass(frozen=True)
class TrainingMessage:
    """One line of an NLU file, as it stands there.

    Attributes:
        sign: which sign of a card it shows, in the files of the cards.
        only_when_asked: it means something only as an answer to a question of the chooser.
    """

    file: str
    intent: str
    line: str
    sign: str | None = None
    only_when_asked: bool = False

    @property
    def text(self) -> str:
        """The message without its list mark."""
        return self.line.removeprefix("-").strip()


@dataclass(frozen=True)
class Rule:
    """One path through a rule: where a step is an `or`, each of its branches is a path of its own.

    Attributes:
        steps: `intent: …`, `action: …` and the like, as mappings.
        guards: what besides its steps decides whether the rule applies (`condition`, `conversation_start`, …).
    """

    file: str
    name: str
    steps: tuple[Mapping[str, Any], ...]
    guards: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    """Everything that the checks look at.

    Attributes:
        content: what can be said.
        domain: `domain.yml` as read.
        data: path → YAML mapping, for each file below `data/`.
        actions: name → file, for each action that the action server would register.
        patterns: card → sign → patterns, as the care screen reads them.
        concepts: concept → phrases, of which the patterns are made.
        buttons: the payloads of the buttons that actions show, without their slash.
    """

    content: Content
    domain: Mapping[str, Any]
    data: Mapping[str, Mapping[str, Any]]
    actions: Mapping[str, str]
    patterns: Mapping[str, Mapping[str, Sequence[Any]]]
    concepts: Mapping[str, Sequence[Any]]
    buttons: tuple[str, ...]

    @property
    def intents(self) -> list[str]:
        """The intents of the domain."""
        return [name_of(entry) for entry in self.domain.get("intents") or []]

    @property
    def responses(self) -> dict[str, str]:
        """Response → file, of the domain and of the files that Rasa merges into it."""
        merged = {**self.data, DOMAIN: self.domain}
        return {name: file for file, held in merged.items() for name in held.get("responses") or {}}

    @property
    def messages(self) -> list[TrainingMessage]:
        """Every training message."""
        return [
            TrainingMessage(file, block["intent"], line, metadata.get("sign"), bool(metadata.get("only_when_asked")))
            for file, held in self.data.items()
            for block in held.get("nlu") or []
            if "intent" in block
            for metadata in [block.get("metadata") or {}]
            for line in (block.get("examples") or "").splitlines()
        ]

    @property
    def rules(self) -> list[Rule]:
        """Every path through every rule."""
        return [path for file, held in self.data.items() for path in paths(file, held.get("rules"))]

    @property
    def stories(self) -> list[Rule]:
        """Every path through every story."""
        return [path for file, held in self.data.items() for path in paths(file, held.get("stories"))]


def name_of(entry: Any) -> str:
    """The name of a domain entry, which is a text or a mapping with one key."""
    return str(next(iter(entry))) if isinstance(entry, Mapping) else str(entry)


def paths(file: str, rules: Sequence[Mapping[str, Any]] | None) -> Iterator[Rule]:
    """The paths through the rules or stories of a file."""
    for rule in rules or ():
        name = str(rule.get("rule") or rule.get("story") or "(no name)")
        guards = {key: value for key, value in rule.items() if key not in ("rule", "story", "steps")}
        branches: list[tuple[Mapping[str, Any], ...]] = [()]
        for step in rule.get("steps") or ():
            branches = [(*branch, choice) for branch in branches for choice in step.get("or", [step])]
        for branch in branches:
            yield Rule(file, name, branch, guards)


def registered_actions() -> dict[str, str]:
    """Name → file of each action in the package `actions`."""
    found = {}
    for module in pkgutil.iter_modules(actions.__path__):
        loaded = importlib.import_module(f"actions.{module.name}")
        for _, action in inspect.getmembers(loaded, inspect.isclass):
            own = issubclass(action, Action) and action.__module__ == loaded.__name__
            if own and not inspect.isabstract(action):
                found[action().name()] = f"actions/{module.name}.py"
    return found


def read_data(path: Path) -> dict[str, Any]:
    """Read one file below `data/`.

    Raises:
        ContentError: as `read_yaml`, with the folder too, for files in different folders share names.
    """
    try:
        return read_yaml(path)
    except ContentError as error:
        raise ContentError(f"{path.parent.name}/{error}") from error


def load(root: Path = ROOT) -> Project:
    """Load the project below `root`; its actions are those of the running package.

    Raises:
        ContentError: a file cannot be read; it says which and why.
    """
    files = sorted([*(root / "data").rglob("*.yml"), *(root / "data").rglob("*.yaml")])
    return Project(
        content=load_content(root / "bot" / "content"),
        domain=read_yaml(root / DOMAIN),
        data={path.relative_to(root).as_posix(): read_data(path) for path in files},
        actions=registered_actions(),
        patterns=read_yaml(root / PATTERNS),
        concepts=read_yaml(root / CONCEPTS),
        buttons=tuple(payload.removeprefix("/") for payload in payloads.known()),
    )
