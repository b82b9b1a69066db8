"""How replies look: nothing is lost, whatever they hold, and the services' limits are kept."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import marks, payloads, prose, slack_events, slack_layout, telegram_layout
from bot.content import cards, content
from tests.support import slack_api, telegram_api

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(" \n.🦴"), min_size=1, max_size=300)


def squeezed(text: str) -> str:
    """A text without its white space."""
    return "".join(text.split())


@given(TEXTS, st.integers(4, 60))
def test_no_word_is_lost_when_a_text_is_cut(text: str, limit: int) -> None:
    found = [text[start:end] for start, end in prose.pieces(text, limit, telegram_layout.units)]
    assert all(piece and telegram_layout.units(piece) <= limit for piece in found)
    assert squeezed("".join(found)) == squeezed(text)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One two. Three four. Five.", ["One two.", "Three four.", "Five."]),
        ("One two\nthree four", ["One two", "three four"]),
        ("onetwothree four", ["onetwothree", "four"]),
        ("onetwothreefour", ["onetwothreef", "our"]),
        ("Short.", ["Short."]),
        ("  ", []),
    ],
)
def test_a_text_is_cut_at_sentences_then_lines_then_words(text: str, pieces: list[str]) -> None:
    assert [text[start:end] for start, end in prose.pieces(text, 12)] == pieces


def messages() -> list[dict[str, Any]]:
    """A message for each answer, as it is shown with its buttons."""
    return [
        {
            "text": f"{entry.short}\nSource: {entry.title}",
            "buttons": [
                {"title": content().answers[other].title, "payload": f"/{other}"} for other in entry.follow_ups
            ],
            "says": {"kind": "answer", "ids": [name]},
        }
        for name, entry in content().answers.items()
    ]


def test_every_button_of_the_content_fits() -> None:
    for payload, title in payloads.known().items():
        assert len(payload.encode()) <= telegram_layout.MAX_DATA
        assert len(title) <= slack_layout.MAX_TITLE
    for name in content().answers:
        for title, payload in [*marks.question(name), *marks.reasons(name)]:
            assert len(payload.encode()) <= telegram_layout.MAX_DATA
            assert len(title) <= slack_layout.MAX_TITLE


def test_every_answer_is_within_the_limits_of_both() -> None:
    telegram, slack = telegram_api.TelegramApi(), slack_api.SlackApi()
    for message in messages():
        for part in telegram_layout.parts(message):
            keyboard = {"inline_keyboard": part.keyboard}
            telegram._sendMessage(
                {"chat_id": 1, "text": part.text, "entities": part.entities, "reply_markup": keyboard}
            )
        for shown in slack_layout.parts(message):
            slack._chat_postMessage({"channel": "D1", "text": shown.text, "blocks": shown.blocks})
            assert slack_api.shown_text({"blocks": shown.blocks}) == message["text"]


@given(TEXTS, st.sampled_from(["care", "answer", "talk"]))
def test_slack_shows_every_word(text: str, kind: str) -> None:
    if not text.strip():
        return
    message = {"text": text, "says": {"kind": kind, "ids": ["ice_and_heat"], "level": "emergency"}}
    shown = [slack_api.shown_text({"blocks": part.blocks}) for part in slack_layout.parts(message)]
    assert squeezed("".join(shown)) == squeezed(text)


def test_slack_allows_each_block_of_a_care_card_without_a_second_line() -> None:
    (part,) = slack_layout.parts({"text": "Call 999 now.", "says": {"kind": "care", "ids": ["overdose"]}})
    assert all(map(slack_api.allowed, part.blocks))


def test_short_titles_stand_side_by_side_and_long_ones_alone() -> None:
    titles = ["Yes", "No", "Ice and heat", "What helps a back spasm after an injury?", "Posture"]
    rows = telegram_layout.rows([(title, "/x") for title in titles])
    assert [[button["text"] for button in row] for row in rows] == [
        ["Yes", "No", "Ice and heat"], ["What helps a back spasm after an injury?"], ["Posture"],
    ]  # fmt: skip


def test_more_buttons_than_telegram_allows_go_into_another_message() -> None:
    buttons = [{"title": f"A rather long title, number {place}", "payload": "/affirm"} for place in range(230)]
    made = telegram_layout.parts({"text": "Choose.", "buttons": buttons})
    assert [part.text for part in made] == ["Choose.", "…", "…"]
    assert sum(len(row) for part in made for row in part.keyboard) == 230


@given(st.text(min_size=1, max_size=200))
def test_what_a_button_carries_leads_back_to_its_payload(payload: str) -> None:
    if payload.encode("utf-8", "ignore").decode() != payload:
        return
    data = telegram_layout.data_of(payload)
    assert len(data.encode()) <= 64
    assert telegram_layout.payload_of(data, [payload, "/other"]) == payload


@pytest.mark.parametrize("payload", ["mark:ice_and_heat:yes", "mark:ice_and_heat:no", "mark:ice_and_heat:no:missing"])
def test_marks_are_read_as_they_are_written(payload: str) -> None:
    mark = marks.read(payload)
    assert mark is not None
    assert mark.payload == payload


@pytest.mark.parametrize(
    "payload",
    [None, 5, "", "mark", "mark:ice_and_heat", "mark:unknown:yes", "mark:ice_and_heat:maybe", "/ice_and_heat",
     "mark:ice_and_heat:no:rude", "mark:ice_and_heat:no:missing:x"],
)  # fmt: skip
def test_what_is_no_mark_is_none(payload: Any) -> None:
    assert marks.read(payload) is None


@given(st.text(max_size=200))
def test_whatever_somebody_types_in_slack_is_read(text: str) -> None:
    assert isinstance(slack_events.plain(text), str)


def test_a_card_that_nobody_else_may_see_stays_out_of_notifications() -> None:
    card = cards.show("danger_at_home", None, False, False)
    message = {"text": card.text, "says": {"kind": "care", "ids": ["danger_at_home"], "level": card.level}}
    (telegram,) = telegram_layout.parts(message)
    whole = {"type": "spoiler", "offset": 0, "length": telegram_layout.units(card.text)}
    assert (telegram.text, telegram.entities) == (card.text, [whole])
    (slack,) = slack_layout.parts(message)
    assert slack.text == "New message"
    assert slack_api.shown_text({"blocks": slack.blocks}) == card.text
