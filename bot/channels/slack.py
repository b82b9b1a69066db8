"""The Slack channel: Rasa's connector, but it handles everything once, drops nothing, and answers in private."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import aiohttp
from rasa.core.channels.slack import SlackBot, SlackInput
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels import marks, payloads
from bot.channels import slack_events as events
from bot.channels import slack_layout as layout
from bot.channels.intake import Asked, ChatChannel, Intake
from bot.channels.outbox import Gone, Later, Outbox, Refused, Send
from bot.channels.queues import Once
from bot.channels.slack_events import HomeOpened, Incoming
from bot.channels.turns import MAX_BODY, BadMessage, Handler, Message
from bot.content import content
from bot.settings import SettingsError, settings

logger = logging.getLogger(__name__)

REQUEST_TIMEOUT = 15  # seconds for one request to Slack
HOLD = 2.0  # seconds that Slack waits for our answer, before it would bring the event again after three
STOP_WITHIN = 5.0
CONNECT_AGAIN = 5.0  # seconds after which Socket Mode is tried again; each pause is twice the one before it

# errors of Slack's after which the same message can be sent again
AWAY = frozenset({"ratelimited", "rate_limited", "fatal_error", "internal_error", "service_unavailable",
                  "request_timeout", "team_added_to_org"})  # fmt: skip
# and those after which nobody can be reached there
GONE = frozenset({"channel_not_found", "is_archived", "user_not_found", "user_disabled", "cannot_dm_bot",
                  "messages_tab_disabled", "not_in_channel", "account_inactive", "token_revoked", "invalid_auth",
                  "not_authed", "user_not_in_channel"})  # fmt: skip


class SlackSender(SlackBot):
    """Sends what was said. Its errors say what to do about them (`bot.channels.outbox`)."""

    def __init__(self, token: str, api: str) -> None:
        super().__init__(token)
        self.client = AsyncWebClient(token, base_url=api, timeout=REQUEST_TIMEOUT)

    async def open(self) -> None:
        """Keep connections to Slack open between messages."""
        self.client.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=REQUEST_TIMEOUT))

    async def close(self) -> None:
        """Close them."""
        if self.client.session:
            await self.client.session.close()

    async def ask(self, method: str, **given: Any) -> Any:
        """Ask Slack for something.

        Raises:
            Later: it is away, or asks to wait.
            Gone: nobody can be reached there.
            Refused: it will not do that.
        """
        try:
            return await self.client.api_call(
                method, json={key: value for key, value in given.items() if value is not None}
            )
        except SlackApiError as error:
            raise trouble(error) from error
        except (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise Later from error

    async def send_part(self, channel: str, part: layout.Part, thread: str | None = None) -> None:
        """Send one message, as plain text where Slack does not like how it is laid out.

        Raises:
            Later, Gone, Refused: as `ask`.
        """
        where = {"channel": channel, "text": part.text, "thread_ts": thread}
        quiet = {"unfurl_links": False, "unfurl_media": False}
        try:
            await self.ask("chat.postMessage", **where, **quiet, blocks=part.blocks)
        except Refused as refused:
            logger.warning("Slack refused a layout (%s); the text is sent without it", refused)
            await self.ask("chat.postMessage", **where, **quiet)


def trouble(error: SlackApiError) -> Exception:
    """What an error of Slack's means for the message."""
    response = error.response
    status: int = getattr(response, "status_code", None) or getattr(response, "status", None) or 500
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, Mapping) else None
    if status == 429 or status >= 500 or code is None or code in AWAY:
        after = response.headers.get("Retry-After", "")
        return Later(float(after) if after.isdecimal() else None)
    return Gone(code) if code in GONE else Refused(code)


