"""The types of the content. The YAML files beside this module hold one entry for each object."""

from __future__ import annotations

from typing import Literal, Optional

from pydantic import BaseModel, Extra, Field

# Optional[...] rather than `X | None` below: pydantic 1 evaluates the annotations at run time.

ID = r"^[a-z][a-z0-9_]*$"


class Entry(BaseModel):
    """Base of every entry: unknown keys are faults, and nothing changes after loading."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False
        anystr_strip_whitespace = True
        min_anystr_length = 1


class Fact(Entry):
    """One fact that an answer may state, with the document's own words behind it."""

    fact: str
    document: str


class Source(Entry):
    """A link that the document gives."""

    url: str
    title: str
    section: Literal["spasms", "weight"]


class NoteSource(Entry):
    """Where a note comes from. `second-hand` means that the original page was not read."""

    title: str
    url: str
    read: Literal["directly", "second-hand"]
    date: Optional[str] = None


class Note(Entry):
    """A sentence labelled "Not from the document"."""

    text: str
    source: NoteSource


class Answer(Entry):
    """One answer from the document (catalogue, section 1)."""

    title: str = Field(max_length=24)
    question: str
    section: Literal["spasms", "weight", "both"]
    facts: list[Fact] = Field(min_items=1)
    short: str
    more: str
    simpler: str
    why: str
    referral: str
    caution: Optional[str] = None
    exercises: list[str] = []
    safety: Literal["red_flags", "checked", "medicines"]
    link: str
    notes: list[str] = []
    follow_ups: list[str] = Field(min_items=1, max_items=3)


class NotInDocument(Entry):
    """A kind of question that the document does not answer, and who can answer it."""

    title: str = Field(max_length=24)
    say: str
    ask: str
    nearest: list[str] = Field(max_items=3)


class Talk(Entry):
    """A reply that belongs to the conversation. `buttons` are answers offered as questions to tap."""

    text: str
    buttons: list[str] = Field(default=[], max_items=3)


class Content(Entry):
    """Everything that can be said, by id.

    `version` is a hash of the content files: it is part of every reply, so that a reply can be traced to its wording.
    """

    version: str
    document: str
    answers: dict[str, Answer]
    sources: dict[str, Source]
    notes: dict[str, Note]
    safety: dict[str, str]
    not_in_document: dict[str, NotInDocument]
    talk: dict[str, Talk]
