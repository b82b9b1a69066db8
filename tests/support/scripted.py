"""A web server with our channel and pages, but with scripted replies in place of the model.

It is a process of its own, so that tests can kill it. Settings come from its environment; conversations are stored by
the real store, so that what is replayed is what was stored.

    python -m tests.support.scripted
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from bot import import_stubs

import_stubs.install()

from rasa.core.channels.channel import UserMessage, register  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import BotUttered, UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from sanic import Sanic  # noqa: E402

from bot import logs, monitoring  # noqa: E402
from bot.channels.turns import MAX_BODY  # noqa: E402
from bot.channels.web import WebChannel  # noqa: E402
from bot.conversations import turn_hooks  # noqa: E402
from bot.conversations.store import ConversationStore  # noqa: E402
from bot.language.standby import standby  # noqa: E402
from bot.settings import settings  # noqa: E402
from bot.web import pages  # noqa: E402

SOURCE = {"section": "spasms", "title": "Lower Back Muscle Spasms", "url": "https://www.example.org/back_care"}

ANSWER = {
    "text": "The document says ice or heat may help.\nNot from the document: heat can burn. Source: NHS, https://www.nhs.uk/\n"
    f"Ask your doctor.\nSource: the document, “{SOURCE['title']}”. It gives this link: {SOURCE['url']}\n"
    "Numb between the legs, or weak legs? Go to A&E now.",
    "buttons": [{"title": "Pain medicines", "payload": "/pain_medicines"}],
    "says": {"kind": "answer", "ids": ["ice_and_heat"], "level": None, "asks": None, "source": SOURCE},
}

CARE = {
    "text": "Go to A&E now. Call 999 if you cannot get there.\nYou told me about numbness.\n"
    "Say what has changed, and when.\nDo not put it off.",
    "buttons": [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}],
    "says": {
        "kind": "care",
        "ids": ["cauda_equina"],
        "level": "emergency",
        "informational": False,
        "asks": "is_it_happening",
    },
}

GP = {
    "text": "See a GP this week.\nYou told me it is not settling.",
    "says": {**CARE["says"], "ids": ["not_settling"], "level": "gp"},
}

PLAN = {
    "text": "Here is a plan.\nAbdominal exercises: bridge\nWaist exercises: side bends\nStop if it hurts.\n"
    f"Source: the document, “{SOURCE['title']}”. It gives this link: {SOURCE['url']}",
    "says": {**ANSWER["says"], "ids": ["abdominal_exercises", "waist_exercises"], "plan": True},
}

ASK = {
    "text": "Are you in spasm now?",
    "buttons": [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}],
    "says": {"kind": "ask", "ids": ["which_exercises"], "level": None, "asks": "spasm_now"},
}

HOSTILE = {
    "text": "<img src=x onerror=window.hacked=1> \u202egnp.exe [press](javascript:window.hacked=1)\n"
    "<b>bold</b> 👩🏽\u200d⚕️ \u0645\u0631\u062d\u0628\u0627\nSource: javascript:window.hacked=1",
    "buttons": [{"title": "<script>window.hacked=1</script>", "payload": "javascript:window.hacked=1"}],
    "says": {
        **ANSWER["says"],
        "ids": ["<img src=x onerror=window.hacked=1>"],
        "source": {**SOURCE, "url": "javascript:window.hacked=1"},
    },
}

TALK = {"kind": "talk", "ids": ["greet"], "level": None, "asks": None}

SCRIPT: dict[str, list[dict[str, Any]]] = {
    "answer": [ANSWER], "care": [CARE], "gp": [GP], "plan": [PLAN], "ask": [ASK],
    "all": [{"text": "I am a bot."}, ANSWER, CARE, GP, PLAN, ASK],
    "Yes": [PLAN], "hostile": [HOSTILE],
}  # fmt: skip


class ScriptedStore(ConversationStore):
    """A store that can be away for a while."""

    away_until = 0.0

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        """Read or write, unless the store is away."""
        self._check()
        return await super()._in_thread(work)

    async def _transact(self, work: Callable[[Any], Any]) -> Any:
        """Read or write a turn, unless the store is away."""
        self._check()
        return await super()._transact(work)

    def _check(self) -> None:
        if time.monotonic() < self.away_until:
            raise ConnectionError("the store is away")


class ScriptedAgent:
    """Answers by script, and stores what it said as Rasa does."""

    def __init__(self) -> None:
        self.tracker_store = ScriptedStore(Domain.empty(), settings().database_url)
        turn_hooks.answer_repeats(self, self.tracker_store)  # type: ignore[arg-type]

    def is_ready(self) -> bool:
        """There is no model to wait for."""
        return True

    async def handle_message(self, message: UserMessage) -> None:
        """Reply to one message, and store the turn."""
        text = str(message.text)
        if text == "fail":
            raise RuntimeError("a scripted failure")
        if text.startswith("slow"):
            await asyncio.sleep(1.5)
        tracker = await self.tracker_store.retrieve_full_tracker(message.sender_id)
        if tracker is None:
            tracker = DialogueStateTracker(message.sender_id, [])
        tracker.update(UserUttered(text, message_id=message.message_id, input_channel=message.input_channel))
        # other texts come back as they are; `parts N` in N messages
        count = int(text.split()[1]) if text.startswith("parts ") else 1
        said = SCRIPT.get(text) or [
            {"text": f"You said: {text}" + (f" ({part})" if count > 1 else ""), "says": TALK} for part in range(count)
        ]
        for item in said:
            custom = {"data": {"says": [item["says"]]}} if item.get("says") else None
            buttons = item.get("buttons") or []
            await message.output_channel.send_response(
                message.sender_id, {"text": item["text"], "buttons": buttons, "custom": custom}
            )
            tracker.update(BotUttered(item["text"], {"buttons": buttons or None, "custom": custom}))
        await self.tracker_store.save(tracker)
        if text.startswith("store away "):
            self.tracker_store.away_until = time.monotonic() + float(text.split()[-1])


def create_app() -> Sanic:
    """The server's routes, but for the REST channel and the model."""
    app = Sanic("scripted", configure_logging=False)
    app.config.WEBSOCKET_MAX_SIZE = MAX_BODY
    app.ctx.agent = ScriptedAgent()
    register([WebChannel(app.ctx.agent.tracker_store)], app, route="/webhooks/")
    app.blueprint(pages.blueprint())
    app.blueprint(monitoring.blueprint())
    return app


if __name__ == "__main__":
    logs.configure()
    standby.warm_up()
    create_app().run(settings().host, settings().port, access_log=False, motd=False)
    print(json.dumps({"stopped": True}))
