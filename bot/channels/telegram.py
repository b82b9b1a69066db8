"""The Telegram channel: Rasa's connector, but it knows its caller, sends nothing twice, and starts without Telegram."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import urljoin

import aiohttp
from aiogram import Bot
from aiogram.bot.api import TelegramAPIServer
from aiogram.types import BotCommand
from aiogram.utils import exceptions
from rasa.core.channels.telegram import TelegramInput, TelegramOutput
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.channels import marks, payloads
from bot.channels import telegram_layout as layout
from bot.channels import telegram_updates as updates
from bot.channels.intake import Asked, ChatChannel, Intake
from bot.channels.outbox import Gone, Later, Outbox, Refused, Send
from bot.channels.queues import Once, Succession
from bot.channels.telegram_updates import Incoming, Me
from bot.channels.turns import MAX_BODY, BadMessage, Handler, Message
from bot.content import content
from bot.settings import SettingsError, settings

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
REQUEST_TIMEOUT = 15.0  # seconds for one request to Telegram
HOLD = 10.0  # seconds that Telegram waits for our answer; if this process ends meanwhile, it brings the update again
PATIENCE = 0.2  # seconds that an update waits for the one before it
TYPING_AFTER = 0.5  # seconds; most turns are faster
TYPING_LASTS = 4.0
STOP_WITHIN = 5.0
REGISTER_AGAIN = 5.0  # seconds after which Telegram is tried again; each pause is twice the one before it

# the menu, in its order
MENU = {
    "start": "Begin, with some questions to ask",
    "help": "What I can do",
    "export": "Show my data",
    "delete": "Delete my data",
}


class TelegramSender(TelegramOutput):
    """Sends what was said. Its errors say what to do about them (`bot.channels.outbox`)."""

    def __init__(self, token: str, api: str) -> None:
        Bot.__init__(self, token, server=TelegramAPIServer.from_base(api), timeout=REQUEST_TIMEOUT)

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Ask Telegram for something.

        Raises:
            Later: it is away, or asks to wait.
            Gone: the chat is closed to us.
            Refused: it will not do that.
        """
        try:
            return await super().request(*args, **kwargs)
        except exceptions.RetryAfter as limited:
            raise Later(limited.timeout) from limited
        except (exceptions.Unauthorized, exceptions.ChatNotFound, exceptions.MigrateToChat) as closed:
            raise Gone(type(closed).__name__) from closed
        except (exceptions.BadRequest, exceptions.NotFound, exceptions.ConflictError) as error:
            raise Refused(type(error).__name__) from error
        except (exceptions.TelegramAPIError, aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise Later from error

    async def send_part(
        self, chat: int, part: layout.Part, reply_to: int | None = None, thread: int | None = None
    ) -> None:
        """Send one message, as plain text where Telegram does not like how it is laid out.

        Raises:
            Later, Gone, Refused: as `request`.
        """
        where = {
            "chat_id": chat,
            "text": part.text,
            "disable_web_page_preview": True,
            "reply_to_message_id": reply_to,
            "allow_sending_without_reply": True if reply_to else None,
            "message_thread_id": thread,
        }
        try:
            keyboard = {"inline_keyboard": part.keyboard} if part.keyboard else None
            await self.send_message(**where, entities=part.entities or None, reply_markup=keyboard)
        except Refused:
            logger.warning("Telegram refused a layout; the text is sent without it")
            await self.send_message(**where)


class TelegramChannel(ChatChannel, TelegramInput):
    """Messages from Telegram, at `/webhooks/telegram/` and a name that only Telegram is told.

    Args:
        access_token: the bot's token.
        webhook_url: the address at which Telegram reaches this server, such as https://bot.clinic.example.
    """

    def __init__(self, access_token: str, webhook_url: str) -> None:
        super().__init__(access_token, None, webhook_url)
        self.sender = TelegramSender(access_token, settings().telegram_api)
        self.me = Me(int(access_token.split(":")[0]))
        self._outbox = Outbox(self.name())
        self._once = Once()
        self._numbers = Succession(PATIENCE)
        self._edits: OrderedDict[tuple[int, int | None], tuple[str, int]] = OrderedDict()
        self._background: set[asyncio.Task[Any]] = set()

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TelegramChannel:
        """The channel of an entry of credentials.yml.

        Raises:
            SettingsError: something is missing or cannot be right.
        """
        given = credentials or {}
        token, url = given.get("access_token") or "", given.get("webhook_url") or ""
        wrong = missing(token, url)
        if wrong:
            raise SettingsError("\n".join(wrong))
        return cls(token, url)

    @property
    def path(self) -> str:
        """The name of the webhook below `/webhooks/telegram/`. It cannot be guessed without the token."""
        return self._derived("path")[:40]

    @property
    def secret(self) -> str:
        """What Telegram sends along with each update, so that we know it."""
        return self._derived("secret")

    @property
    def address(self) -> str:
        """Where Telegram brings updates."""
        return urljoin(str(self.webhook_url), f"/webhooks/{self.name()}/{self.path}")

    def _derived(self, purpose: str) -> str:
        return hmac.new(str(self.access_token).encode(), f"lumbar {purpose}".encode(), hashlib.sha256).hexdigest()

    def get_output_channel(self) -> TelegramOutput:
        """What sends. Unlike Rasa's, it does not ask Telegram for anything yet."""
        return self.sender

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes of the channel."""
        self._intake = Intake(self.name(), on_new_message, self.conversations, self.locks)
        blueprint = Blueprint("lumbar_telegram")

        @blueprint.route(f"/{self.path}", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            return await self._receive(request)

        @blueprint.listener("after_server_start")
        async def register(*_: object) -> None:
            self._begin(self._register_until_reached())

        @blueprint.listener("before_server_stop")
        async def stop(*_: object) -> None:
            await self.stop()

        return blueprint

    # -- registering ------------------------------------------------------------------------------------------------

    async def _register_until_reached(self) -> None:
        """Register with Telegram, as soon as it can be reached."""
        pause = REGISTER_AGAIN
        while True:
            try:
                await self.register()
                return logger.info("Telegram brings messages to this server")
            except Later as later:
                logger.warning("Telegram cannot be reached; trying again")
                await asyncio.sleep(later.after or pause)
                pause = min(2 * pause, 300.0)
            except (Gone, Refused) as error:
                # without the error's own text: it may hold the token
                return logger.error("Telegram refuses (%s). See: python -m bot connect telegram", error)

    async def register(self) -> None:
        """Tell Telegram where to bring updates, and which commands there are.

        Raises:
            Later, Gone, Refused: as `TelegramSender.request`.
        """
        known = await self.sender.get_me()
        self.me = Me(known.id, known.username)
        await self.sender.set_webhook(
            self.address, secret_token=self.secret, allowed_updates=list(updates.KINDS), max_connections=100
        )
        await self.sender.set_my_commands([BotCommand(name, meaning) for name, meaning in MENU.items()])

    async def stop(self) -> None:
        """Finish what is under way, then close."""
        for task in self._background:
            task.cancel()
        await self._once.finish(STOP_WITHIN)
        await self._outbox.finish(STOP_WITHIN)
        session = await self.sender.get_session()
        if session:
            await session.close()

    def _begin(self, work: Any) -> None:
        """Do something beside the conversation."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    # -- messages ---------------------------------------------------------------------------------------------------

    async def _receive(self, request: Request) -> HTTPResponse:
        """Take an update, once. Whatever it holds, Telegram hears that it arrived, or it would bring it for ever."""
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self.secret.encode()):
            return json_response({"error": "forbidden"}, status=401)
        if len(request.body) > MAX_BODY:
            return json_response({"error": "too_long"}, status=413)
        try:
            update = json.loads(request.body)
        except (ValueError, RecursionError):
            return json_response({"error": "bad_json"}, status=400)
        number = updates.number_of(update)
        if number is None:
            return json_response({"error": "bad_json"}, status=400)
        task, _ = self._once.run(str(number), lambda: self._take(number, update))
        await asyncio.wait([task], timeout=HOLD)
        if self._once.failed(str(number)):
            return json_response({"error": "stopping"}, status=503)
        return json_response({"ok": True})

    async def _take(self, number: int, update: Any) -> None:
        """Take an update.

        Raises:
            BadMessage: this server is about to stop; Telegram is to bring the update again.
        """
        try:
            await self._numbers.arrive(number)
            incoming = updates.read(update, self.me)
            if incoming:
                await self._answer(incoming)
        except BadMessage:
            raise
        except Exception:
            # the update itself stays out of the log: it holds what somebody wrote
            logger.exception("A Telegram update failed")

    async def _answer(self, incoming: Incoming) -> None:
        """Answer what somebody wrote or tapped; in a group in private."""
        if incoming.query:
            self._begin(self._acknowledge(incoming))
        mark = marks.read(incoming.text) if incoming.query else None
        if mark:
            return await self._mark(incoming, mark)
        if self._is_unchanged(incoming):
            return None
        if incoming.private:
            await self._converse(incoming)
        elif not await self._converse(incoming):
            await self._say_in_group(incoming, "move_to_private")
        else:
            await self._say_in_group(incoming, "answered_in_private")
        return None

    async def _converse(self, incoming: Incoming) -> bool:
        """Take a message and send the reply to the person alone.

        Returns:
            Whether it reached them.
        """
        async with self._typing(incoming.person), self._said(incoming) as said:
            task = self._outbox.put(str(incoming.person), self._sends(incoming, said))
        return await asyncio.shield(task)

    @contextlib.asynccontextmanager
    async def _said(self, incoming: Incoming) -> AsyncIterator[Sequence[Message]]:
        """What is said to a message."""
        text = incoming.text
        if incoming.query:
            text = layout.payload_of(text or "")
        if text is None:
            yield [{"text": content().talk["unknown_button" if incoming.query else "not_text"].text}]
            return
        asked = Asked(
            f"telegram:{incoming.update}",
            f"{self.name()}-{incoming.person}",
            incoming.update,
            text,
            incoming.date or None,
        )
        async with self._intake.turn(asked) as said:
            yield [*said, {"text": content().talk["only_words_read"].text}] if said and incoming.more else said

    def _sends(self, incoming: Incoming, said: Sequence[Message]) -> list[Send]:
        """The messages to send; the first answers the message that was changed, or, in a group, stands alone."""
        reply_to = incoming.message if incoming.edited and incoming.private else None
        made = [part for message in said for part in layout.parts(message)]
        return [self._sending(incoming.person, part, None if place else reply_to) for place, part in enumerate(made)]

    def _sending(self, chat: int, part: layout.Part, reply_to: int | None = None, thread: int | None = None) -> Send:
        return lambda: self.sender.send_part(chat, part, reply_to, thread)

    async def _say_in_group(self, incoming: Incoming, text: str) -> None:
        """Say where the answer is: nothing of it, and nothing of the question."""
        keyboard = []
        if self.me.name:
            keyboard = [[{"text": "Write to me in private", "url": f"https://t.me/{self.me.name}?start=private"}]]
        part = layout.Part(content().talk[text].text, keyboard=keyboard)
        await self._outbox.put(
            str(incoming.chat), [self._sending(incoming.chat, part, incoming.message, incoming.thread)]
        )

    def _is_unchanged(self, incoming: Incoming) -> bool:
        """Whether an edit left the words as they were: Telegram tells of those too. What was written is not kept."""
        if incoming.query:
            return False
        place = (incoming.chat, incoming.message)
        words = hashlib.sha256((incoming.text or "").encode("utf-8", "surrogatepass")).hexdigest()
        before, update = self._edits.get(place, ("", 0))
        self._edits[place] = words, incoming.update
        while len(self._edits) > 10_000:
            self._edits.popitem(last=False)
        # the same update again is one that could not be taken before
        return incoming.edited and before == words and update != incoming.update

    async def _acknowledge(self, incoming: Incoming) -> None:
        """Stop the clock on a tapped button, and show there what was tapped."""
        mark = marks.read(incoming.text)
        payload = layout.payload_of(incoming.text or "")
        title = payloads.known()[payload] if payload else None
        if mark and not mark.wants_reason:
            title = content().talk["feedback_thanks"].text
        # it counts for a few seconds only: not worth a second try
        with contextlib.suppress(Later, Gone, Refused):
            await self.sender.answer_callback_query(incoming.query, title)

    async def _mark(self, incoming: Incoming, mark: marks.Mark) -> None:
        """Count whether an answer helped; where it did not, ask why, in the place of the first question."""
        mark.count()
        keyboard = layout.without_marks(incoming.keyboard)
        if mark.wants_reason:
            keyboard = layout.with_reasons(incoming.keyboard, mark.answer)

        async def show() -> None:
            await self.sender.edit_message_reply_markup(
                incoming.chat, incoming.message, reply_markup={"inline_keyboard": keyboard}
            )

        await self._outbox.put(str(incoming.chat), [show])

    @contextlib.asynccontextmanager
    async def _typing(self, chat: int) -> AsyncIterator[None]:
        """Show that the bot is writing, while it takes longer than usual."""

        async def show() -> None:
            await asyncio.sleep(TYPING_AFTER)
            with contextlib.suppress(Later, Gone, Refused):
                while True:
                    await self.sender.send_chat_action(chat, "typing")
                    await asyncio.sleep(TYPING_LASTS)

        task = asyncio.create_task(show())
        try:
            yield
        finally:
            task.cancel()


def missing(token: str, url: str) -> list[str]:
    """What keeps the channel from starting, in words that say what to do."""
    if not token:
        return ["Telegram is half set up: TELEGRAM_WEBHOOK_URL is set, TELEGRAM_TOKEN is not. Set both, or neither."]
    found = []
    if not token.partition(":")[0].isdigit() or not token.partition(":")[2]:
        found.append("TELEGRAM_TOKEN is no token. BotFather gives one that looks like 123456789:AAE….")
    if not url:
        found.append(
            "Telegram is half set up: TELEGRAM_TOKEN is set, TELEGRAM_WEBHOOK_URL is not. "
            "Set it to the https address of this server, such as https://bot.clinic.example, or unset both."
        )
    elif not url.startswith("https://"):
        found.append(f"TELEGRAM_WEBHOOK_URL is {url}; Telegram takes only addresses that begin with https://.")
    return found
