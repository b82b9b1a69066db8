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
    """A reply that belongs to the conversation.

    `buttons` are answers offered as questions to tap; `listed_as` is the conversation id of the reply contract, where
    the entry's own name is finer than that.
    """

    text: str
    listed_as: Optional[str] = None
    buttons: list[str] = Field(default=[], max_items=3)


Level = Literal["emergency", "crisis", "urgent", "gp", "pharmacist"]
Group = Literal["medicines", "injections", "chiropractic", "physiotherapy", "exercise", "weight"]


class CareText(Entry):
    """The parts of a card. What is left out comes from the next one down: sign, third person, the card itself."""

    heading: Optional[str] = None
    body: Optional[str] = None
    on_the_phone: Optional[str] = None
    do_not: Optional[str] = None


class CareSign(CareText):
    """One sign of a card; `level` where it lifts or lowers the card. `official` are wordings that must be caught."""

    level: Optional[Level] = None
    official: list[str]


class Hypothetical(Entry):
    """The card as information, for a sign that is asked about."""

    heading: str
    body: str
    asks: str


class CareSource(NoteSource):
    """Where a card's advice comes from. No clinician has signed any card yet."""


class CareCard(Entry):
    """What is shown before any answer when someone names a warning sign (catalogue, section 2)."""

    title: str = Field(max_length=60)
    level: Level
    heading: str
    body: str
    on_the_phone: str
    do_not: str
    asks: Optional[str]
    third_person: CareText
    hypothetical: Optional[Hypothetical]
    holds: list[Group]
    source: CareSource
    signs: dict[str, CareSign]


class Contacts(Entry):
    """The phone numbers and words of a region. `checked` says where each was found."""

    enabled: bool
    words: dict[str, Optional[str]]
    checked: dict[str, Optional[NoteSource]]


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
    care: dict[str, CareCard]
    care_words: dict[str, str]
    languages: dict[str, str]
    holds: dict[Group, list[str]]
    contacts: Contacts
