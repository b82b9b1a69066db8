"""What is patched in Rasa gives the same predictions as Rasa's own, only sooner."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.memoization import AugmentedMemoizationPolicy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException

from bot import rasa_patches
from tests.conversation import Conversation

MESSAGES = (
    "hello",
    "does ice help?",
    "no",
    "why?",
    "which exercises should I do?",
    "no",
    "are injections risky?",
    "yes",
    "my belly I think",
    "thanks",
    "no",
    "my dog ate my homework",
    "something else",
)


@pytest.mark.parametrize(
    ("policy", "name", "stock"),
    [
        (RulePolicy, "_get_possible_keys", rasa_patches._stock_get_possible_keys),
        (RulePolicy, "_find_action_from_rules", rasa_patches._stock_find_action_from_rules),
        (AugmentedMemoizationPolicy, "recall", rasa_patches._stock_recall),
    ],
)
def test_policies_predict_as_rasa_has_them(
    agent: Any, conversation: Conversation, monkeypatch: pytest.MonkeyPatch, policy: type, name: str, stock: Callable
) -> None:
    ours = getattr(policy, name)
    assert ours is not stock
    results = []

    def both(*args: Any, **kwargs: Any) -> Any:
        found = ours(*args, **kwargs)
        action = found[0] if isinstance(found, tuple) else found  # with what Rasa notes about it
        theirs = stock(*args, **kwargs)
        assert action == (theirs[0] if isinstance(theirs, tuple) else theirs)
        results.append(action)
        return found

    monkeypatch.setattr(policy, name, both)
    for message in MESSAGES:
        assert conversation.says(message)[0]["kind"] != "error"
    assert any(results)
    assert not all(results)


@pytest.mark.parametrize("result", [{}, {"events": [], "responses": None}, {"events": {}, "responses": []}])
def test_a_malformed_result_of_an_action_fails_the_turn(agent: Any, result: dict[str, Any]) -> None:
    with pytest.raises(RasaException, match="no list of events and responses"):
        RemoteAction("action_answer", agent.action_endpoint)._validate_action_result(result)


def test_a_copy_of_a_slot_is_a_slot_of_its_own(agent: Any) -> None:
    for slot in agent.domain.slots:
        twin = copy.copy(slot)
        assert type(twin) is type(slot)
        assert vars(twin) == vars(slot)
        twin.value = "something else"
        assert slot.value != "something else"


def test_only_a_domain_with_nothing_in_it_is_empty(agent: Any) -> None:
    assert not agent.domain.is_empty()
    assert Domain.empty().is_empty()
    assert Domain.is_empty is rasa_patches.is_empty
