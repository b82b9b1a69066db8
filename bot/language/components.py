"""Rasa's view of the language modules: thin graph components, in the order of `config.yml`."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import Any, Dict, List, Optional, Text, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

# importing `pipeline` also registers the factories that SpacyNLP needs to load our pipeline
from bot.language import assertion, care_screen, examples, pipeline, reading, segments
from bot.language.care_screen import CareScreen, Words
from bot.language.classifier import IntentClassifier, MessageReader
from bot.language.embedding_classifier import EmbeddingClassifier
from bot.language.encoder import SentenceEncoder
from bot.language.examples import Example
from bot.language.labels import label_of
from bot.language.lexical import Patterns
from bot.language.standby import standby
from bot.settings import ROOT

logger = logging.getLogger(__name__)

READING = "reading"
READER = "reader"
WORDS = "words"
CACHE = ROOT / "var" / "cache"
# files of a model
CLASSIFIER, REPLIES, HYPOTHETICAL = "classifier.npz", "replies.npz", "hypothetical.npz"


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="LanguagePipeline",
)
class LanguagePipeline(SpacyNLP):
    """Runs the spaCy pipeline on messages, but not on the training examples: nothing learns from their tokens."""

    @staticmethod
    @cache
    def load_model(spacy_model_name: str) -> SpacyModel:
        """Load the pipeline, once: two nodes of the graph ask for it."""
        return SpacyNLP.load_model(spacy_model_name)

    def process_training_data(self, training_data: TrainingData, model: SpacyModel) -> TrainingData:
        """Nothing to add."""
        return training_data


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class LexiconEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Hands on the entities that the spaCy pipeline found, each with its assertion."""

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """The pipeline must have run."""
        return [SpacyNLP]

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
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
                    "answer": pipeline.answer_for(entity.label_, entity.ent_id_),
                }
                for entity in doc.ents
            ]
            message.set(ENTITIES, found, add_to_output=True)
        return messages


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class CareWordsFinder(GraphComponent):
    """Looks at what the words of a message say to the care screen, while the encoder still runs."""

    def __init__(self) -> None:
        self._patterns = Patterns.load()

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """The pipeline must have run."""
        return [SpacyNLP]

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CareWordsFinder:
        """Create the component (it has no settings)."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Add what the words of each message say."""
        for message in messages:
            message.set(WORDS, Words.of(message.get(SPACY_DOCS[TEXT]), self._patterns))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add."""
        return training_data


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class IntentReader(RasaIntentClassifier, GraphComponent):
    """Trains and runs `IntentClassifier`, and reads a message part by part."""

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        classifier: IntentClassifier,
        replies: Optional[EmbeddingClassifier] = None,
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._classifier = classifier
        self._replies = replies

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Sentences come from the spaCy pipeline."""
        return [SpacyNLP]

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentReader:
        """An untrained reader, for training."""
        return cls(model_storage, resource, IntentClassifier(SentenceEncoder(cache=CACHE)))

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
            classifier = IntentClassifier.load(Path(folder) / CLASSIFIER)
            replies = EmbeddingClassifier.load(Path(folder) / REPLIES)
        standby.classifier = classifier
        return cls(model_storage, resource, classifier, replies)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier on what stands for itself, and the reader of replies to the chooser on everything."""
        rows = [_example(message) for message in training_data.intent_examples] + examples.official_wordings()
        alone = [row for row in rows if not row.only_when_asked]
        self._classifier.fit([row.text for row in alone], [label_of(row) for row in alone])
        embeddings = self._classifier.encoder.encode_many([row.text for row in rows])
        meanings = [row.intent if row.only_when_asked else reading.NO_REPLY for row in rows]
        with self._model_storage.write_to(self._resource) as folder:
            self._classifier.save(Path(folder) / CLASSIFIER)
            EmbeddingClassifier.fit(embeddings, meanings).save(Path(folder) / REPLIES)
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
        assert self._replies is not None  # `load` gave one; training never calls this
        doc = message.get(SPACY_DOCS[TEXT])
        about_self = assertion.is_about_self(doc)  # before what waits for the encoder
        text, sentences = message.get(TEXT), segments.sentences(doc)
        parts = reading.parts_to_read(sentences)
        reader = MessageReader(self._classifier, text)
        reader.predict([*care_screen.texts_to_screen(text, sentences), *parts])  # the screen's too: sooner all at once
        message.set(READER, reader)
        result = reading.read(reader, text, parts)
        first = result.questions[0]
        message.set(INTENT, {"name": first.intent, "confidence": first.confidence}, add_to_output=True)
        ranking = [{"name": label, "confidence": score} for label, score in result.ranking]
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        summary = {
            "questions": [question.intent for question in result.questions],
            "alternatives": list(result.alternatives),
            "remarks": list(result.remarks),
            "about_self": about_self,
            "matter": vars(result.matter) if result.matter else None,
            "replies": reading.replies(self._replies, reader, text, parts),
        }
        message.set(READING, summary, add_to_output=True)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class CareScreenReader(RasaIntentClassifier, GraphComponent):
    """Trains and runs the care screen. It comes last, so that nothing can overwrite what it saw."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, screen: Optional[CareScreen] = None) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._screen = screen

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """What it reads comes from these, and from `IntentReader`, which is before it in `config.yml`."""
        return [SpacyNLP, CareWordsFinder]

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CareScreenReader:
        """An untrained screen, for training."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CareScreenReader:
        """The trained screen of a model."""
        with model_storage.read_from(resource) as folder:
            hypothetical = EmbeddingClassifier.load(Path(folder) / HYPOTHETICAL)
        standby.screen = CareScreen(hypothetical)
        return cls(model_storage, resource, standby.screen)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn to tell a sign asked about from one that is there; the signs are the intent reader's labels."""
        rows = [*map(_example, training_data.intent_examples), *examples.official_wordings()]
        rows = [row for row in rows if row.sign]
        embeddings = SentenceEncoder(cache=CACHE).encode_many([row.text for row in rows])
        labels = [care_screen.ASKED if row.hypothetical else care_screen.PRESENT for row in rows]
        with self._model_storage.write_to(self._resource) as folder:
            EmbeddingClassifier.fit(embeddings, labels).save(Path(folder) / HYPOTHETICAL)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Write the signs of each message into its reading."""
        assert self._screen is not None  # `load` gave one; training never calls this
        for message in messages:
            doc = message.get(SPACY_DOCS[TEXT])
            texts = care_screen.texts_to_screen(message.get(TEXT), segments.sentences(doc))
            signs = self._screen.read(message.get(WORDS), texts, message.get(READER))
            for sign in signs:
                where = (sign.card, sign.sign, sign.evidence, care_screen.VERSION)
                logger.info("care card=%s sign=%s evidence=%s screen=%s", *where)
            seen = [
                {
                    "card": sign.card,
                    "sign": sign.sign,
                    "informational": sign.informational,
                    "someone_else": sign.someone_else,
                    "language": sign.language,
                    "sure": sign.sure,
                }
                for sign in signs
            ]
            message.set(READING, {**message.get(READING), "signs": seen}, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add: the policies are trained on intents alone."""
        return training_data


def _example(message: Message) -> Example:
    """A training message of Rasa as one of our examples."""
    metadata = (message.get(METADATA) or {}).get(METADATA_INTENT) or {}
    return examples.from_metadata(message.get(TEXT), message.get(INTENT), metadata)
