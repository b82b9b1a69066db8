from __future__ import annotations

import pytest

from bot.content import cards, content
from bot.content.cards import NEVER_HYPOTHETICAL


def test_a_card_in_its_own_words() -> None:
    shown = cards.show("cauda_equina", "saddle", someone_else=False, informational=False)
    card = content().care["cauda_equina"]
    assert shown.level == "emergency"
    assert shown.text.splitlines() == [card.heading, card.body, card.on_the_phone, card.do_not, card.asks]
    assert "A&E now" in shown.heading


def test_a_card_about_someone_else() -> None:
    shown = cards.show("cauda_equina", "saddle", someone_else=True, informational=False)
    card = content().care["cauda_equina"]
    assert shown.heading == card.third_person.heading
    assert shown.on_the_phone == card.on_the_phone


def test_a_sign_with_words_of_its_own_goes_before_the_third_person() -> None:
    shown = cards.show("chest_or_collapse", "calf", someone_else=True, informational=False)
    assert shown.heading == content().care["chest_or_collapse"].signs["calf"].heading


@pytest.mark.parametrize(
    ("card", "sign", "level"),
    [
        ("chest_or_collapse", "calf", "urgent"),
        ("chest_or_collapse", "chest", "emergency"),
        ("chest_or_collapse", None, "emergency"),
        ("chest_or_collapse", "no such sign", "emergency"),
        ("medicine_safety", "stopping", "urgent"),
        ("medicine_safety", "driving", "pharmacist"),
    ],
)
def test_a_sign_may_lift_or_lower_its_card(card: str, sign: str | None, level: str) -> None:
    assert cards.level_of(card, sign) == level
    assert cards.show(card, sign, someone_else=False, informational=False).level == level


@pytest.mark.parametrize("card", sorted(set(content().care) - NEVER_HYPOTHETICAL))
def test_as_information_it_says_so_and_asks_whether_it_has_happened(card: str) -> None:
    shown = cards.show(card, None, someone_else=False, informational=True)
    assert shown.heading.startswith("For information:")
    assert shown.asks
    assert shown.text.endswith(shown.asks)


@pytest.mark.parametrize("card", sorted(NEVER_HYPOTHETICAL))
def test_some_cards_are_never_mere_information(card: str) -> None:
    asked = cards.show(card, None, someone_else=False, informational=True)
    assert asked == cards.show(card, None, someone_else=False, informational=False)


def test_a_card_that_its_sign_lifts_to_an_emergency_asks_too() -> None:
    lifted = {
        (card, sign)
        for card, entry in content().care.items()
        for sign in entry.signs
        if cards.level_of(card, sign) == "emergency" and entry.level not in ("emergency", "crisis")
    }
    assert lifted
    for card, sign in lifted:
        assert cards.show(card, sign, someone_else=False, informational=False).asks, (card, sign)


def test_what_a_card_holds_back() -> None:
    held = cards.held_answers("cauda_equina")
    assert {"pain_medicines", "steroid_injections", "chiropractic", "lower_back_exercises", "losing_weight"} <= held
    assert "when_to_see_doctor" not in held
    assert cards.held_answers("medicine_safety") >= {"pain_medicines", "muscle_relaxants"}
