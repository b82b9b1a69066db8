"""The website channel: Rasa's Socket.IO input and its events, with sessions that are signed, and with guards.

Events, from the browser: `session_request`, `user_uttered` (both Rasa's), `clear_session`, `feedback`. To the browser:
`session_confirm`, `bot_uttered` (both Rasa's), `user_said`, `turn_complete`, `session_cleared`. Rasa's other widgets
send and hear only Rasa's, and work; ours uses the acknowledgements as well. docs/widget.md describes them all.
"""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.socketio import SocketBlueprint, SocketIOInput
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, file
from sanic.response import json as json_response
from socketio import AsyncRedisManager, AsyncServer
from socketio.exceptions import ConnectionRefusedError

from bot import metrics
from bot.channels import payloads, transcript, turns
from bot.channels.addresses import sender_address
from bot.channels.limits import limit
from bot.channels.marks import REASONS, Mark
from bot.channels.sessions import Session, Sessions, secret
from bot.channels.transcript import StoredTurn
from bot.channels.turns import MAX_BODY, BadMessage, Message
from bot.content import content
from bot.conversations.locks import ConversationLocks
from bot.insights.tally import tally
from bot.settings import settings
from bot.web.pages import sample_questions

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]
Ack = dict[str, Any]
Event = Callable[[str, dict[str, Any]], Awaitable[Ack]]

STATIC = Path(__file__).parents[1] / "web" / "static"

TURN_ID = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
# turns of one conversation that may wait for each other
MAX_WAITING = 4
# limits for each address. Many people can share one (a clinic, a university), so they are wide.
MAX_CONNECTIONS = 100


