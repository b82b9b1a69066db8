"""The care policy: Rasa's view of `bot.dialogue.care`. It outranks rules, forms and stories."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import care, privacy
from bot.dialogue.messages import read_message

ACTION_CARE = "action_care"
# RulePolicy's fallback: no rule follows it, so that without a word from here it would be predicted again and again
ACTION_FALLBACK = "action_not_understood"
# above RulePolicy's 6
PRIORITY = 7


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT], is_trainable=False)
class CarePolicy(Policy):
    """Takes the turn when care does, and hands it back after its one action.

    Its predictions are marked as "no user" predictions: a form's own prediction is one, and would beat any confidence.
    """

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: Optional[TrackerFeaturizer] = None,
    ) -> None:
        super().__init__({"priority": PRIORITY, **config}, model_storage, resource, execution_context, featurizer)

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Above every other policy."""
        return {"priority": PRIORITY}

    def train(self, training_trackers: List[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn: whether care takes the turn is decided by rule."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CarePolicy:
        """A policy as configured."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """`action_care` right after a message that care takes, then `action_listen`; the same after the fallback."""
        last = next((e for e in reversed(tracker.events) if isinstance(e, (UserUttered, ActionExecuted))), None)
        if isinstance(last, UserUttered) and takes_turn(tracker):
            return self._predict(domain, ACTION_CARE)
        if isinstance(last, ActionExecuted) and last.action_name in (ACTION_CARE, ACTION_FALLBACK):
            return self._predict(domain, ACTION_LISTEN_NAME)
        return self._prediction(self._default_predictions(domain))

    def _predict(self, domain: Domain, action: Text) -> PolicyPrediction:
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities, is_no_user_prediction=True)


def takes_turn(tracker: DialogueStateTracker) -> bool:
    """Whether care has something to say to the latest message."""
    message = read_message(tracker.latest_message.parse_data if tracker.latest_message else {})
    state = care.State.load(tracker.get_slot("care"))
    topic, asked = tracker.get_slot("topic"), tracker.get_slot("requested_slot")
    return care.decide(state, message, topic, asked, tracker.get_slot(privacy.QUESTION)).act != "none"
