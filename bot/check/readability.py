"""Check that people with a reading age of 9 to 11 can read it: Flesch–Kincaid grade 6 on average, never above 8."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from statistics import mean

from bot.check.faults import Fault
from bot.check.project import Project
from bot.check.texts import texts

# shorter ones are labels, which have no grade
FEWEST_WORDS = 5
HIGHEST = 8.0
HIGHEST_AVERAGE = 6.0


def can_measure() -> bool:
    """Whether the package that counts syllables is installed; it belongs to the tests, not to the assistant."""
    return find_spec("textstat") is not None


def grader() -> Callable[[str], float]:
    """The Flesch–Kincaid grade of a text."""
    grade: Callable[[str], float] = import_module("textstat").textstat.flesch_kincaid_grade
    return grade


def grades(project: Project) -> dict[tuple[str, str], float]:
    """The grade of each entry's own text as a whole, by file and entry."""
    whole: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text in texts(project.content):
        whole[text.file, text.entry].append(text.words)
    grade = grader()
    joined = {place: " ".join(words) for place, words in whole.items()}
    return {place: grade(text) for place, text in joined.items() if len(text.split()) >= FEWEST_WORDS}


def hard_to_read(project: Project) -> list[Fault]:
    """No entry is above grade 8, and all together are at 6 or below. Without `textstat` nothing is measured."""
    if not can_measure():
        return []
    measured = grades(project)
    faults = [
        Fault(file, entry, f"grade {grade:.1f}, at most {HIGHEST:.0f}; use shorter sentences and words")
        for (file, entry), grade in measured.items()
        if grade > HIGHEST
    ]
    average = mean(measured.values())
    if average > HIGHEST_AVERAGE:
        message = f"average grade {average:.1f}, at most {HIGHEST_AVERAGE:.0f}; make the hardest entries simpler"
        faults.append(Fault("bot/content", "all entries", message))
    return faults
