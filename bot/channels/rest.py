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

from bot import metrics
from bot.channels import turns
from bot.channels.addresses import is_direct_loopback, sender_address
from bot.channels.limits import limit
from bot.channels.turns import MAX_BODY, BadMessage
from bot.settings import settings

SENDER = re.compile(r"[A-Za-z0-9:_-]{1,128}")
MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class RestChannel(RestInput):
    """Messages over HTTP, at `/webhooks/rest/webhook`."""

    def __init__(self) -> None:
        per_minute = settings().web_messages_per_minute
        self._messages = limit("rest", burst=max(5, per_minute / 3), per_minute=per_minute)
        # beyond the limit a warning sign still gets its card, but a flood is not screened to its end
        self._screened = limit("rest-screened", burst=20, per_minute=60)

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
                if not await self._within_limit(request, sender):
                    return json_response(await self._beyond_limit(body.get("message"), sender))
                message_id = read_message_id(body.get("message_id"))
                replies = await turns.take(
                    on_new_message, body.get("message"), sender, self.name(), message_id=message_id
                )
            except BadMessage as refused:
                return json_response({"error": refused.reason, "message": refused.text}, status=refused.status)
            return json_response(replies)

        return blueprint

    async def _within_limit(self, request: Request, sender: str) -> bool:
        """Whether one sender writes no more than a person types. This machine is not limited, nor is one address:
        a server that speaks for many people has only one.
        """
        return not sender_address(request) or await self._messages.allowed(sender)

    async def _beyond_limit(self, text: Any, sender: str) -> list[turns.Message]:
        """The card of a message that is beyond the limit, if it names a warning sign.

        Raises:
            BadMessage: 429.
        """
        metrics.refused(self.name(), "rate_limited")
        reply = turns.card_reply(sender, text) if await self._screened.allowed(sender) else None
        if reply is None:
            raise BadMessage(429, "rate_limited")
        return reply


def authorise(request: Request) -> None:
    """Let in this machine, or whoever has the token.

    Raises:
        BadMessage: 401.
    """
    token = settings().rest_token
    given = (request.headers.get("authorization") or "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return
    if not is_direct_loopback(request):
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


def read_message_id(message_id: Any | None) -> str | None:
    """The id by which a repeat of the message is known, or `None` if it has none.

    Raises:
        BadMessage: not of the accepted form (400).
    """
    if message_id is not None and not (isinstance(message_id, str) and MESSAGE_ID.fullmatch(message_id)):
        raise BadMessage(400, "bad_json")
    return message_id
