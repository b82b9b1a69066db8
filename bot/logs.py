"""What is written to the log. Message texts are not: Rasa writes them at DEBUG, and health words are private."""

from __future__ import annotations

import logging

import structlog

from bot.settings import settings


def configure() -> None:
    """Send Rasa's two logging systems through one level. Left alone, structlog prints everything, texts included."""
    level = getattr(logging, settings().log_level)
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))
    for chatty in ("rasa", "rasa_sdk", "apscheduler", "sanic.root"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
