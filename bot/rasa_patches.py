"""What Rasa 3.6 computes again on every turn, and need not. Found by profiling (docs/performance.md)."""

from __future__ import annotations

import base64
import copy
import itertools
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
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core import trackers
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
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
    DialogueStateTracker.copy = copy_of_tracker  # type: ignore[assignment, method-assign]
    trackers.copy = SimpleNamespace(copy=copy_of)  # type: ignore[assignment]
    Domain.is_empty = is_empty  # type: ignore[assignment, method-assign]
    # these modules copy, deep down, only what they hand to debug logs that nobody keeps
    processor.copy = memoization.copy = SimpleNamespace(deepcopy=lambda value: value)  # type: ignore[assignment]
    processor.MessageProcessor._log_slots = staticmethod(lambda tracker: None)  # type: ignore[method-assign]
    processor.DaskGraphRunner = PlainGraphRunner  # type: ignore[misc]
    RulePolicy._find_action_from_rules = _find_action_from_rules  # type: ignore[assignment, method-assign]
    RulePolicy._prediction_states = _prediction_states  # type: ignore[assignment, method-assign]
    RulePolicy._get_possible_keys = _get_possible_keys  # type: ignore[assignment, method-assign]
    AugmentedMemoizationPolicy.predict_action_probabilities = predict_from_stories  # type: ignore[assignment, method-assign]


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


def copy_of_tracker(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """The state of a tracker, to try an action on. Rasa's own plays all events again, for each action."""
    twin = object.__new__(type(tracker))
    twin.__dict__.update(tracker.__dict__)
    twin.events = tracker.events.copy()
    twin.slots = {name: copy_of(slot) for name, slot in tracker.slots.items()}
    twin.active_loop = copy.copy(tracker.active_loop)
    # a copy marks no events as its own
    twin.sender_source = twin.model_id = twin.assistant_id = None
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
        plain = _PLAIN.issuperset(map(type, tracker.events))
        known = len(tracker.events), _since_start(tracker) if plain else _stock_applied_events(tracker)
        tracker.applied = known  # type: ignore[attr-defined]
    return known[1]


# events that take back none before them, but for these two, which begin a conversation anew
_BEGINNINGS = frozenset({SessionStarted, Restarted})
_PLAIN = _BEGINNINGS | {UserUttered, BotUttered, ActionExecuted, SlotSet, FollowupAction}


def _since_start(tracker: DialogueStateTracker) -> list[Event]:
    """The events after the last that begins the conversation anew."""
    events = list(tracker.events)
    begins = (at + 1 for at in reversed(range(len(events))) if type(events[at]) in _BEGINNINGS)
    return events[next(begins, 0) :]


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


_stock_prediction_states = RulePolicy._prediction_states


def _prediction_states(
    policy: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    """The last states of a conversation, as many as the longest rule has; Rasa makes those before, too."""
    actions = sum(isinstance(event, ActionExecuted) for event in tracker.applied_events())
    trackers = itertools.islice(tracker.generate_all_prior_trackers(), max(0, actions + 1 - _longest(policy)), None)
    states = [domain.get_active_state(prior) for prior, _ in trackers]
    policy.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
    return states


@cache
def _longest(policy: RulePolicy) -> int:
    """How many states the longest of the policy's rules has."""
    kinds = (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)
    return max(len(json.loads(key)) for kind in kinds for key in policy.lookup[kind])


_stock_get_possible_keys = RulePolicy._get_possible_keys


def _get_possible_keys(policy: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """Rasa's own, but only over the rules whose last state has the conversation's action and intent, or names none."""
    near = _near(tuple(lookup), *_action_and_intent(states[-1]))
    return _stock_get_possible_keys(policy, {key: lookup[key] for key in near}, states)


@cache
def _near(keys: tuple[str, ...], action: str | None, intent: str | None) -> list[str]:
    """Those of the rules' keys whose last state has this action and intent, or names none."""
    return [key for key, named, meant in _last_states(keys) if named in (None, action) and meant in (None, intent)]


@cache
def _last_states(keys: tuple[str, ...]) -> list[tuple[str, str | None, str | None]]:
    """The rules' keys, each with the action and the intent of its last state."""
    return [(key, *_action_and_intent(json.loads(key)[-1])) for key in keys]


def _action_and_intent(state: State) -> tuple[str | None, str | None]:
    """The last action's name and the message's intent in a state, each `None` where there is none."""
    return state.get(PREVIOUS_ACTION, {}).get("action_name"), state.get(USER, {}).get("intent")  # type: ignore[return-value]


_stock_predict_from_stories = AugmentedMemoizationPolicy.predict_action_probabilities


def predict_from_stories(
    policy: AugmentedMemoizationPolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    rule_only_data: dict[str, Any] | None = None,
    **kwargs: Any,
) -> PolicyPrediction:
    """Rasa's own, but only where a story has the last action and intent: it drops past events one by one."""
    intent = tracker.latest_message.intent.get("name") if tracker.latest_message else None
    if not _in_a_story(policy, tracker.latest_action_name, intent):
        return policy._prediction(policy._default_predictions(domain))
    return _stock_predict_from_stories(policy, tracker, domain, rule_only_data, **kwargs)


@cache
def _in_a_story(policy: AugmentedMemoizationPolicy, action: str | None, intent: str | None) -> bool:
    """Whether one of the remembered sequences of states names both; `None` is in each."""
    wanted = {action, intent} - {None}
    return any(wanted <= names for names in _names_in_stories(policy))


@cache
def _names_in_stories(policy: AugmentedMemoizationPolicy) -> list[set[str]]:
    """All names in each of the remembered sequences of states, which are JSON without quotation marks."""
    if not policy.config["enable_feature_string_compression"]:
        return [set(_NAME.findall(sequence)) for sequence in policy.lookup]
    return [set(_NAME.findall(zlib.decompress(base64.b64decode(key)).decode())) for key in policy.lookup]


_NAME = re.compile(r": (\w+)")
