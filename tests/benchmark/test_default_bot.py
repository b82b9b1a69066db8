from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from ruamel.yaml import YAML

from bot.benchmark import default_bot, sample
from bot.content import content

DATA = Path(__file__).parent.parent.parent / "data" / "nlu"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default assistant on a thousand examples."""
    folder = tmp_path_factory.mktemp("default")
    sample.copy(DATA, folder / "data" / "nlu", 1000)
    default_bot.write(folder)
    return folder


def load(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def says(project: Path, intent: str) -> dict[str, Any]:
    response = load(project / "domain.yml")["responses"][f"utter_{intent}"]
    assert len(response) == 1
    item: dict[str, Any] = response[0]["custom"]["data"]["says"][0]
    return item


def test_rasa_chooses_pipeline_and_policies(project: Path) -> None:
    config = load(project / "config.yml")
    assert config["recipe"] == "default.v1"
    assert config["pipeline"] is None
    assert config["policies"] is None


def test_every_intent_has_one_rule_and_one_response(project: Path) -> None:
    intents = default_bot.read_intents(project / "data" / "nlu") | {default_bot.FALLBACK}
    rules = load(project / "data" / "rules.yml")["rules"]
    assert [step["intent"] for rule in rules for step in rule["steps"] if "intent" in step] == [
        *sorted(intents - {default_bot.FALLBACK}),
        default_bot.FALLBACK,
    ]
    assert set(load(project / "domain.yml")["responses"]) == {f"utter_{intent}" for intent in intents}


def test_it_knows_every_answer_and_card_of_lumbar(project: Path) -> None:
    intents = set(load(project / "domain.yml")["intents"])
    assert set(content().answers) <= intents
    assert set(content().care) <= intents


def test_replies_to_the_chooser_are_left_out(project: Path) -> None:
    assert (DATA / "chooser").is_dir()
    assert not list((project / "data" / "nlu" / "chooser").glob("*.yml"))


def test_stories_agree_with_the_rules(project: Path) -> None:
    rules = {
        rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in load(project / "data" / "rules.yml")["rules"]
    }
    stories = load(project / "data" / "stories.yml")["stories"]
    assert len(stories) == len(content().answers)
    for story in stories:
        steps = story["steps"]
        for asked, done in zip(steps[::2], steps[1::2]):
            assert rules[asked["intent"]] == done["action"]


def test_replies_carry_the_contract(project: Path) -> None:
    assert says(project, "ice_and_heat")["kind"] == "answer"
    assert says(project, "ice_and_heat")["ids"] == ["ice_and_heat"]
    assert says(project, "dose")["kind"] == "not_in_document"
    assert says(project, "greet") == {**says(project, "greet"), "kind": "talk", "ids": ["greet"]}
    assert says(project, "out_of_scope")["kind"] == "out_of_scope"
    assert says(project, default_bot.FALLBACK)["kind"] == "not_in_document"
    for card, entry in content().care.items():
        assert says(project, card)["level"] == entry.level
        assert says(project, card)["ids"] == [card]


def test_rasa_reads_the_domain_and_finds_nothing_to_fill_in(project: Path) -> None:
    domain = Domain.load(project / "domain.yml")
    for responses in domain.responses.values():
        assert "{" not in responses[0]["text"]  # Rasa would put slots there


def test_the_fingerprint_follows_data_and_versions(project: Path, tmp_path: Path) -> None:
    lock, other = tmp_path / "a.txt", tmp_path / "b.txt"
    lock.write_text("rasa==3.6.21", encoding="utf-8")
    other.write_text("rasa==3.6.20", encoding="utf-8")
    first = default_bot.fingerprint(project, lock)
    assert default_bot.fingerprint(project, lock) == first
    assert default_bot.fingerprint(project, other) != first
    stories = project / "data" / "stories.yml"
    whole = stories.read_text(encoding="utf-8")
    stories.write_text(whole + "\n", encoding="utf-8")
    assert default_bot.fingerprint(project, lock) != first
    stories.write_text(whole, encoding="utf-8")
