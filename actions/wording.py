"""Turn entries of the content into what is shown. The words are the content's; only their order is decided here."""

from __future__ import annotations

from typing import Any, Literal

from actions.reply import Button, Item, button, says
from bot.content import Answer, content

View = Literal["short", "more", "simpler", "why"]


def answer(answer_id: str, view: View = "short") -> Item:
    """An answer from the document, with caution, notes, referral, source and safety line."""
    entry = content().answers[answer_id]
    lines = [getattr(entry, view)]
    if entry.caution and view == "short":
        lines.append(entry.caution)
    if view == "short":
        lines.extend(notes(entry))
    lines.append(entry.referral)
    lines.append(source_line(entry))
    lines.append(content().safety[entry.safety])
    buttons = tuple(topic_button(other) for other in entry.follow_ups)
    listed = says("answer", [answer_id], source=source(entry))
    return Item("\n".join(lines), listed, buttons)


def notes(entry: Answer) -> list[str]:
    """The notes of an answer, each labelled and with its own source."""
    found = [content().notes[key] for key in entry.notes]
    return [f"Not from the document: {note.text} Source: {note.source.title}, {note.source.url}" for note in found]


def source(entry: Answer) -> dict[str, str]:
    """Where an answer stands, for the reply contract."""
    link = content().sources[entry.link]
    return {"section": link.section, "title": link.title, "url": link.url}


def source_line(entry: Answer) -> str:
    """Where an answer stands, for the reader."""
    link = content().sources[entry.link]
    return f"Source: the document, “{link.title}”. It gives this link: {link.url}"


def topic_button(topic: str) -> Button:
    """A button that asks about an answer, or about a kind of question that is not in the document."""
    entry = content().answers.get(topic) or content().not_in_document[topic]
    return button(entry.title, topic)


def question_button(answer_id: str) -> Button:
    """A button that shows an answer's sample question."""
    return button(content().answers[answer_id].question, answer_id)


def not_in_document(kind: str) -> Item:
    """Say that the document does not answer this, name who to ask, and offer the nearest answers."""
    entry = content().not_in_document[kind]
    offers = list(entry.nearest)
    listed = says("not_in_document", ["not_in_document"], offers=offers)
    return Item(f"{entry.say}\n{entry.ask}", listed, tuple(topic_button(offer) for offer in offers))


def topic(label: str) -> Item:
    """What is said about a topic, whether the document answers it or not."""
    if label in content().answers:
        return answer(label)
    return not_in_document(label)


def talk(talk_id: str, asks: str | None = None) -> Item:
    """A reply that belongs to the conversation."""
    return Item(content().talk[talk_id].text, says("talk", [talk_id], asks), sample_buttons(talk_id))


def sample_buttons(talk_id: str) -> tuple[Button, ...]:
    """The sample questions of a conversation text."""
    return tuple(question_button(answer_id) for answer_id in content().talk[talk_id].buttons)


def out_of_scope() -> Item:
    """Say what can be talked about."""
    return Item(
        content().talk["out_of_scope"].text, says("out_of_scope", ["out_of_scope"]), sample_buttons("out_of_scope")
    )


def ask_back(talk_id: str, options: list[str]) -> Item:
    """A question back, with the options as buttons and a way out."""
    buttons = (*(topic_button(option) for option in options), button("Something else", "something_else"))
    return Item(content().talk[talk_id].text, says("ask", options, "clarify"), buttons)


def first_notice() -> Item:
    """Who is speaking. Shown in the first reply of a conversation, and not listed in the contract."""
    return Item(content().talk["first_notice"].text)


def summary(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The machine-readable part of a message (reply contract)."""
    return {"data": {"says": items, "content_version": content().version}}
