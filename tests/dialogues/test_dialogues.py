"""Dialogues over HTTP: what is listed, the words that people see, and the buttons.

Each file below this folder is one dialogue, a list of turns:

    user: what is typed, or the payload of a button
    says: the items of the reply contract, in order; each item's listed fields must be as given
    shows: words that must be seen
    hides: words that must not
    buttons: the payloads offered, in order
    refused: the HTTP status of a message that is not taken
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.serving import Response, Server, new_sender

FOLDER = Path(__file__).parent
FIELDS = {"user", "says", "shows", "hides", "buttons", "refused"}
DIALOGUES = sorted(FOLDER.glob("*/*.yml"))


def read(path: Path) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return turns


def faults(turn: dict[str, Any], response: Response) -> list[str]:
    """What is not as the turn says it should be."""
    if "refused" in turn:
        found = [] if response.status == turn["refused"] else [f"status {response.status}"]
        return found + [f"does not show {words!r}" for words in turn["shows"] if words not in response.json["message"]]
    found = []
    if "says" in turn:
        expected, said = turn["says"], response.says
        listed = [{field: item.get(field) for field in fields} for fields, item in zip(expected, said)]
        if listed != expected or len(said) != len(expected):
            found.append(f"says {[(item['kind'], item['ids'], item['asks']) for item in said]}")
    found += [f"does not show {words!r}" for words in turn["shows"] if words not in response.text]
    found += [f"shows {words!r}" for words in turn.get("hides", []) if words in response.text]
    if turn.get("buttons", response.payloads) != response.payloads:
        found.append(f"offers {response.payloads}")
    return found


@pytest.mark.parametrize("path", DIALOGUES, ids=[f"{path.parent.name}-{path.stem}" for path in DIALOGUES])
def test_dialogue(server: Server, path: Path) -> None:
    sender = new_sender()
    for turn in read(path):
        assert faults(turn, server.say(turn["user"], sender)) == [], turn["user"]


@pytest.mark.parametrize("path", DIALOGUES, ids=[f"{path.parent.name}-{path.stem}" for path in DIALOGUES])
def test_every_turn_of_a_dialogue_is_looked_at(path: Path) -> None:
    for turn in read(path):
        assert set(turn) <= FIELDS
        assert turn["shows"]


def test_each_kind_of_dialogue_is_there() -> None:
    kinds = {path.parent.name for path in DIALOGUES}
    assert kinds == {
        "happy_path",
        "corrections",
        "interruptions",
        "digressions",
        "negations",
        "invalid_input",
        "knowledge",
        "disambiguation",
    }


SAID = Response(
    200,
    '[{"text": "Ice helps.", "buttons": [{"payload": "/more"}]},'
    ' {"custom": {"data": {"says": [{"kind": "answer", "ids": ["ice_and_heat"], "asks": null}]}}}]',
)


@pytest.mark.parametrize(
    ("turn", "found"),
    [
        ({"says": [{"kind": "answer", "ids": ["ice_and_heat"]}], "shows": ["Ice"], "buttons": ["/more"]}, []),
        ({"says": [{"kind": "answer", "ids": ["sleep"]}], "shows": []}, ["says [('answer', ['ice_and_heat'], None)]"]),
        ({"says": [], "shows": []}, ["says [('answer', ['ice_and_heat'], None)]"]),
        ({"says": [{"kind": "answer"}] * 2, "shows": []}, ["says [('answer', ['ice_and_heat'], None)]"]),
        ({"says": [{"kind": "answer", "view": "more"}], "shows": []}, ["says [('answer', ['ice_and_heat'], None)]"]),
        ({"shows": ["Heat"]}, ["does not show 'Heat'"]),
        ({"shows": [], "hides": ["Ice"]}, ["shows 'Ice'"]),
        ({"shows": [], "buttons": []}, ["offers ['/more']"]),
        ({"shows": [], "refused": 400}, ["status 200"]),
    ],
)
def test_a_wrong_reply_is_noticed(turn: dict[str, Any], found: list[str]) -> None:
    assert faults(turn, SAID)[: len(found)] == found
    assert bool(faults(turn, SAID)) == bool(found)
