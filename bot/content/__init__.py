"""What the assistant can say: answers, refusals, conversation, care cards. Written and checked beforehand.

This package imports nothing else of the project, and neither Rasa nor TensorFlow.
"""

from bot.content.loader import ContentError, content
from bot.content.model import Answer, Content, Note, NotInDocument, Source, Talk

__all__ = ["Answer", "Content", "ContentError", "Note", "NotInDocument", "Source", "Talk", "content"]
