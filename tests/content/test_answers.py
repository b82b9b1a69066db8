"""What the answers may and may not say, beyond what `python -m bot check` sees."""

from __future__ import annotations

import re

import pytest

from bot.content import content

ANSWERS = sorted(content().answers)

# hedges that the document puts on its claims; the answer keeps them in each of its wordings that make the claim
HEDGED = {
    "chiropractic": "may",
    "steroid_injections": "may",
    "pain_medicines": "may",
    "abdominal_exercises": "may",
    "herniated_disc": "may",
    "staying_active": "help",
}
# where the document goes further than guidance, a note stands beside the answer
NOTED = {
    "steroid_injections": "spinal_injections",
    "muscle_relaxants": "muscle_relaxant_evidence",
    "losing_weight": "weight_evidence",
    "waist_exercises": "spot_toning",
    "lower_back_exercises": "spot_toning",
    "weight_loss_referral": "dietitian",
}
# amounts that the document does not give: nothing may say how many, how long or how often
AMOUNT = re.compile(r"\b\d+\b|\b(?:minutes?|hours?|times a|twice|daily|reps?|sets of|mg)\b", re.IGNORECASE)


def wordings(answer_id: str) -> dict[str, str]:
    answer = content().answers[answer_id]
    return {field: getattr(answer, field) for field in ("short", "more", "simpler", "why")}


@pytest.mark.parametrize("answer_id", ANSWERS)
def test_no_wording_gives_an_amount(answer_id: str) -> None:
    for field, words in wordings(answer_id).items():
        assert not AMOUNT.search(words), field


@pytest.mark.parametrize("answer_id", ANSWERS)
def test_every_wording_says_something_else(answer_id: str) -> None:
    assert len(set(wordings(answer_id).values())) == 4


@pytest.mark.parametrize(("answer_id", "hedge"), HEDGED.items())
def test_the_hedges_of_the_document_are_kept(answer_id: str, hedge: str) -> None:
    answer = content().answers[answer_id]
    assert re.search(rf"\b{hedge}\b", answer.short), "short"
    assert re.search(rf"\b{hedge}\b|\bcan\b", answer.simpler), "simpler"


@pytest.mark.parametrize(("answer_id", "note"), NOTED.items())
def test_a_note_stands_where_the_document_goes_further_than_guidance(answer_id: str, note: str) -> None:
    assert note in content().answers[answer_id].notes


@pytest.mark.parametrize("answer_id", ANSWERS)
def test_it_is_safe_to_act_on(answer_id: str) -> None:
    """Medicine answers send to a pharmacist; exercise groups carry the document's caution."""
    answer = content().answers[answer_id]
    if answer_id in content().holds["medicines"]:
        assert answer.safety == "medicines"
    if answer.exercises:
        assert answer.caution
        assert "doctor" in answer.caution


def test_each_section_has_its_answers() -> None:
    sections = [answer.section for answer in content().answers.values()]
    assert {section: sections.count(section) for section in set(sections)} == {"spasms": 10, "weight": 14, "both": 1}
