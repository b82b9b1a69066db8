"""Checks of the answers: complete, resting on the document, and leading only to what exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.check import catalogue
from bot.check.faults import Fault
from bot.check.project import Project
from bot.content import Answer, Content

FOLDER = "bot/content"
CARE_WORDS = f"{FOLDER}/care_words.yml"
HOLDS = f"{FOLDER}/holds.yml"
NOT_IN_DOCUMENT = f"{FOLDER}/not_in_document.yml"
NOTES = f"{FOLDER}/notes.yml"
SAFETY = f"{FOLDER}/safety.yml"
SOURCES = f"{FOLDER}/sources.yml"
TALK = f"{FOLDER}/talk.yml"


def file_of(answer: Answer) -> str:
    """The file that holds an answer: each section has its own."""
    return f"{FOLDER}/answers/{answer.section}.yml"


def file_of_card(card: str) -> str:
    """The file that holds a care card."""
    return f"{FOLDER}/care/{card}.yml"


def fold(text: str) -> str:
    """`text` with every run of white space as one blank."""
    return " ".join(text.split())


def missing_from_catalogue(project: Project) -> list[Fault]:
    """Every id of the catalogue has its entry."""
    content = project.content
    wanted: tuple[tuple[str, Collection[str], Collection[str]], ...] = (
        (f"{FOLDER}/answers", catalogue.ANSWERS, content.answers),
        (TALK, catalogue.TALK, content.talk),
        (f"{FOLDER}/care", catalogue.CARE, content.care),
    )
    return [
        Fault(place, key, "the catalogue lists this id; write its entry")
        for place, keys, entries in wanted
        for key in keys
        if key not in entries
    ]


def quotes_not_in_document(project: Project) -> list[Fault]:
    """Every fact rests on words that stand in the document."""
    document = fold(project.content.document)
    return [
        Fault(file_of(answer), key, f"not in the document: “{fact.document}”; quote it word for word")
        for key, answer in project.content.answers.items()
        for fact in answer.facts
        if fold(fact.document) not in document
    ]


def links_not_in_document(project: Project) -> list[Fault]:
    """A source is a link that the document gives, and belongs to the section of the answers that name it."""
    content = project.content
    faults = [
        Fault(SOURCES, key, f"the document does not give {source.url}; use one of its links")
        for key, source in content.sources.items()
        if source.url not in content.document
    ]
    for key, answer in content.answers.items():
        source = content.sources.get(answer.link)
        if source and answer.section not in ("both", source.section):
            fault = f"its section is {answer.section}, but its link {answer.link} belongs to {source.section}"
            faults.append(Fault(file_of(answer), key, f"{fault}; correct one of them"))
    return faults


def dead_references(project: Project) -> list[Fault]:
    """What an entry leads to exists, and no answer is its own follow-up."""
    return [
        Fault(file, key, f"{field}: {problem}")
        for file, key, field, names, known in _references(project.content)
        for name in names
        for problem in _problems(field, name, key, known)
    ]


def _problems(field: str, name: str, key: str, known: Collection[str]) -> Iterator[str]:
    if name not in known:
        yield f"there is no {name}; correct it or write that entry"
    if field == "follow_ups" and name == key:
        yield "it leads to itself; name another answer"


def _references(content: Content) -> Iterator[tuple[str, str, str, list[str], Collection[str]]]:
    """File, entry, field, the names that the field holds, and the names that exist."""
    for key, answer in content.answers.items():
        file = file_of(answer)
        yield file, key, "follow_ups", answer.follow_ups, content.answers
        yield file, key, "notes", answer.notes, content.notes
        yield file, key, "link", [answer.link], content.sources
        yield file, key, "safety", [answer.safety], content.safety
    for key, kind in content.not_in_document.items():
        yield NOT_IN_DOCUMENT, key, "nearest", kind.nearest, content.answers
    for key, talk in content.talk.items():
        yield TALK, key, "buttons", talk.buttons, content.answers
    for key, held in content.holds.items():
        yield HOLDS, key, "answers", held, content.answers
    for key, card in content.care.items():
        yield file_of_card(key), key, "holds", list(card.holds), content.holds


def unused_entries(project: Project) -> list[Fault]:
    """Every note, source and safety line is shown somewhere."""
    content = project.content
    answers = content.answers.values()
    used = (
        (NOTES, content.notes, {note for answer in answers for note in answer.notes}),
        (SOURCES, content.sources, {answer.link for answer in answers}),
        (SAFETY, content.safety, {answer.safety for answer in answers}),
    )
    return [
        Fault(file, key, "no answer uses it; name it in one, or delete it")
        for file, entries, names in used
        for key in entries
        if key not in names
    ]


def shared_titles(project: Project) -> list[Fault]:
    """No two topics have the same title: on buttons, people could not tell them apart."""
    content = project.content
    places = {key: (file_of(answer), answer.title) for key, answer in content.answers.items()}
    places.update({key: (NOT_IN_DOCUMENT, kind.title) for key, kind in content.not_in_document.items()})
    first: dict[str, str] = {}
    faults = []
    for key, (file, title) in places.items():
        other = first.setdefault(title.casefold(), key)
        if other != key:
            faults.append(Fault(file, key, f"{other} has the title “{title}” too; give it another"))
    return faults
