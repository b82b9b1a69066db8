from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.benchmark import sample
from bot.benchmark.sample import Example
from bot.language import examples

DATA = Path(__file__).parent.parent.parent / "data" / "nlu"
FILE = """version: "3.1"
nlu:
- intent: child
  metadata: {hand: a, sign: fever}
  examples: |
    - my lad has a fever: what now?
    - "quoted", and 'so on'
    - # not a comment
    - a very long line that YAML would like to fold, since it goes on and on and on and on and on and on and on and on
- intent: child
  metadata: {hand: b, sign: fall}
  examples: |
    - she fell
"""


def make(count: int, label: str) -> list[Example]:
    return [Example((Path("a.yml"), 0, at), (label,), f"{label} {at}") for at in range(count)]


def test_every_stratum_keeps_its_share() -> None:
    chosen = sample.stratified([*make(600, "a"), *make(300, "b"), *make(100, "c")], 100)
    assert Counter(example.stratum for example in chosen) == {("a",): 60, ("b",): 30, ("c",): 10}


def test_a_rare_stratum_keeps_one() -> None:
    chosen = sample.stratified([*make(5000, "a"), *make(1, "b"), *make(2, "c")], 10)
    assert Counter(example.stratum for example in chosen) == {("a",): 8, ("b",): 1, ("c",): 1}


def test_the_choice_does_not_depend_on_the_order() -> None:
    given = [*make(50, "a"), *make(50, "b")]
    assert set(sample.stratified(given, 10)) == set(sample.stratified(given[::-1], 10))
    assert len(set(sample.stratified(given, 10))) == 10


@pytest.mark.parametrize("size", [1, 101])
def test_too_few_or_too_many_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"cannot choose {size}"):
        sample.stratified([*make(50, "a"), *make(50, "b")], size)


def test_a_whole_copy_loses_nothing(tmp_path: Path) -> None:
    source = tmp_path / "source" / "care"
    source.mkdir(parents=True)
    (source / "child.yml").write_text(FILE, encoding="utf-8")
    assert sample.copy(source.parent, tmp_path / "copy", None) == 5
    assert examples.read(tmp_path / "copy") == examples.read(source.parent)
    assert len(examples.read(source.parent)) == 5


def test_a_thousand_of_the_project_have_every_intent_and_sign(tmp_path: Path) -> None:
    assert sample.copy(DATA, tmp_path, 1000) == 1000
    chosen, everything = examples.read(tmp_path), examples.read(DATA)
    assert len(chosen) == 1000
    assert set(chosen) <= set(everything)
    assert {(one.intent, one.sign) for one in chosen} == {(one.intent, one.sign) for one in everything}
    most = Counter(one.intent for one in everything).most_common(1)[0]
    kept = Counter(one.intent for one in chosen)[most[0]]
    assert kept == pytest.approx(1000 * most[1] / len(everything), rel=0.3)