class SlackChannel(ChatChannel, SlackInput):
    """Messages from Slack, at `/webhooks/slack/webhook`, or over a socket that this server opens (Socket Mode).

    Args:
        slack_token: the bot token.
        slack_signing_secret: what Slack signs its requests with; without it the address is closed.
        app_token: the app token, for Socket Mode.
    """

    def __init__(self, slack_token: str, slack_signing_secret: str = "", app_token: str = "") -> None:
        super().__init__(slack_token, slack_signing_secret=slack_signing_secret, use_threads=True)
        self.sender = SlackSender(slack_token, settings().slack_api)
        self.app_token = app_token
        self._socket: SocketModeClient | None = None
        self._outbox = Outbox(self.name())
        self._once = Once()
        self._background: set[asyncio.Task[Any]] = set()

    def _validate_credentials(self) -> None:
        """Nothing here: `from_credentials` says what is missing, and Socket Mode needs no signing secret."""

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SlackChannel:
        """The channel of an entry of credentials.yml.

        Raises:
            SettingsError: something is missing or cannot be right.
        """
        given = credentials or {}
        token, secret = given.get("slack_token") or "", given.get("slack_signing_secret") or ""
        app_token = given.get("app_token") or ""
        wrong = missing(token, secret, app_token)
        if wrong:
            raise SettingsError("\n".join(wrong))
        return cls(token, secret, app_token)

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes of the channel."""
        self._intake = Intake(self.name(), on_new_message, self.conversations, self.locks)
        blueprint = Blueprint("lumbar_slack")

        @blueprint.listener("after_server_start")
        async def start(*_: object) -> None:
            await self.sender.open()
            if self.app_token:
                self._begin(self._connect_until_reached())

        @blueprint.listener("before_server_stop")
        async def stop(*_: object) -> None:
            await self.stop()

        if self.slack_signing_secret:  # an empty one could be forged by anyone

            @blueprint.route("/webhook", methods=["POST"])
            async def receive(request: Request) -> HTTPResponse:
                return await self._receive(request)

        return blueprint

    async def stop(self) -> None:
        """Finish what is under way, then close."""
        for task in self._background:
            task.cancel()
        if self._socket:
            await self._socket.close()
        await self._once.finish(STOP_WITHIN)
        await self._outbox.finish(STOP_WITHIN)
        await self.sender.close()

    def _begin(self, work: Any) -> None:
        """Do something beside the conversation."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    # -- over HTTP --------------------------------------------------------------------------------------------------

    async def _receive(self, request: Request) -> HTTPResponse:
        """Take what Slack brings, once, and answer in time."""
        if len(request.body) > MAX_BODY:
            return json_response({"error": "too_long"}, status=413)
        if not self.is_request_from_slack_authentic(request):
            return json_response({"error": "forbidden"}, status=401)
        try:
            kind, body = read_body(request)
        except (ValueError, RecursionError):
            return json_response({"error": "bad_json"}, status=400)
        if body.get("type") == "url_verification":
            return json_response({"challenge": body.get("challenge")})
        again = bool(request.headers.get("X-Slack-Retry-Num"))
        try:
            said = await self.accept(kind, body, again)
        except BadMessage:
            return json_response({"error": "stopping"}, status=503)
        return json_response(said or {}, headers={"X-Slack-No-Retry": "1"} if again else None)

    # -- over a socket ----------------------------------------------------------------------------------------------

    async def _connect_until_reached(self) -> None:
        """Open Socket Mode, as soon as Slack can be reached; after that the client itself keeps it open."""
        self._socket = SocketModeClient(self.app_token, web_client=self.sender.client)
        self._socket.socket_mode_request_listeners.append(self._receive_over_socket)
        pause = CONNECT_AGAIN
        while True:
            try:
                await self._socket.connect()
                return logger.info("Slack brings messages over a socket")
            except (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
                # without the error's own text: it may hold the address of the socket, which is a secret
                logger.warning("Slack cannot be reached (%s); trying again", type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, 300.0)

    async def _receive_over_socket(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        try:
            said = await self.accept(request.type, request.payload, bool(request.retry_attempt))
        except BadMessage:
            return  # what is not acknowledged is brought again, to another socket
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, said))

    # -- messages ---------------------------------------------------------------------------------------------------

    async def accept(self, kind: str, body: Mapping[str, Any], again: bool) -> dict[str, Any] | None:
        """Take what Slack brings. It hears back once it is answered, or in time; at once if it brings it again.

        Args:
            kind: `events_api`, `interactive` or `slash_commands`, as Socket Mode calls them.

        Returns:
            What is shown to the person alone, at a command.

        Raises:
            BadMessage: this server is about to stop; Slack is to bring it again.
        """
        incoming = read(kind, body)
        if incoming is None:
            return None
        task, _ = self._once.run(incoming.id, lambda: self._take(incoming))
        if not again:
            await asyncio.wait([task], timeout=HOLD)
        if self._once.failed(incoming.id):
            raise BadMessage(503, "error")
        if kind == "slash_commands":
            return {"response_type": "ephemeral", "text": content().talk["answered_in_private"].text}
        return None

    async def _take(self, incoming: Incoming | HomeOpened) -> None:
        """Take what Slack brought.

        Raises:
            BadMessage: this server is about to stop.
        """
        try:
            if isinstance(incoming, HomeOpened):
                await self._outbox.put(f"{incoming.person} home", [lambda: self._show_home(incoming.person)])
            else:
                await self._answer(incoming)
        except BadMessage:
            raise
        except Exception:
            # the event itself stays out of the log: it holds what somebody wrote
            logger.exception("A Slack event failed")

    async def _show_home(self, person: str) -> None:
        await self.sender.ask("views.publish", user_id=person, view=layout.home())

    async def _answer(self, incoming: Incoming) -> None:
        """Answer what somebody wrote or pressed; in a channel in private."""
        mark = marks.read(incoming.text) if incoming.pressed else None
        if mark:
            return await self._mark(incoming, mark)
        reached = await self._converse(incoming)
        if not incoming.private and incoming.channel:
            await self._say_in_channel(incoming, "answered_in_private" if reached else "move_to_private")
        return None

    async def _converse(self, incoming: Incoming) -> bool:
        """Take a message and send the reply to the person alone, in the thread that it was written in.

        Returns:
            Whether it reached them.
        """
        unread = self._without_words(incoming)
        if unread:
            return await asyncio.shield(self._put(incoming, [{"text": content().talk[unread].text}]))
        asked = Asked(
            f"slack:{incoming.id}",
            f"{self.name()}-{incoming.team}-{incoming.person}",
            incoming.at,
            incoming.text,
            incoming.at,
        )
        async with self._intake.turn(asked) as said:
            more = [{"text": content().talk["only_words_read"].text}] if said and incoming.more else []
            task = self._put(incoming, [*said, *more])
        return await asyncio.shield(task)

    def _without_words(self, incoming: Incoming) -> str | None:
        """What is said to something that holds no words to read, or `None`."""
        if incoming.pressed:
            return None if payloads.resolve(incoming.text) else "unknown_button"
        return "not_text" if incoming.text is None else None

    def _put(self, incoming: Incoming, said: Sequence[Message]) -> asyncio.Task[bool]:
        channel = incoming.channel if incoming.private and incoming.channel else incoming.person
        thread = incoming.thread if incoming.private else None
        made = [part for message in said for part in layout.parts(message)]
        return self._outbox.put(incoming.person, [self._sending(channel, part, thread) for part in made])

    def _sending(self, channel: str, part: layout.Part, thread: str | None) -> Send:
        return lambda: self.sender.send_part(channel, part, thread)

    async def _say_in_channel(self, incoming: Incoming, text: str) -> None:
        """Say where the answer is, to the person alone: nothing of it, and nothing of the question."""

        async def send() -> None:
            await self.sender.ask(
                "chat.postEphemeral",
                channel=incoming.channel,
                user=incoming.person,
                text=layout.escaped(content().talk[text].text),
                thread_ts=incoming.thread,
            )

        await self._outbox.put(f"{incoming.channel} {incoming.person}", [send])

    async def _mark(self, incoming: Incoming, mark: marks.Mark) -> None:
        """Count whether an answer helped; where it did not, ask why, in the place of the first question."""
        mark.count()
        blocks = incoming.shown.get("blocks")
        changed = layout.with_reasons(blocks, mark.answer) if mark.wants_reason else layout.with_thanks(blocks)

        async def show() -> None:
            await self.sender.ask(
                "chat.update",
                channel=incoming.channel,
                ts=incoming.message,
                text=incoming.shown.get("text"),
                blocks=changed,
            )

        await self._outbox.put(incoming.person, [show])


