from __future__ import annotations

import re

from bot.content import Content, content
from bot.evaluation import content_sheets
from bot.evaluation.content_sheets import Sheet


def sheets(loaded: Content) -> dict[str, Sheet]:
    return {sheet.heading: sheet for section in content_sheets.sections(loaded) for sheet in section.sheets}


def words(sheet: Sheet) -> set[str]:
    return {line.text for line in sheet.lines}


def test_every_answer_has_a_sheet_with_every_wording_and_fact() -> None:
    found = sheets(content())
    for answer_id, entry in content().answers.items():
        sheet = found[f"{answer_id}: {entry.title}"]
        assert {entry.short, entry.more, entry.simpler, entry.why, entry.referral} <= words(sheet)
        assert {fact.fact for fact in entry.facts} <= words(sheet)
        assert {f"“{fact.document}”" for fact in entry.facts} <= words(sheet)
        assert content().safety[entry.safety] in words(sheet)
        assert content().sources[entry.link].url in " ".join(words(sheet))


def test_a_note_shows_its_source_and_whether_that_was_read() -> None:
    answer_id, entry = next((key, entry) for key, entry in content().answers.items() if entry.notes)
    note = content().notes[entry.notes[0]]
    shown = next(
        line.text for line in sheets(content())[f"{answer_id}: {entry.title}"].lines if line.label == "its source"
    )
    assert note.source.title in shown
    assert note.source.url in shown
    assert f"(read {note.source.read})" in shown


def test_every_part_of_the_content_has_its_section() -> None:
    headings = {section.heading for section in content_sheets.sections(content())}
    assert {"Answers from the document", "Not in document", "Talk", "Safety", "The document", "Care"} <= headings
    assert len(headings) == len(content().__fields__) - 1  # all but the version, which stands at the top


def test_a_care_card_shows_every_text_of_every_sign() -> None:
    found = sheets(content())
    for card, entry in content().care.items():
        shown = words(found[card])
        assert {entry.heading, entry.body, entry.on_the_phone, entry.do_not, entry.source.url} <= shown
        assert {sign.body for sign in entry.signs.values() if sign.body} <= shown


def test_grades_are_given_to_wordings_alone() -> None:
    for section in content_sheets.sections(content(), grade=lambda text: float(len(text))):
        for sheet in section.sheets:
            for line in sheet.lines:
                is_wording = line.label.split(", ")[-1].replace(" ", "_") in content_sheets.WORDINGS
                if line.grade is not None:
                    assert line.grade == len(line.text)
                    assert is_wording or line.label in ("safety line", "not from the document")
                else:
                    assert not is_wording or len(line.text.split()) < 5


def test_each_sheet_is_a_page_that_says_it_is_unsigned() -> None:
    found = content_sheets.sections(content())
    html = content_sheets.html(content(), found)
    number = sum(len(section.sheets) for section in found)
    assert html.count('<section class="sheet">') == number
    assert html.count(content_sheets.UNSIGNED) == number + 1  # and once at the top
    assert ".sheet { break-before: page }" in html
    assert not re.search(r"<script|<link|<img|\bsrc=|\bhref=|url\(", html)


def test_texts_are_escaped() -> None:
    loaded = content().copy(update={"safety": {**content().safety, "red_flags": "<b>A & E</b>"}})
    assert "&lt;b&gt;A &amp; E&lt;/b&gt;" in content_sheets.html(loaded, content_sheets.sections(loaded))


def test_markdown_holds_the_same_words() -> None:
    found = content_sheets.sections(content())
    text = content_sheets.markdown(content(), found)
    for section in found:
        assert f"## {section.heading}" in text
        for sheet in section.sheets:
            assert f"### {sheet.heading}" in text
            assert all(" ".join(line.text.split()) in text for line in sheet.lines)


def test_the_mean_grade_is_over_what_was_measured() -> None:
    assert content_sheets.mean_grade(content_sheets.sections(content())) is None
    assert content_sheets.mean_grade(content_sheets.sections(content(), grade=lambda _: 4.0)) == 4.0
