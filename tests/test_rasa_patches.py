"""What is patched in Rasa gives the same predictions as Rasa's own, only sooner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.memoization import AugmentedMemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
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


def action_of(found: Any) -> Any:
    """What a policy's method found, without what Rasa notes about it; false where it found nothing."""
    if isinstance(found, PolicyPrediction):
        return found.probabilities if any(found.probabilities) else None
    return found[0] if isinstance(found, tuple) else found


@pytest.mark.parametrize(
    ("policy", "name", "stock"),
    [
        (RulePolicy, "_get_possible_keys", rasa_patches._stock_get_possible_keys),
        (RulePolicy, "_find_action_from_rules", rasa_patches._stock_find_action_from_rules),
        (AugmentedMemoizationPolicy, "predict_action_probabilities", rasa_patches._stock_predict_from_stories),
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
        results.append(action_of(found))
        assert results[-1] == action_of(stock(*args, **kwargs))
        return found

    monkeypatch.setattr(policy, name, both)
    for node in agent.processor.graph_runner._instantiated_nodes.values():
        if isinstance(node._component, policy) and node._fn is ours:  # looked up when the model was loaded
            monkeypatch.setattr(node, "_fn", both)
    for message in MESSAGES:
        assert conversation.says(message)[0]["kind"] != "error"
    assert any(results)
    assert not all(results)


def test_rules_look_at_the_last_of_the_states_that_rasa_makes(
    agent: Any, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, stock = RulePolicy._prediction_states, rasa_patches._stock_prediction_states
    assert ours is not stock
    counts = []

    def both(policy: RulePolicy, *args: Any, **kwargs: Any) -> Any:
        found, all_states = ours(policy, *args, **kwargs), stock(policy, *args, **kwargs)
        counts.append((len(found), len(all_states)))
        assert found == all_states[-rasa_patches._longest(policy) :]
        return found

    monkeypatch.setattr(RulePolicy, "_prediction_states", both)
    for message in MESSAGES:
        assert conversation.says(message)[0]["kind"] != "error"
    assert any(ours < stock for ours, stock in counts)
    assert any(ours == stock for ours, stock in counts)


EVENTS: tuple[Event, ...] = (
    ActionExecuted("action_session_start"),
    SessionStarted(),
    ActionExecuted("action_listen"),
    UserUttered("hello"),
    SlotSet("topic", "sleep"),
    BotUttered("hello"),
    FollowupAction("action_talk"),
    Restarted(),
    ActiveLoop("exercises_form"),
    ActionExecuted("exercises_form"),
    ActionReverted(),
    UserUtteranceReverted(),
)


@given(st.lists(st.sampled_from(EVENTS), max_size=30))
def test_the_events_that_count_are_those_that_rasa_counts(events: list[Event]) -> None:
    tracker = DialogueStateTracker("somebody", [])
    tracker.events.extend(events)
    assert rasa_patches.applied_events(tracker) == rasa_patches._stock_applied_events(tracker)


@pytest.mark.parametrize("result", [{}, {"events": [], "responses": None}, {"events": {}, "responses": []}])
def test_a_malformed_result_of_an_action_fails_the_turn(agent: Any, result: dict[str, Any]) -> None:
    with pytest.raises(RasaException, match="no list of events and responses"):
        RemoteAction("action_answer", agent.action_endpoint)._validate_action_result(result)


def test_a_copy_of_a_tracker_is_what_rasa_makes_of_its_events(
    agent: Any, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = DialogueStateTracker.copy
    assert ours is rasa_patches.copy_of_tracker
    loops = []

    def both(tracker: DialogueStateTracker) -> DialogueStateTracker:
        twin, theirs = ours(tracker), tracker.travel_back_in_time(float("inf"))
        for name, value in vars(theirs).items():
            # Rasa plays a follow-up action again that was taken since
            if name not in ("slots", "followup_action"):
                assert getattr(twin, name) == value, name
        assert {name: vars(slot) for name, slot in twin.slots.items()} == {
            name: vars(slot) for name, slot in theirs.slots.items()
        }
        before = tracker.current_state(EventVerbosity.ALL)
        loops.append(tracker.active_loop_name)
        twin.update_with_events(
            [SlotSet("topic", "sleep"), ActiveLoop(None), ActionExecuted("action_talk")], agent.domain
        )
        assert tracker.current_state(EventVerbosity.ALL) == before
        return ours(tracker)

    monkeypatch.setattr(DialogueStateTracker, "copy", both)
    for message in MESSAGES:
        assert conversation.says(message)[0]["kind"] != "error"
    assert None in loops
    assert "exercises_form" in loops


def test_a_copy_of_a_slot_is_a_slot_of_its_own(agent: Any) -> None:
    for slot in agent.domain.slots:
        twin = rasa_patches.copy_of(slot)
        assert type(twin) is type(slot)
        assert vars(twin) == vars(slot)
        twin.value = "something else"
        assert slot.value != "something else"


def test_only_a_domain_with_nothing_in_it_is_empty(agent: Any) -> None:
    assert not agent.domain.is_empty()
    assert Domain.empty().is_empty()
    assert Domain.is_empty is rasa_patches.is_empty
