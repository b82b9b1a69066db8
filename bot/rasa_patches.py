"""What Rasa 3.6 computes again on every turn, and need not. Found by profiling (docs/performance.md)."""

from __future__ import annotations

import base64
import json
import re
import zlib
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies import memoization
from rasa.core.policies.memoization import AugmentedMemoizationPolicy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException


def install() -> None:
    """Patch Rasa; call once, before the model is loaded. Training is not touched."""
    # walks all classes of the process for each stored event: a third of a long conversation's turn
    Event.resolve_by_type = staticmethod(  # type: ignore[method-assign]
        cache(Event.resolve_by_type)
    )
    DialogueStateTracker.applied_events = applied_events  # type: ignore[assignment, method-assign]
    RemoteAction._validate_action_result = _validate_action_result  # type: ignore[assignment, method-assign]
    Slot.__copy__ = copy_of  # type: ignore[attr-defined]
    Domain.is_empty = is_empty  # type: ignore[assignment, method-assign]
    # these modules copy, deep down, only what they hand to debug logs that nobody keeps
    processor.copy = memoization.copy = SimpleNamespace(deepcopy=lambda value: value)  # type: ignore[assignment]
    processor.DaskGraphRunner = PlainGraphRunner  # type: ignore[misc]
    RulePolicy._find_action_from_rules = _find_action_from_rules  # type: ignore[assignment, method-assign]
    RulePolicy._get_possible_keys = _get_possible_keys  # type: ignore[assignment, method-assign]
    AugmentedMemoizationPolicy.recall = recall  # type: ignore[assignment, method-assign]


class PlainGraphRunner(DaskGraphRunner):
    """Runs a graph in this thread, node after node; Dask's scheduler takes longer than most nodes do."""

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of `targets`, by the names of their nodes."""
        wanted = tuple(targets or self._graph_schema.target_names)
        results = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._plan(wanted):
            results[name] = self._instantiated_nodes[name](*(results.get(need, need) for need in needs))
        return dict(results[name] for name in wanted)

    @lru_cache(maxsize=8)
    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        """The nodes that `targets` need, each after those that it needs itself."""
        schema: GraphSchema = self._graph_schema
        plan: dict[str, tuple[str, ...]] = {}

        def visit(name: str) -> None:
            if name in schema.nodes and name not in plan:
                needs = tuple(schema.nodes[name].needs.values())
                for need in needs:
                    visit(need)
                plan[name] = needs

        for target in targets:
            visit(target)
        return list(plan.items())


def copy_of(slot: Slot) -> Slot:
    """What `copy.copy` gives, without its detour by pickling: each look back at a turn copies all slots."""
    twin = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin


@cache
def _nothing() -> dict[str, Any]:
    """What an empty domain holds."""
    return Domain.empty().as_dict()


def is_empty(domain: Domain) -> bool:
    """Rasa's own, which makes an empty domain anew for every message to compare with."""
    return domain.as_dict() == _nothing()


_stock_applied_events = DialogueStateTracker.applied_events


def applied_events(tracker: DialogueStateTracker) -> list[Event]:
    """Rasa's own, kept until there is another event: each policy asks for them several times."""
    known: tuple[int, list[Event]] = getattr(tracker, "applied", (0, []))
    if known[0] != len(tracker.events):
        known = len(tracker.events), _stock_applied_events(tracker)
        tracker.applied = known  # type: ignore[attr-defined]
    return known[1]


def _validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Whether an action's result has lists of events and responses. Rasa's own check of every field takes 3 ms.

    Results come from our own actions alone; a malformed event still fails the turn, when it is made into an object.

    Raises:
        RasaException: it has not.
    """
    if not all(isinstance(result.get(key), list) for key in ("events", "responses")):
        raise RasaException("An action gave back no list of events and responses; its server may be of another version")
    return True


_stock_find_action_from_rules = RulePolicy._find_action_from_rules


def _find_action_from_rules(
    policy: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
) -> tuple[str | None, str | None, bool]:
    """Rasa's own, but only for intents: our rules name no texts, and looking for such takes as long again."""
    if use_text_for_last_user_input:
        return None, None, False
    return _stock_find_action_from_rules(policy, tracker, domain, use_text_for_last_user_input)


_stock_get_possible_keys = RulePolicy._get_possible_keys


def _get_possible_keys(policy: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """Rasa's own, but only over the rules whose last state has the conversation's action and intent, or names none."""
    near = _near(tuple(lookup), *_action_and_intent(states[-1]))
    return _stock_get_possible_keys(policy, {key: lookup[key] for key in near}, states)


@cache
def _near(keys: tuple[str, ...], action: str | None, intent: str | None) -> list[str]:
    """Those of the rules' keys whose last state has this action and intent, or names none."""
    last = [(key, *_action_and_intent(json.loads(key)[-1])) for key in keys]
    return [key for key, named, meant in last if named in (None, action) and meant in (None, intent)]


def _action_and_intent(state: State) -> tuple[str | None, str | None]:
    """The last action's name and the message's intent in a state, each `None` where there is none."""
    return state.get(PREVIOUS_ACTION, {}).get("action_name"), state.get(USER, {}).get("intent")  # type: ignore[return-value]


_stock_recall = AugmentedMemoizationPolicy.recall


def recall(
    policy: AugmentedMemoizationPolicy,
    states: list[State],
    tracker: DialogueStateTracker,
    domain: Domain,
    rule_only_data: dict[str, Any] | None,
) -> str | None:
    """Rasa's own, but only where a story has the last action and intent: it drops past events one by one."""
    if not _in_a_story(policy, *_action_and_intent(states[-1])):
        return None
    return _stock_recall(policy, states, tracker, domain, rule_only_data)


@cache
def _in_a_story(policy: AugmentedMemoizationPolicy, action: str | None, intent: str | None) -> bool:
    """Whether one of the remembered sequences of states names both; `None` is in each."""
    named = [re.compile(rf": {re.escape(name)}\b") for name in (action, intent) if name]
    return any(all(name.search(sequence) for name in named) for sequence in _sequences(policy))


@cache
def _sequences(policy: AugmentedMemoizationPolicy) -> list[str]:
    """The remembered sequences of states, as the policy writes them: JSON without quotation marks."""
    if not policy.config["enable_feature_string_compression"]:
        return list(policy.lookup)
    return [zlib.decompress(base64.b64decode(key)).decode() for key in policy.lookup]