class Conversations(Protocol):
    """What the channel needs of the tracker store."""

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The whole conversation, or `None`."""

    async def delete(self, conversation_id: str) -> None:
        """Delete a conversation for good."""


class WebChannel(SocketIOInput):
    """The channel behind the widget.

    Args:
        conversations: the tracker store.
    """

    def __init__(self, conversations: Conversations) -> None:
        super().__init__(session_persistence=True)
        manager = AsyncRedisManager(settings().redis_url) if settings().redis_url else None
        self._server = self.sio = AsyncServer(
            async_mode="sanic",
            cors_allowed_origins=origin_allowed,
            cors_credentials=False,
            max_http_buffer_size=MAX_BODY,
            client_manager=manager,
        )
        self._conversations = conversations
        self._sessions = Sessions(secret(), settings().web_session_hours * 3600)
        per_minute = settings().web_messages_per_minute
        self._messages = limit("web", burst=max(5, per_minute / 3), per_minute=per_minute)
        # a flood is not screened to its end: it would take the time of everybody else's turns
        self._screened = limit("screened", burst=20, per_minute=60)
        self._address_messages = limit("address", burst=10 * per_minute, per_minute=10 * per_minute)
        self._address_connects = limit("connects", burst=MAX_CONNECTIONS, per_minute=MAX_CONNECTIONS)
        self._connections: Counter[str] = Counter()
        self._running: dict[tuple[str, str], asyncio.Task[Ack]] = {}
        self._order = ConversationLocks()

    @classmethod
    def name(cls) -> str:
        """The channel's name and its place under `/webhooks`."""
        return "web"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes and events of the channel."""
        self._handler = on_new_message
        blueprint = SocketBlueprint(self._server, "/socket.io", "lumbar_web", __name__)
        self._server.on("connect", self._connect)
        self._server.on("disconnect", self._disconnect)
        self._server.on("session_request", self._guarded(self._open_session))
        self._server.on("user_uttered", self._guarded(self._receive))
        self._server.on("clear_session", self._guarded(self._clear))
        self._server.on("feedback", self._guarded(self._feedback))

        @blueprint.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return json_response({"status": "ok"})

        @blueprint.route("/static/<name:str>", methods=["GET"])
        async def static(request: Request, name: str) -> HTTPResponse:
            return await static_file(request, name)

        return blueprint

    # -- connections ------------------------------------------------------------------------------------------------

    async def _connect(self, sid: str, environ: dict[str, Any], _: Any = None) -> None:
        """Let a socket in, unless its address holds too many already. Its origin was checked before, on every request.

        Raises:
            ConnectionRefusedError: too many.
        """
        address = sender_address(environ["sanic.request"])
        if address and (
            self._connections[address] >= MAX_CONNECTIONS or not await self._address_connects.allowed(address)
        ):
            raise ConnectionRefusedError("rate_limited")
        if address:
            self._connections[address] += 1
        await self._server.save_session(sid, {"address": address, "session": None})

    async def _disconnect(self, sid: str, *_: Any) -> None:
        address = (await self._server.get_session(sid)).get("address")
        if address:
            self._connections[address] -= 1
            if not self._connections[address]:
                del self._connections[address]

    def _guarded(self, event: Event) -> Callable[..., Awaitable[Ack]]:
        """`event`, so that whatever a client sends and whatever fails, an answer with the emergency line goes back."""

        async def handle(sid: str, *given: Any) -> Ack:
            data = given[0] if given and isinstance(given[0], dict) else {}
            try:
                return await event(sid, data)
            except BadMessage as refused:
                return await self._refuse(sid, refused.reason, [{"text": refused.text}])
            except Exception:
                logger.exception("A web event failed")
                return await self._refuse(sid, "error", [{"text": content().talk["error"].text}])

        return handle

    async def _refuse(self, sid: str, reason: str, messages: list[Message]) -> Ack:
        """Say why nothing came of an event. What has no id is not part of the conversation: ours reads the answer."""
        for message in messages:
            await self._server.emit("bot_uttered", {**quick_replies(message), "error": reason}, to=sid)
        return {"ok": False, "error": reason, "messages": [quick_replies(message) for message in messages]}

    # -- sessions ---------------------------------------------------------------------------------------------------

    async def _open_session(self, sid: str, data: dict[str, Any]) -> Ack:
        """Bind a socket to the session of its token, or to a new one; give back the turns that it has not seen."""
        session = self._sessions.renew(data.get("session_id")) or self._sessions.issue()
        await self._bind(sid, session)
        await self._server.emit("session_confirm", session.token, to=sid)
        return {
            "ok": True,
            "session_id": session.token,
            "limit": turns.MAX_CHARACTERS,
            "samples": sample_questions(),
            "keep_hours": settings().keep_hours,
            "turns": await self._missed(session, data.get("after")) if "after" in data else [],
        }

    async def _bind(self, sid: str, session: Session) -> None:
        async with self._server.session(sid) as kept:
            if kept["session"] and kept["session"] != session.id:
                await self._server.leave_room(sid, kept["session"])
            kept["session"] = session.id
        await self._server.enter_room(sid, session.id)

    async def _session_id(self, sid: str) -> str:
        """The session that a socket is bound to. What a client says of itself is not asked."""
        kept: str | None = (await self._server.get_session(sid))["session"]
        if kept is None:
            session = self._sessions.issue()
            await self._bind(sid, session)
            return session.id
        return kept

    async def _stored(self, session_id: str) -> list[StoredTurn]:
        tracker = await self._conversations.retrieve_full_tracker(session_id)
        return transcript.turns_of(tracker.events) if tracker else []

    async def _missed(self, session: Session, seen: Any) -> list[dict[str, Any]] | None:
        """The turns after turn `seen`; `None` if they cannot be read now, which must not keep anyone from writing."""
        try:
            stored = await self._stored(session.id)
        except Exception:
            logger.exception("A web conversation could not be read")
            return None
        return [
            {"turn": turn.id, "text": turn.text, "messages": shown(turn.id, turn.messages)}
            for turn in transcript.after(stored, seen)
        ]

    async def _clear(self, sid: str, _: dict[str, Any]) -> Ack:
        """Delete a conversation, and give the socket that asked a new session."""
        session_id = await self._session_id(sid)
        async with self._order.lock(session_id):
            turns.missed.forget(session_id)
            await self._conversations.delete(session_id)
        session = self._sessions.issue()
        await self._bind(sid, session)
        await self._server.emit("session_cleared", {}, room=session_id)
        await self._server.close_room(session_id)
        await self._server.emit("session_confirm", session.token, to=sid)
        return {"ok": True, "session_id": session.token}

    # -- messages ---------------------------------------------------------------------------------------------------

    async def _receive(self, sid: str, data: dict[str, Any]) -> Ack:
        """Take one message. Sent again with the same `turn`, it is answered again, but not taken again."""
        session_id = await self._session_id(sid)
        given = data.get("turn")
        turn = given if isinstance(given, str) and TURN_ID.match(given) else uuid.uuid4().hex
        running = self._running.get((session_id, turn))
        if running is None:
            if not await self._within_limits(sid, session_id):
                return await self._refuse_limited(sid, session_id, turn, data.get("message"))
            running = asyncio.create_task(self._turn(sid, session_id, turn, data))
            self._running[session_id, turn] = running
            running.add_done_callback(lambda _: self._running.pop((session_id, turn), None))
        # a client that goes away must not end a turn that is being stored
        return await asyncio.shield(running)

    async def _within_limits(self, sid: str, session_id: str) -> bool:
        """Whether no more comes than a person types."""
        waiting = sum(1 for session, _ in self._running if session == session_id)
        address = (await self._server.get_session(sid))["address"]
        if waiting >= MAX_WAITING or not await self._messages.allowed(session_id):
            return False
        return not address or await self._address_messages.allowed(address)

    async def _refuse_limited(self, sid: str, session_id: str, turn: str, text: Any) -> Ack:
        """Refuse a message beyond the limits; but where it names a warning sign, show the card.

        Raises:
            BadMessage: 429.
        """
        metrics.refused(self.name(), "rate_limited")
        reply = turns.card_reply(session_id, text) if await self._screened.allowed(session_id) else None
        if reply is None:
            raise BadMessage(429, "rate_limited")
        await self._send(sid, session_id, turn, str(text), reply[:-1])
        return {"ok": True, "turn": turn}

    async def _turn(self, sid: str, session_id: str, turn: str, data: dict[str, Any]) -> Ack:
        """Take a turn and send what it says to all sockets of its session, in the order of the turns."""
        text = data.get("message")
        async with self._order.lock(session_id):
            # one that was taken already, here or by another server, is answered again
            taken = await turns.take(self._handler, text, session_id, self.name(), message_id=turn)
            reply, says = taken[:-1], taken[-1]["custom"]["data"]["says"]
            if any(item["kind"] == "error" for item in says):  # not stored, so not part of the conversation
                return await self._refuse(sid, "error", reply)
            await self._send(sid, session_id, turn, title_of(text), reply)
        return {"ok": True, "turn": turn}

    async def _send(self, sid: str, session_id: str, turn: str, text: str, reply: list[Message]) -> None:
        await self._server.emit("user_said", {"turn": turn, "text": text}, room=session_id, skip_sid=sid)
        for message in shown(turn, reply):
            await self._server.emit("bot_uttered", message, room=session_id)
        await self._server.emit("turn_complete", {"turn": turn}, room=session_id)

    async def _feedback(self, sid: str, data: dict[str, Any]) -> Ack:
        """Count whether an answer helped. Neither who said so nor what was asked is kept."""
        session_id = await self._session_id(sid)
        if not await self._messages.allowed(f"{session_id} feedback"):
            raise BadMessage(429, "rate_limited")
        answer, helpful, reason = data.get("answer"), data.get("helpful"), data.get("reason")
        known = isinstance(answer, str) and answer in content().answers
        if not known or not isinstance(helpful, bool) or reason not in (None, *REASONS):
            raise BadMessage(400, "bad_json")
        if reason and not helpful:  # the widget sends the mark together with its reason
            tally.feedback(str(answer), helpful, None)
        Mark(str(answer), helpful, reason).count()
        return {"ok": True}


def title_of(text: Any) -> str:
    """A message as the reader sees it: a button's title, never its payload."""
    pressed = payloads.resolve(text)
    return pressed["text"] if pressed else str(text)


