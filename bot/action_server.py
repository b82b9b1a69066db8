"""The action server: rasa_sdk's, without its ways of telling what somebody wrote, and for our own servers alone."""

from __future__ import annotations

import hmac
import logging

from rasa_sdk.endpoint import create_app as create_sdk_app
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

logger = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def create_app(token: str) -> Sanic:
    """The application.

    Args:
        token: what callers must show; empty: whoever reaches it may call it.
    """
    app = create_sdk_app("actions", cors_origins=None)
    # rasa_sdk's own replies to an error with the whole conversation, and logs the request
    app.exception(Exception)(failed)

    @app.on_request
    async def authorise(request: Request) -> HTTPResponse | None:
        given = (request.headers.get("authorization") or "").removeprefix("Bearer ")
        if request.path == "/health" or not token or hmac.compare_digest(given.encode(), token.encode()):
            return None
        return json_response({"error": "forbidden"}, 401)

    return app


async def failed(_: Request, error: Exception) -> HTTPResponse:
    """Log the kind of an error, and tell no more than that there was one."""
    logger.error("An action failed", exc_info=error)
    return json_response({"error": "failed"}, getattr(error, "status_code", 500))
