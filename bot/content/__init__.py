"""What the assistant can say: answers, refusals, conversation, care cards. Written and checked beforehand.

This package imports nothing else of the project, and neither Rasa nor TensorFlow.
"""

from bot.content.loader import ContentError, choose_region, content
from bot.content.model import Answer, CareCard, Content, Note, NotInDocument, Source, Talk

__all__ = [
    "Answer",
    "CareCard",
    "Content",
    "ContentError",
    "Note",
    "NotInDocument",
    "Source",
    "Talk",
    "choose_region",
    "content",
]