def quick_replies(message: Message) -> Message:
    """A message in Rasa's form for this channel, with its entry of the reply contract."""
    sent: Message = {"text": message["text"]}
    if message.get("buttons"):
        sent["quick_replies"] = [{"content_type": "text", **button} for button in message["buttons"]]
    if message.get("says"):
        sent["says"] = message["says"]
    return sent


def shown(turn: str, reply: list[Message]) -> list[Message]:
    """The messages of a turn, each with an id by which it is known when it comes twice."""
    return [{"id": f"{turn}:{place}", "turn": turn, **quick_replies(message)} for place, message in enumerate(reply)]


def origin_allowed(origin: str | None, environ: dict[str, Any]) -> bool:
    """Whether a page of this origin may use the channel: this server's own pages, and those of `WEB_ORIGINS`.

    Asked on every request of both transports. A request without an origin comes from no other site's page.
    """
    if not origin:
        return True
    listed = [entry.strip().rstrip("/") for entry in settings().web_origins.split(",")]
    return origin in listed or urlsplit(origin).netloc == environ.get("HTTP_HOST")


async def static_file(request: Request, name: str) -> HTTPResponse:
    """The widget's built files: nothing else can be named, since only names that stand in the folder are served."""
    path = next((path for path in STATIC.iterdir() if path.name == name), None)
    if path is None:
        return json_response({"error": "not_found"}, status=404)
    headers = {
        "Access-Control-Allow-Origin": "*",  # a page that checks the script's integrity must be able to read it
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
        # the address of a build holds its hash, so that one can be kept for ever and the next is fetched at once
        "Cache-Control": "public, max-age=31536000, immutable" if request.args.get("v") else "no-cache",
    }
    return await file(path, headers=headers)
