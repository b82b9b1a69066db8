from __future__ import annotations

import pytest
from spacy.language import Language

from bot.language import pipeline
from bot.language.encoder import SentenceEncoder, shared_encoder


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    return shared_encoder()


@pytest.fixture(scope="session")
def nlp() -> Language:
    return pipeline.build()
