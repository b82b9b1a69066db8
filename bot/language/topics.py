"""Which labels are topics: something that the content answers, or says that the document leaves open."""

from __future__ import annotations

from bot.content import content


def is_topic(label: str) -> bool:
    """Whether `label` is an answer or a kind of question that is not in the document."""
    return label in content().answers or label in content().not_in_document
