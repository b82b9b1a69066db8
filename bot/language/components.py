"""Rasa's view of the language modules: thin graph components, in the order of `config.yml`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Dict, List, Optional, Text, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.utils.spacy_utils import SpacyNLP
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language import pipeline  # noqa: F401 (registers the factories that SpacyNLP needs to load our pipeline)
from bot.language import reading, segments, topics
from bot.language.classifier import IntentClassifier
from bot.language.encoder import Embeddings, SentenceEncoder
from bot.settings import ROOT

READING = "reading"
RANKING_LENGTH = 5


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class LexiconEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Hands on the entities that the spaCy pipeline found, each with its assertion."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """The pipeline must have run."""
        return [SpacyNLP]

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> LexiconEntityExtractor:
        """Create the component (it has no settings)."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entities of each message."""
        for message in messages:
            doc = message.get(SPACY_DOCS[TEXT])
            found = [
                {
                    "entity": entity.label_,
                    "value": entity.ent_id_,
                    "start": entity.start_char,
                    "end": entity.end_char,
                    "assertion": entity._.assertion,
                }
                for entity in doc.ents
            ]
            message.set(ENTITIES, found, add_to_output=True)
        return messages


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class IntentReader(RasaIntentClassifier, GraphComponent):
    """Trains and runs `IntentClassifier`, and reads a message part by part."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, classifier: IntentClassifier) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._classifier = classifier

    @classmethod
    def required_components(cls) -> List[Type]:
        """Sentences come from the spaCy pipeline."""
        return [SpacyNLP]

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> IntentReader:
        """An untrained reader, for training."""
        encoder = SentenceEncoder(cache=ROOT / "var" / "cache")
        return cls(model_storage, resource, IntentClassifier(encoder))

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentReader:
        """The trained reader of a model."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, IntentClassifier.load(Path(folder) / "classifier.skops"))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier on all examples and store it."""
        examples = training_data.intent_examples
        self._classifier.fit([example.get(TEXT) for example in examples], [example.get(INTENT) for example in examples])
        with self._model_storage.write_to(self._resource) as folder:
            self._classifier.save(Path(folder) / "classifier.skops")
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent, its ranking, and what else the dialogue needs to know."""
        for message in messages:
            self._read(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add: the policies are trained on intents alone."""
        return training_data

    def _read(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        doc = message.get(SPACY_DOCS[TEXT])
        parts = [part for sentence in segments.sentences(doc) for part in segments.clauses(sentence)]
        known: dict[str, Any] = {}

        def embed(texts: Sequence[str]) -> Embeddings:
            rows = self._classifier.encoder.encode(texts)
            known.update(zip(texts, rows))
            return rows

        result = reading.read(self._classifier, text, parts, embed, topics.is_topic)
        first = result.questions[0]
        message.set(INTENT, {"name": first.intent, "confidence": first.confidence}, add_to_output=True)
        ranking = [{"name": label, "confidence": score} for label, score in result.ranking[:RANKING_LENGTH]]
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        summary: dict[str, Optional[Any]] = {
            "questions": [question.intent for question in result.questions],
            "alternatives": list(result.alternatives),
        }
        message.set(READING, summary, add_to_output=True)
