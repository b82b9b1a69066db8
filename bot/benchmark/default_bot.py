"""An assistant as `rasa init` sets one up, with Lumbar's training data.

It has the same intents and examples, one response for each intent, one rule for each intent, and stories so that TED
and UnexpecTED have something to learn. The pipeline and the policies are left empty, as `rasa init` leaves them: Rasa
then fills in its default configuration. Its responses carry the reply contract, so that the same scorer reads both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from actions import wording
from actions.reply import Item, says
from bot.content import content
from bot.content.loader import read_yaml
from bot.dialogue.messages import Sign

VERSION = "3.1"
FALLBACK = "nlu_fallback"

CONFIG = {"recipe": "default.v1", "assistant_id": "rasa_default", "language": "en", "pipeline": None, "policies": None}


def write(folder: Path) -> None:
    """Write the project into `folder`, beside the training examples in `folder/data/nlu`."""
    nlu = folder / "data" / "nlu"
    leave_out_replies(nlu)
    intents = sorted(read_intents(nlu))
    _dump(folder / "config.yml", CONFIG)
    _dump(folder / "credentials.yml", {"rest": None})
    _dump(folder / "endpoints.yml", {})
    responses = {f"utter_{intent}": [_response(reply(intent))] for intent in [*intents, FALLBACK]}
    _dump(folder / "domain.yml", {"version": VERSION, "intents": intents, "responses": responses})
    rules = [
        {"rule": f"Reply to {intent}", "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]}
        for intent in [*intents, FALLBACK]
    ]
    _dump(folder / "data" / "rules.yml", {"version": VERSION, "rules": rules})
    _dump(folder / "data" / "stories.yml", {"version": VERSION, "stories": [_story(one) for one in content().answers]})


def leave_out_replies(nlu: Path) -> None:
    """Remove the files whose examples mean something only after a question of the chooser: here they would mislead."""
    for path in list(nlu.rglob("*.yml")):
        if all(block.get("metadata", {}).get("only_when_asked") for block in read_yaml(path)["nlu"]):
            path.unlink()


def read_intents(nlu: Path) -> set[str]:
    """The intents of the training files below `nlu`."""
    blocks = [block for path in nlu.rglob("*.yml") for block in read_yaml(path)["nlu"]]
    return {block["intent"] for block in blocks if "intent" in block}


def reply(intent: str) -> Item:
    """What Lumbar would say to `intent` alone, in its words and with its entry of the reply contract."""
    if intent in content().care:
        return wording.card(Sign(intent))
    if intent in content().answers or intent in content().not_in_document:
        return wording.topic(intent)
    if intent == FALLBACK:
        return wording.topic("general")
    if intent == "out_of_scope":
        return wording.out_of_scope()
    if intent in content().talk:
        return wording.timed_talk((intent,))
    return Item(content().talk["something_else"].text, says("talk", [intent]))


def _response(item: Item) -> dict[str, Any]:
    return {"text": item.text, "custom": wording.summary([item.says] if item.says else [])}


def _story(answer: str) -> dict[str, Any]:
    """A short conversation around one answer, as in the stories that `rasa init` writes."""
    turns = ["greet", answer, "thank", "goodbye"]
    steps = [step for intent in turns for step in ({"intent": intent}, {"action": f"utter_{intent}"})]
    return {"story": f"Ask about {answer}", "steps": steps}


def _dump(path: Path, value: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(value, file)


def fingerprint(folder: Path, lock: Path) -> str:
    """A hash of all that the model is made from: the data, the configuration and the versions."""
    digest = hashlib.sha256(lock.read_bytes())
    for path in sorted([folder / "config.yml", folder / "domain.yml", *(folder / "data").rglob("*.yml")]):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
