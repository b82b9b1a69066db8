"""The care screen outside Rasa: it reads a message when anything else has failed.

Rasa's components put themselves here as they are loaded. What is left of them is used: classifier and patterns,
patterns alone, or nothing.
"""

from __future__ import annotations

import logging

from spacy.language import Language

from bot.language import care_screen, pipeline, segments
from bot.language.care_screen import CareScreen, SeenSign, Words
from bot.language.classifier import IntentClassifier, MessageReader
from bot.language.lexical import Patterns

logger = logging.getLogger(__name__)


class Standby:
    """What can still read a message for warning signs."""

    def __init__(self) -> None:
        self.classifier: IntentClassifier | None = None
        self.screen: CareScreen | None = None
        self.nlp: Language | None = None
        self._patterns: Patterns | None = None

    def warm_up(self) -> None:
        """Load what is needed now: when something fails is no time to read files."""
        self.nlp = pipeline.build()
        self._patterns = Patterns.load()

    def read(self, text: str) -> list[SeenSign]:
        """The signs in `text`, gravest first. Never raises: with nothing left to read with, there are none."""
        try:
            return self._read_fully(text)
        except Exception:
            logger.exception("The care screen failed; patterns alone read the message")
        try:
            return self._read_by_patterns(text)
        except Exception:
            logger.exception("The care patterns failed")
            return []

    def _read_fully(self, text: str) -> list[SeenSign]:
        if self.classifier is None or self.screen is None or self.nlp is None or self._patterns is None:
            return self._read_by_patterns(text)
        doc = self.nlp(text.lower())
        texts = care_screen.texts_to_screen(text, segments.sentences(doc))
        return self.screen.read(Words.of(doc, self._patterns), texts, MessageReader(self.classifier, text))

    def _read_by_patterns(self, text: str) -> list[SeenSign]:
        if self.nlp is None or self._patterns is None:
            return []
        hits = [hit for hit in self._patterns.find(self.nlp(text.lower())) if hit.assertion in hit.pattern.asserted]
        found = [SeenSign(hit.pattern.card, hit.pattern.sign, False, False, hit.pattern.name, 1.0) for hit in hits]
        return sorted(found, key=lambda sign: sign.weight, reverse=True)


standby = Standby()
