"""Our policies: Rasa's view of `bot.dialogue.care` and `bot.dialogue.context`, which outrank rules and stories."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Dict, List, Optional, Text

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import care, context, privacy
from bot.dialogue.context import Context
from bot.dialogue.messages import read_message

# RulePolicy's fallback: no rule follows it, so that without a word from here it would be predicted again and again
ACTION_FALLBACK = "action_not_understood"


class TurnPolicy(Policy):
    """Takes a turn by rule, with one action, and hands it back: the base of our policies.

    Its predictions are marked as "no user" predictions: a form's own prediction is one, and would beat any confidence.

    Attributes:
        priority: above RulePolicy's 6.
        action: the action that takes the turn.
        ends_turn: the actions after which it listens.
    """

    priority: int
    action: str
    ends_turn: frozenset[str]

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: Optional[TrackerFeaturizer] = None,
    ) -> None:
        super().__init__({"priority": self.priority, **config}, model_storage, resource, execution_context, featurizer)

    @abstractmethod
    def takes_turn(self, tracker: DialogueStateTracker) -> bool:
        """Whether it has something to say to the latest message."""

    @classmethod
    def get_default_config(cls) -> Dict[Text, Any]:
        """Its place among the policies."""
        return {"priority": cls.priority}

    def train(self, training_trackers: List[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn: whether it takes the turn is decided by rule."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TurnPolicy:
        """A policy as configured."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Its action right after a message that it takes, then `action_listen`."""
        last = next((e for e in reversed(tracker.events) if isinstance(e, (UserUttered, ActionExecuted))), None)
        if isinstance(last, UserUttered) and self.takes_turn(tracker):
            return self._predict(domain, self.action)
        if isinstance(last, ActionExecuted) and last.action_name in self.ends_turn and not asks_again(last, tracker):
            return self._predict(domain, ACTION_LISTEN_NAME)
        return self._prediction(self._default_predictions(domain))

    def _predict(self, domain: Domain, action: Text) -> PolicyPrediction:
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities, is_no_user_prediction=True)


def asks_again(last: ActionExecuted, tracker: DialogueStateTracker) -> bool:
    """Whether a form has to put its question again: inside one, a rule follows the fallback."""
    return last.action_name == ACTION_FALLBACK and tracker.active_loop_name is not None


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT], is_trainable=False)
class CarePolicy(TurnPolicy):
    """Help comes first: above every other policy, and inside the chooser too."""

    priority = 8
    action = "action_care"
    ends_turn = frozenset({"action_care", ACTION_FALLBACK})

    def takes_turn(self, tracker: DialogueStateTracker) -> bool:
        """Whether care has something to say."""
        message = read_message(tracker.latest_message.parse_data if tracker.latest_message else {})
        state = care.State.load(tracker.get_slot("care"))
        topic, asked = tracker.get_slot("topic"), tracker.get_slot("requested_slot")
        return care.decide(state, message, topic, asked, tracker.get_slot(privacy.QUESTION)).act != "none"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT], is_trainable=False)
class ContextPolicy(TurnPolicy):
    """What a message means after what was said before; inside the chooser, replies to its questions come first."""

    priority = 7
    action = "action_in_context"
    # leaving the chooser ends the loop that the rule of it began in
    ends_turn = frozenset({"action_in_context", "action_stop"})

    def takes_turn(self, tracker: DialogueStateTracker) -> bool:
        """Whether the message leans on what was said before."""
        if tracker.active_loop_name:
            return False
        message = read_message(tracker.latest_message.parse_data if tracker.latest_message else {})
        if tracker.get_slot(privacy.QUESTION) and message.intents[:1] in privacy.ANSWERS:
            return False  # a rule takes the answer to that question
        return context.resolve(Context.of(tracker.current_slot_values()), message) is not None


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT], is_trainable=True)
class OpenRulePolicy(RulePolicy):
    """Rasa's RulePolicy, whose turns the stories see.

    Rasa hides the turns of a rule that stands in no story: "no" after an answer would look like "no" after whatever was
    said before it.
    """

    def _rule_prediction(self, *args: Any, **kwargs: Any) -> PolicyPrediction:
        prediction = super()._rule_prediction(*args, **kwargs)
        prediction.hide_rule_turn = False
        return prediction
