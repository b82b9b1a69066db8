"""What watches over the server asks here: does it run, is it ready, what has it counted."""

from __future__ import annotations

import hmac
import logging
from urllib.parse import urljoin

import aiohttp
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw
from sanic.response import json as json_response
from sqlalchemy.sql.elements import TextClause

from bot import metrics
from bot.channels.addresses import is_direct_loopback
from bot.content import content
from bot.settings import settings

logger = logging.getLogger(__name__)

ACTIONS_TIMEOUT = aiohttp.ClientTimeout(total=2)


def blueprint() -> Blueprint:
    """`/health`, `/ready` and `/metrics`."""
    routes = Blueprint("lumbar_monitoring")

    @routes.get("/health")
    async def health(_: Request) -> HTTPResponse:
        return json_response({"status": "ok"})

    @routes.get("/ready")
    async def ready(request: Request) -> HTTPResponse:
        parts = {
            "model": request.app.ctx.agent.is_ready(),
            "actions": await actions_answer(),
            "store": store_answers(request.app),
        }
        every = all(parts.values())
        body = {"ready": every, **parts, "content_version": content().version}
        return json_response(body, 200 if every else 503)

    @routes.get("/metrics")
    async def counts(request: Request) -> HTTPResponse:
        if not may_read_metrics(request):
            return json_response({"error": "forbidden"}, status=401)
        return raw(metrics.exposition(), content_type=metrics.CONTENT_TYPE)

    return routes


async def actions_answer() -> bool:
    """Whether the action server answers; inside this process there is nothing that could be away."""
    if not settings().actions_url:
        return True
    try:
        health = urljoin(settings().actions_url, "/health")
        async with aiohttp.ClientSession(timeout=ACTIONS_TIMEOUT) as session, session.get(health) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False


def store_answers(app: Sanic) -> bool:
    """Whether the database of conversations answers."""
    try:
        with app.ctx.agent.tracker_store.engine.connect() as connection:
            connection.execute(TextClause("SELECT 1"))
    except Exception:  # whatever a database driver raises, the answer is no
        logger.exception("The database of conversations does not answer")
        return False
    return True


def may_read_metrics(request: Request) -> bool:
    """Whether a request comes from this machine or carries `METRICS_TOKEN`."""
    token = settings().metrics_token
    given = (request.headers.get("authorization") or "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    return is_direct_loopback(request)
