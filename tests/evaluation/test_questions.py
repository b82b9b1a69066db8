from __future__ import annotations

from pathlib import Path

import pytest

from bot.content import content
from bot.evaluation import questions
from bot.evaluation.questions import EvaluationError, Figure, Paths, Target
from bot.evaluation.shares import Share
from tests.evaluation.scores import SCORES


def figure(name: str) -> Figure:
    return next(one for one in questions.figures(SCORES) if name in one.target.name)


def test_counts_of_one_figure_are_added_up() -> None:
    assert figure("right level").share == Share(3, 4)


def test_questions_and_dialogues_are_counted() -> None:
    assert figure("answered").share == Share(3, 4)
    assert figure("every turn").share == Share(1, 2)
    assert figure("turns of dialogues").share == Share(9, 10)


def test_a_share_meets_its_target_from_the_goal_on() -> None:
    assert figure("caught").verdict == "met"
    assert figure("answered").verdict == "missed"


def test_a_share_that_is_to_stay_low_meets_its_target_up_to_the_goal() -> None:
    assert figure("benign").verdict == "met"
    assert Figure(figure("benign").target, Share(4, 100)).verdict == "missed"


def test_what_was_not_counted_is_neither_met_nor_missed() -> None:
    assert figure("two questions").verdict == ""
    assert Figure(Target("any", ("any",), 0.0), Share(1, 2)).verdict == ""


def test_misses_of_questions_and_of_dialogues_are_told_apart() -> None:
    assert [miss["id"] for miss in questions.misses(SCORES)] == ["q1", "q2", "q3", "q4"]
    assert [miss["id"] for miss in questions.failed_turns(SCORES)] == ["d1"]


def test_confusions_name_the_best_answer_and_what_came_first() -> None:
    assert questions.confusions(questions.misses(SCORES)) == [
        ("answer: ice_and_heat", "nothing", 2),
        ("answer: ice_and_heat", "ask: waist_exercises, other_causes", 1),
        ("care: child", "not_in_document", 1),
    ]


@pytest.mark.parametrize(
    ("label", "row", "right"),
    [
        ("ice_and_heat", {"kind": "answer", "ids": ["pain_medicines", "ice_and_heat"]}, True),
        ("dose", {"kind": "answer", "ids": ["ice_and_heat"]}, False),
        ("dose", {"kind": "not_in_document", "ids": []}, True),
        ("ice_and_heat", {"kind": "not_in_document", "ids": []}, False),
        ("ice_and_heat", {"kind": "not_in_document", "ids": ["ice_and_heat"]}, True),
        ("out_of_scope", {"kind": "out_of_scope", "ids": []}, True),
        ("greet", {"kind": "out_of_scope", "ids": []}, False),
    ],
)
def test_a_reading_is_judged_by_its_label(label: str, row: dict[str, object], right: bool) -> None:
    assert "dose" in content().not_in_document
    assert questions.acceptable(label, row) is right


def test_missing_files_are_named(tmp_path: Path) -> None:
    there = tmp_path / "questions.jsonl"
    there.write_text("", encoding="utf-8")
    with pytest.raises(EvaluationError) as raised:
        Paths(there, tmp_path / "none.jsonl", tmp_path / "none.py").check()
    assert "none.jsonl" in str(raised.value)
    assert "none.py" in str(raised.value)
    assert "questions.jsonl" not in str(raised.value)


def test_a_scorer_that_fails_is_an_error(tmp_path: Path) -> None:
    scorer = tmp_path / "scorer.py"
    scorer.write_text("raise SystemExit(3)", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"scorer\.py failed"):
        questions.ask("http://127.0.0.1:1", Paths(scorer=scorer))
