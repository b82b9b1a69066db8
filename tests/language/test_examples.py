from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from bot.language import examples
from bot.language.examples import Example
from bot.language.labels import card_of, is_sign, is_topic, label_of


def test_every_line_is_an_example_with_the_metadata_of_its_block(tmp_path: Path) -> None:
    (tmp_path / "care").mkdir()
    (tmp_path / "care" / "child.yml").write_text(
        """version: "3.1"
nlu:
- intent: child
  metadata: {hand: a, sign: under_16, level: urgent, hypothetical: true}
  examples: |
    - my lad is nine
    - she's six - and crying
- intent: area
  metadata: {hand: h, only_when_asked: true}
  examples: |
    - waist
""",
        encoding="utf-8",
    )
    (tmp_path / "a.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - hiya\n", encoding="utf-8")
    assert examples.read(tmp_path) == [
        Example("hiya", "greet"),
        Example("my lad is nine", "child", "a", "under_16", "urgent", hypothetical=True),
        Example("she's six - and crying", "child", "a", "under_16", "urgent", hypothetical=True),
        Example("waist", "area", "h", only_when_asked=True),
    ]


def test_the_project_has_examples_by_several_hands() -> None:
    read = examples.read()
    assert len(read) > 10_000
    assert all(example.text and example.hand for example in read)
    hands: dict[str, set[str]] = defaultdict(set)
    for example in read:
        hands[example.intent].add(example.hand)
    assert all(len(hands[intent]) >= 2 for intent in ("ice_and_heat", "dose", "cauda_equina"))


def test_labels() -> None:
    sign, topic = Example("", "child", sign="under_16"), Example("", "ice_and_heat")
    assert (label_of(sign), label_of(topic)) == ("child/under_16", "ice_and_heat")
    assert is_sign("child/under_16")
    assert not is_sign("ice_and_heat")
    assert (card_of("child/under_16"), card_of("ice_and_heat")) == ("child", "ice_and_heat")
    assert is_topic("ice_and_heat")
    assert is_topic("dose")
    assert not is_topic("greet")
