"""The server: loads the model and opens the channels."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import register
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection
from sanic import Sanic
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot import logs, monitoring, rasa_patches, training
from bot.channels import credentials, turns
from bot.channels.turns import MAX_BODY, BadMessage
from bot.channels.web import WebChannel
from bot.content import content
from bot.conversations import turn_hooks
from bot.conversations.locks import ConversationLocks
from bot.conversations.retention import Sweeper
from bot.conversations.shared_locks import SharedLocks, connect
from bot.conversations.store import ConversationStore
from bot.insights.counts import Writer
from bot.insights.tally import tally
from bot.language.encoder import shared_encoder
from bot.language.standby import standby
from bot.settings import ROOT, settings
from bot.web import pages

logger = logging.getLogger(__name__)


class InProcessActions(EndpointConfig):
    """Runs actions in this process: what Rasa would send to an action server goes to the SDK's executor."""

    def __init__(self, store: ConversationStore) -> None:
        super().__init__(url="in-process")
        self._store = store
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, json: Any = None, **kwargs: Any) -> Any:
        """Run one action; a rejection becomes what Rasa expects of an action server."""
        try:
            return await self._executor.run(await turn_hooks.with_history(json, self._store))
        except ActionExecutionRejection as rejected:
            body = f'{{"action_name": "{rejected.action_name}"}}'
            raise ClientResponseError(400, str(rejected), body) from rejected


class RemoteActions(EndpointConfig):
    """The action servers at `ACTIONS_URL`, with the secret that they ask for."""

    def __init__(self, store: ConversationStore) -> None:
        token = settings().actions_token
        super().__init__(settings().actions_url, headers={"Authorization": f"Bearer {token}"} if token else {})
        self._store = store

    async def request(self, *args: Any, json: Any = None, **kwargs: Any) -> Any:
        """Have one action run."""
        return await super().request(*args, json=await turn_hooks.with_history(json, self._store), **kwargs)


def conversation_locks() -> LockStore:
    """Locks within this process, or in Redis where servers share conversations."""
    if not settings().redis_url:
        return ConversationLocks()
    return SharedLocks(connect(settings().redis_url), settings().turn_timeout)


async def load_agent() -> Agent:
    """Load the model, checked by its hash, with our stores.

    Raises:
        TrainingError: there is no model, or it does not fit the sources.
    """
    model = Path(settings().model)
    logs.VERSIONS["model"] = training.verify(model)["sha256"][:12]
    rasa_patches.install()
    os.chdir(ROOT)  # the model names the language pipeline by a relative path
    agent = Agent.load(str(model), lock_store=conversation_locks())
    # not wrapped: Rasa's fail-safe wrapper would answer from an empty conversation when the database is away
    store = ConversationStore(agent.domain, settings().database_url, settings().keep_hours, settings().history_days)
    assert agent.processor is not None, "a loaded agent has one"
    turn_hooks.embed_early(agent.processor, shared_encoder())
    turn_hooks.redact_after_reading(agent.processor)
    turn_hooks.answer_repeats(agent.processor, store)
    turn_hooks.leave_slots_to_actions(agent.processor)
    actions = RemoteActions(store) if settings().actions_url else InProcessActions(store)
    agent.action_endpoint = agent.processor.action_endpoint = actions
    agent.tracker_store = store
    agent.processor.tracker_store = store
    standby.warm_up()
    await golden_turn(agent)
    gc.collect()
    gc.freeze()  # the model never becomes garbage: without this, collections pause turns for 0.3 s and more
    return agent


async def golden_turn(agent: Agent) -> None:
    """Ask one question whose answer is known, so that "ready" means that the assistant answers.

    Raises:
        TrainingError: it does not.
    """
    for answer_id, entry in list(content().answers.items())[:3]:
        parsed = await agent.parse_message(entry.question)
        if parsed["intent"]["name"] == answer_id:
            return
    raise training.TrainingError("The loaded model does not understand its own sample questions. Run: make train")


def create_app(agent: Agent) -> Sanic:
    """The web application around a loaded agent: the channels, the pages, and what watches over it."""
    app = Sanic("lumbar", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 2 * MAX_BODY
    app.config.WEBSOCKET_MAX_SIZE = MAX_BODY
    app.ctx.agent = agent
    store = agent.tracker_store
    assert isinstance(store, ConversationStore), "load_agent gave the agent one"
    locks: Any = agent.lock_store  # load_agent made it
    register([*credentials.channels(store, locks), WebChannel(store)], app, route="/webhooks/")
    app.blueprint(pages.blueprint())
    app.blueprint(monitoring.blueprint())

    sweeper, counts = Sweeper(store), Writer(store.engine, tally)

    @app.after_server_start
    async def start_housekeeping(*_: object) -> None:
        sweeper.start()
        counts.start()

    @app.before_server_stop
    async def finish_turns(*_: object) -> None:
        await turns.running.finish(settings().turn_timeout + 1)

    @app.after_server_stop
    async def close(*_: object) -> None:
        await asyncio.to_thread(counts.stop)
        await asyncio.to_thread(sweeper.stop)
        await asyncio.to_thread(store.close)
        if isinstance(agent.lock_store, SharedLocks):
            await agent.lock_store.close()

    @app.on_response
    async def secure(_: Request, response: HTTPResponse) -> None:
        """What every response says of itself; pages and files say more."""
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        if response.content_type == "application/json":
            response.headers.setdefault("Cache-Control", "no-store")  # a reply is about somebody's health

    @app.exception(PayloadTooLarge)
    async def too_large(_: Request, __: PayloadTooLarge) -> HTTPResponse:
        """A body beyond Sanic's limit never reaches a channel; it gets the emergency line all the same."""
        refused = BadMessage(413, "too_long")
        return json_response({"error": refused.reason, "message": refused.text}, refused.status)

    return app
