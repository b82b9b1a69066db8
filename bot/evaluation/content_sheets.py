"""Everything that the assistant can say, a sheet for each entry, for whoever reads it and signs it off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from bot import reports
from bot.check.readability import FEWEST_WORDS
from bot.content import Answer, Content
from bot.content.model import Entry

UNSIGNED = "No clinician has signed this yet."

# fields that hold words of our own that a reader sees, and so have a grade
ANSWER_WORDINGS = ("short", "more", "simpler", "why", "caution", "referral")
CARD_WORDINGS = ("heading", "body", "on_the_phone", "do_not", "asks")
WORDINGS = frozenset([*ANSWER_WORDINGS, *CARD_WORDINGS, "text", "say", "ask"])
# answers have sheets of their own; these two are not entries
APART = ("version", "document", "answers")


@dataclass(frozen=True)
class Line:
    """One thing said or known about an entry. `grade` is its Flesch–Kincaid grade, where one is measured."""

    label: str
    text: str
    grade: float | None = None


@dataclass(frozen=True)
class Sheet:
    """One entry, on a page of its own."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Section:
    """The sheets of one part of the content."""

    heading: str
    sheets: tuple[Sheet, ...]


Grader = Callable[[str], float]


def sections(content: Content, grade: Grader | None = None) -> list[Section]:
    """All of `content`: the answers, then every other part as it is declared in the model."""
    answers = tuple(_answer(content, answer_id, entry, grade) for answer_id, entry in content.answers.items())
    found = [Section("Answers from the document", answers)]
    for name in content.__fields__:
        if name not in APART:
            found.append(Section(_words(name), tuple(_sheets(name, getattr(content, name), grade))))
    document = Sheet("document", (Line("document", content.document),))
    return [*found, Section("The document", (document,))]


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _answer(content: Content, answer_id: str, entry: Answer, grade: Grader | None) -> Sheet:
    link = content.sources[entry.link]
    lines = []
    for number, fact in enumerate(entry.facts, start=1):
        lines += [Line(f"fact {number}", fact.fact), Line("in the document's words", f"“{fact.document}”")]
    for name in ANSWER_WORDINGS:
        lines += _lines(name, getattr(entry, name), grade)
    lines.append(_line("safety line", content.safety[entry.safety], grade))
    lines += _lines("exercises", entry.exercises, grade)
    lines.append(Line("source", f"{link.title}, section {link.section}, {link.url}"))
    for note in (content.notes[key] for key in entry.notes):
        lines.append(_line("not from the document", note.text, grade))
        dated = f", {note.source.date}" if note.source.date else ""
        lines.append(Line("its source", f"{note.source.title}{dated}, {note.source.url} (read {note.source.read})"))
    lines.append(Line("buttons", ", ".join(content.answers[other].title for other in entry.follow_ups)))
    return Sheet(f"{answer_id}: {entry.title}", tuple(lines))


def _sheets(name: str, part: Any, grade: Grader | None) -> Iterator[Sheet]:
    """A sheet for each entry of a part, or one for the whole where it is not made of entries."""
    if isinstance(part, Mapping) and any(isinstance(value, Entry) for value in part.values()):
        for key, value in part.items():
            yield Sheet(key, tuple(_lines("", value, grade)))
    else:
        yield Sheet(name, tuple(_lines("", part, grade)))


def _lines(label: str, value: Any, grade: Grader | None) -> Iterator[Line]:
    """The leaves of `value`, each labelled with the way to it; what is left out has no line."""
    if isinstance(value, Entry):
        value = {name: getattr(value, name) for name in value.__fields__}
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _lines(f"{label}, {key}" if label else str(key), inner, grade)
    elif isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
        if value:
            yield Line(label.replace("_", " "), "; ".join(value))
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value, start=1):
            yield from _lines(f"{label} {number}", inner, grade)
    elif value is not None:
        yield _line(label, str(value), grade if label.split(", ")[-1] in WORDINGS else None)


def _line(label: str, text: str, grade: Grader | None) -> Line:
    is_long = len(text.split()) >= FEWEST_WORDS
    return Line(label.replace("_", " "), text, grade(text) if grade and is_long else None)


def mean_grade(found: list[Section]) -> float | None:
    """The mean grade of all wordings, or `None` where none was measured."""
    grades = [line.grade for part in found for sheet in part.sheets for line in sheet.lines if line.grade is not None]
    return sum(grades) / len(grades) if grades else None


def _about(content: Content, found: list[Section]) -> list[str]:
    grade = mean_grade(found)
    measured = f"{grade:.1f} on average over its wordings" if grade else "not measured (textstat is not installed)"
    return [
        f"Content version {content.version}. {UNSIGNED}",
        "Each entry has a page of its own when printed: what may be stated, the document's words behind it, "
        "every wording, where it comes from. “second-hand” marks a source that was not read itself.",
        f"Reading ease (Flesch–Kincaid grade, lower is easier): {measured}.",
    ]


def _graded(line: Line) -> str:
    return "" if line.grade is None else f"{line.grade:.1f}"


def html(content: Content, found: list[Section]) -> str:
    """The sheets as one HTML page."""
    parts = [f"<p>{escape(text)}</p>" for text in _about(content, found)]
    for section in found:
        parts.append(f"<h2>{escape(section.heading)}</h2>")
        for sheet in section.sheets:
            rows = [(line.label, line.text, _graded(line)) for line in sheet.lines]
            signed = f'<p class="aside">{UNSIGNED} Name, role and date: ……………………………………………</p>'
            inside = reports.table(["What", "Words", "Grade"], rows)
            parts.append(f'<section class="sheet"><h3>{escape(sheet.heading)}</h3>\n{inside}\n{signed}</section>')
    return reports.page("What the assistant can say", "\n".join(parts))


def markdown(content: Content, found: list[Section]) -> str:
    """The sheets as Markdown."""
    parts = ["# What the assistant can say", *_about(content, found)]
    for section in found:
        parts.append(f"## {section.heading}")
        for sheet in section.sheets:
            lines = []
            for line in sheet.lines:
                label = f"{line.label} (grade {_graded(line)})" if line.grade is not None else line.label
                lines.append(f"- **{label}**: {' '.join(line.text.split())}")
            parts += [f"### {sheet.heading}", "\n".join(lines), f"*{UNSIGNED}*"]
    return "\n\n".join(parts) + "\n"
