"""Turn entries of the content into what is shown. The words are the content's; only their order is decided here."""

from __future__ import annotations

from typing import Any, Literal

from actions.reply import Button, Item, button, says
from bot.content import Answer, cards, content
from bot.dialogue import chooser
from bot.dialogue.messages import Sign
from bot.settings import settings

View = Literal["short", "more", "simpler", "why", "referral"]


def answer(answer_id: str, view: View = "short") -> Item:
    """An answer from the document, with caution, notes, referral, source and safety line."""
    entry = content().answers[answer_id]
    lines = [getattr(entry, view)]
    if entry.caution and view == "short":
        lines.append(entry.caution)
    if view == "short":
        lines.extend(notes(entry))
    if view != "referral":
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
    listed = says("not_in_document", ["not_in_document"], offers=offers, about=kind)
    return Item(f"{entry.say}\n{entry.ask}", listed, tuple(topic_button(offer) for offer in offers))


def topic(label: str) -> Item:
    """What is said about a topic, whether the document answers it or not."""
    if label in content().answers:
        return answer(label)
    return not_in_document(label)


def talk(talk_id: str, asks: str | None = None) -> Item:
    """A reply that belongs to the conversation."""
    entry = content().talk[talk_id]
    return Item(entry.text, says("talk", [entry.listed_as or talk_id], asks), sample_buttons(talk_id))


def timed_talk(talk_ids: tuple[str, ...], asks: str | None = None, buttons: tuple[Button, ...] = ()) -> Item:
    """A reply about how long the conversation is kept, with the times of the settings; some say two things at once."""
    item = talk(talk_ids[0], asks)
    text = "\n".join(content().talk[talk_id].text for talk_id in talk_ids)
    times = {"keep_time": amount(settings().keep_hours, "hour"), "history_time": amount(settings().history_days, "day")}
    return Item(text.format(**times), item.says, buttons or item.buttons)


def amount(number: float, unit: str) -> str:
    """A number with its unit, such as "1 day" and "24 hours"."""
    return f"{number:g} {unit}" if number == 1 else f"{number:g} {unit}s"


def sample_buttons(talk_id: str) -> tuple[Button, ...]:
    """The sample questions of a conversation text."""
    return tuple(question_button(answer_id) for answer_id in content().talk[talk_id].buttons)


def out_of_scope() -> Item:
    """Say what can be talked about."""
    return Item(
        content().talk["out_of_scope"].text, says("out_of_scope", ["out_of_scope"]), sample_buttons("out_of_scope")
    )


def two_misses() -> Item:
    """Name people who can help, after nothing was understood twice running."""
    entry = content().talk["two_misses"]
    return Item(entry.text, says("talk", [entry.listed_as or "two_misses"], about="two_misses"))


def ask_back(talk_id: str, options: list[str]) -> Item:
    """A question back, with the options as buttons and a way out."""
    buttons = (*(topic_button(option) for option in options), button("Something else", "something_else"))
    return Item(content().talk[talk_id].text, says("ask", options, "clarify"), buttons)


def chooser_question(question: str) -> Item:
    """A question of the chooser, with its usual answers as buttons."""
    if question == chooser.AREA:
        buttons = tuple(topic_button(chooser.AREAS[area]) for area in chooser.ALL_AREAS)
    else:
        buttons = (button("Yes", "affirm"), button("No", "deny"))
    text = content().talk[f"chooser_{question}"].text
    return Item(text, says("ask", ["which_exercises"], question), buttons)


def exercise_plan(answers: list[str]) -> Item:
    """The chooser's plan: the fitting answers with their exercises, the document's cautions, and its source."""
    entries = [content().answers[answer_id] for answer_id in answers]
    listed = any(entry.exercises for entry in entries)
    in_spasm = "spasm_after_injury" in answers
    lines = [content().talk["chooser_plan_spasm" if in_spasm else "chooser_plan"].text]
    lines += [f"{entry.title}: {', '.join(entry.exercises) if entry.exercises else entry.short}" for entry in entries]
    cautions = dict.fromkeys(entry.caution for entry in entries if entry.caution)
    if listed and "starting_exercise" not in answers:
        lines += cautions
    lines += [content().talk["chooser_end"].text] if listed else []
    lines += [source_line(entries[-1]), content().safety["red_flags"]]
    buttons = tuple(topic_button(answer_id) for answer_id in answers)
    return Item("\n".join(lines), says("answer", answers, source=source(entries[-1]), plan=True), buttons)


def first_notice() -> Item:
    """Who is speaking. Shown in the first reply of a conversation, and not listed in the contract."""
    return Item(content().talk["first_notice"].text)


def summary(items: list[dict[str, Any]], is_copy: bool = False) -> dict[str, Any]:
    """The machine-readable part of a message (reply contract); `copy` tells the store not to keep its text."""
    return {"data": {"says": items, "content_version": content().version, **({"copy": True} if is_copy else {})}}


def card(sign: Sign) -> Item:
    """The care card of a sign, with its question."""
    shown = cards.show(sign.card, sign.sign, sign.someone_else, sign.informational)
    asks = "is_it_happening" if shown.asks else None
    listed = {**says("care", [sign.card], asks), "level": shown.level, "informational": sign.informational}
    buttons = (button("Yes", "affirm"), button("No", "deny")) if shown.asks else ()
    in_their_language = content().languages.get(sign.language or "")
    return Item("\n".join(line for line in (in_their_language, shown.text) if line), listed, buttons)


def care_word(word: str, talk_id: str) -> Item:
    """A word that follows a card; it is a text, not a card."""
    return Item(content().care_words[word], says("talk", [talk_id]))
