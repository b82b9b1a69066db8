"""The REST channel: Rasa's own route and reply, with guards.

Open to this machine; from elsewhere it needs `REST_TOKEN`. Same `sender`, same conversation.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.channels import turns
from bot.channels.turns import BadMessage
from bot.settings import settings

MAX_BODY = 64 * 1024
SENDER = re.compile(r"[A-Za-z0-9:_-]{1,128}")
LOOPBACK = frozenset({"127.0.0.1", "::1"})
# a request that carries one of these came through a proxy, so its address is not its sender's
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "x-forwarded-host")


class RestChannel(RestInput):
    """Messages over HTTP, at `/webhooks/rest/webhook`."""

    @classmethod
    def name(cls) -> str:
        """The channel's name and its place under `/webhooks`."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        blueprint = Blueprint("lumbar_rest")

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                authorise(request)
                body = read_body(request)
                sender = read_sender(body.get("sender"))
                replies = await turns.take(on_new_message, body.get("message"), sender, self.name())
            except BadMessage as refused:
                return json_response({"error": refused.reason, "message": refused.text}, status=refused.status)
            return json_response(replies)

        return blueprint


def authorise(request: Request) -> None:
    """Let in this machine, or whoever has the token.

    Raises:
        BadMessage: 401.
    """
    token = settings().rest_token
    given = (request.headers.get("authorization") or "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return
    direct = request.ip in LOOPBACK and not any(request.headers.get(name) for name in FORWARDED)
    if not direct:
        raise BadMessage(401, "forbidden")


def read_body(request: Request) -> dict[str, Any]:
    """The JSON object of a request.

    Raises:
        BadMessage: too large (413), not declared as JSON (415), or not a JSON object (400).
    """
    if len(request.body) > MAX_BODY:
        raise BadMessage(413, "too_long")
    declared = (request.headers.get("content-type") or "").split(";")[0].strip().lower()
    if declared != "application/json":  # a web page could send anything else from a visitor's browser
        raise BadMessage(415, "bad_json")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadMessage(400, "bad_json") from error
    if not isinstance(body, dict):
        raise BadMessage(400, "bad_json")
    return body


def read_sender(sender: Any | None) -> str:
    """The conversation's id.

    Raises:
        BadMessage: missing, or not of the accepted form (400). A missing sender would share one conversation.
    """
    if not isinstance(sender, str) or not SENDER.fullmatch(sender):
        raise BadMessage(400, "bad_json")
    return sender