def read(kind: str, body: Mapping[str, Any]) -> Incoming | HomeOpened | None:
    """What Slack brings, in any of its three ways."""
    if kind == "interactive":
        return events.read_interaction(body)
    if kind == "slash_commands":
        return events.read_command(body, time.time())
    return events.read_event(body)


def read_body(request: Request) -> tuple[str, Mapping[str, Any]]:
    """The kind of a request and its content: JSON, a form, or JSON within a form.

    Raises:
        ValueError: it is none of these.
    """
    declared = (request.headers.get("content-type") or "").split(";")[0].strip().lower()
    if declared == "application/x-www-form-urlencoded":
        form = {name: values[0] for name, values in parse_qs(request.body.decode(), keep_blank_values=True).items()}
        kind, body = ("interactive", json.loads(form["payload"])) if "payload" in form else ("slash_commands", form)
    else:
        kind, body = "events_api", json.loads(request.body)
    if not isinstance(body, Mapping):
        raise ValueError("no JSON object")
    return kind, body


def missing(token: str, secret: str, app_token: str) -> list[str]:
    """What keeps the channel from starting, in words that say what to do."""
    found = []
    if not token:
        given = "SLACK_SIGNING_SECRET" if secret else "SLACK_APP_TOKEN"
        found.append(f"Slack is half set up: {given} is set, SLACK_BOT_TOKEN is not. Set both, or neither.")
    elif not token.startswith("xoxb-"):
        found.append("SLACK_BOT_TOKEN is no bot token: those begin with xoxb-.")
    if token and not secret and not app_token:
        found.append(
            "Slack is half set up: SLACK_BOT_TOKEN is set, but neither SLACK_SIGNING_SECRET (where Slack reaches this "
            "server) nor SLACK_APP_TOKEN (Socket Mode, without a public address). Set one of them, or unset the token."
        )
    if app_token and not app_token.startswith("xapp-"):
        found.append("SLACK_APP_TOKEN is no app token: those begin with xapp-.")
    return found
