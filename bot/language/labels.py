"""The labels that the classifier learns: an intent's own name, or `card/sign`, as signs of a card share few words."""

from __future__ import annotations

from bot.content import content
from bot.language.examples import Example


def label_of(example: Example) -> str:
    """The label of a training example."""
    return f"{example.intent}/{example.sign}" if example.sign else example.intent


def is_sign(label: str) -> bool:
    """Whether `label` is a warning sign."""
    return "/" in label


def card_of(label: str) -> str:
    """The card of a sign's label; any other label is its own intent."""
    return label.partition("/")[0]


def is_topic(label: str) -> bool:
    """Whether `label` is an answer or a kind of question that is not in the document."""
    return label in content().answers or label in content().not_in_document
