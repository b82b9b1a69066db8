"""Ways to break a clean project, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ruamel.yaml import YAML

from bot.check.project import Project

Seed = Callable[[Project], Project]


def entry(kind: str, key: str, **changes: Any) -> Seed:
    """Change fields of one entry of the content, without the loader's own checks."""

    def seed(project: Project) -> Project:
        entries = dict(getattr(project.content, kind))
        entries[key] = entries[key].copy(update=changes)
        return replace(project, content=project.content.copy(update={kind: entries}))

    return seed


def added(kind: str, key: str, value: Any) -> Seed:
    """Add an entry to the content."""

    def seed(project: Project) -> Project:
        entries = {**getattr(project.content, kind), key: value}
        return replace(project, content=project.content.copy(update={kind: entries}))

    return seed


def removed(kind: str, key: str) -> Seed:
    """Take an entry out of the content."""

    def seed(project: Project) -> Project:
        entries = {other: value for other, value in getattr(project.content, kind).items() if other != key}
        return replace(project, content=project.content.copy(update={kind: entries}))

    return seed


def data(file: str, text: str) -> Seed:
    """Add a file below `data/`, or put other contents into one."""

    def seed(project: Project) -> Project:
        return replace(project, data={**project.data, file: YAML(typ="safe").load(text)})

    return seed


def domain(**changes: Any) -> Seed:
    """Add to lists and mappings of the domain."""

    def seed(project: Project) -> Project:
        changed = dict(project.domain)
        for key, value in changes.items():
            before = changed.get(key)
            changed[key] = [*before, *value] if isinstance(before, list) else {**(before or {}), **value}
        return replace(project, domain=changed)

    return seed


def domain_without(key: str, name: str) -> Seed:
    """Take an entry out of a list of the domain."""

    def seed(project: Project) -> Project:
        kept = [
            item for item in project.domain[key] if item != name and name not in (item if type(item) is dict else ())
        ]
        return replace(project, domain={**project.domain, key: kept})

    return seed


def patterns(**changes: Any) -> Seed:
    """Add to the patterns of the care screen, or put others into a card."""
    return lambda project: replace(project, patterns={**project.patterns, **changes})


def concepts(**changes: Any) -> Seed:
    """Add to the concepts of the care screen."""
    return lambda project: replace(project, concepts={**project.concepts, **changes})


def both(first: Seed, second: Seed) -> Seed:
    """Break it in two ways that belong together."""
    return lambda project: second(first(project))
