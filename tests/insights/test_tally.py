"""What a turn is counted as."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest

from actions import wording
from bot.insights import tally as module
from bot.insights.tally import Key, Kind, Tally, step

TODAY = date(2026, 11, 5)


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch) -> Tally:
    monkeypatch.setattr(module, "today", lambda: TODAY)
    return Tally()


def item(kind: str, *ids: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "ids": list(ids), "level": None, "asks": None, **more}


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        (item("answer", "ice_and_heat"), [(Kind.ANSWER, "ice_and_heat", "")]),
        (
            item("answer", "waist_exercises", "starting_exercise", plan=True),
            [(Kind.ANSWER, "waist_exercises", ""), (Kind.ANSWER, "starting_exercise", "")],
        ),
        (item("not_in_document", "not_in_document", about="dose"), [(Kind.NOT_IN_DOCUMENT, "dose", "")]),
        (item("out_of_scope", "out_of_scope"), [(Kind.OUT_OF_SCOPE, "", "")]),
        (item("ask", "sleep", "dose", asks="clarify"), [(Kind.CLARIFY, "ask", "")]),
        (item("talk", "more", asks="clarify"), [(Kind.CLARIFY, "talk", "")]),
        (item("ask", "which_exercises", asks="active"), []),
        (item("talk", "human", about="two_misses"), [(Kind.TWO_MISSES, "", "")]),
        (item("talk", "greet"), []),
        (item("error"), [(Kind.ERROR, "", "")]),
        (item("care", "cauda_equina", level="emergency"), [(Kind.CARE, "cauda_equina", "emergency")]),
        (
            item("care", "cauda_equina", level="emergency", informational=True),
            [(Kind.CARE_INFORMATION, "cauda_equina", "emergency")],
        ),
        (
            item("talk", "feedback", mark={"answer": "ice_and_heat", "helpful": True, "reason": None}),
            [(Kind.FEEDBACK, "ice_and_heat", "helpful")],
        ),
        (
            item("talk", "feedback", mark={"answer": "ice_and_heat", "helpful": False, "reason": "missing"}),
            [(Kind.FEEDBACK, "ice_and_heat", "missing")],
        ),
    ],
)
def test_each_kind_of_thing_shown_is_counted(tally: Tally, said: Any, counted: list[tuple[Kind, str, str]]) -> None:
    tally.turn([said], 0.0195)
    expected = {Key(TODAY, Kind.TURN): 1, Key(TODAY, Kind.MILLISECONDS, "20.0"): 1}
    expected |= {Key(TODAY, *key): 1 for key in counted}
    assert tally.take() == expected


def test_what_the_assistant_says_is_what_is_counted(tally: Tally) -> None:
    """The items are those of the actions, not only of this test."""
    says = [wording.not_in_document("dose").says, wording.two_misses().says, wording.ask_back("did_you_mean", []).says]
    tally.turn([said for said in says if said], 0.01)
    kinds = {(key.kind, key.name) for key in tally.take()}
    assert {(Kind.NOT_IN_DOCUMENT, "dose"), (Kind.TWO_MISSES, ""), (Kind.CLARIFY, "ask")} <= kinds


def test_a_mark_and_its_reason_are_counted_apart(tally: Tally) -> None:
    tally.feedback("ice_and_heat", False, None)
    tally.feedback("ice_and_heat", False, "missing")
    tally.feedback("ice_and_heat", True, None)
    marks = {key.detail: number for key, number in tally.take().items()}
    assert marks == {"not_helpful": 1, "missing": 1, "helpful": 1}


@pytest.mark.parametrize(
    ("seconds", "upper"),
    [(0, "1.0"), (0.001, "1.0"), (0.00101, "1.1"), (0.0199, "20.0"), (0.02, "22.4"), (0.1, "100.0"), (12, "12589.3")],
)
def test_times_are_counted_in_steps(seconds: float, upper: str) -> None:
    assert step(seconds) == upper


@pytest.mark.parametrize("milliseconds", [1.3, 7, 19.3, 238, 4999, 10_000])
def test_a_step_is_at_most_an_eighth_too_long(milliseconds: float) -> None:
    assert milliseconds <= float(step(milliseconds / 1000)) + 0.05 <= milliseconds * 1.125 + 0.1


def test_what_was_taken_is_not_taken_again_and_can_be_put_back(tally: Tally) -> None:
    tally.turn([], 0.02)
    taken = tally.take()
    assert tally.take() == {}
    tally.turn([], 0.02)
    tally.add(taken)
    assert tally.take()[Key(TODAY, Kind.TURN)] == 2


def test_threads_lose_nothing(tally: Tally) -> None:
    taken: list[int] = []

    def count() -> None:
        for _ in range(2000):
            tally.turn([], 0.02)

    def take() -> None:
        for _ in range(200):
            taken.append(tally.take().get(Key(TODAY, Kind.TURN), 0))

    threads = [threading.Thread(target=work) for work in (count, count, count, take)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) + tally.take().get(Key(TODAY, Kind.TURN), 0) == 6000
