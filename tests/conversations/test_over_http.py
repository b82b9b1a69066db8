from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor

from tests.serving import Server, new_sender


def typed(server: Server, sender: str) -> list[str]:
    """What the database keeps of what someone typed, in order."""
    with sqlite3.connect(server.database) as database:
        rows = database.execute(
            "SELECT data FROM events WHERE sender_id = ? AND type_name = 'user' ORDER BY id", [sender]
        ).fetchall()
    return [json.loads(data)["text"] for (data,) in rows]


def test_messages_sent_at_once_are_all_answered_and_kept(server: Server) -> None:
    senders = [new_sender() for _ in range(3)]
    messages = [(sender, f"does ice help, asked for the {number}. time") for number in range(4) for sender in senders]
    with ThreadPoolExecutor(len(messages)) as pool:
        replies = list(pool.map(lambda message: server.say(message[1], message[0]), messages))
    assert [reply.says[0]["ids"] for reply in replies] == [["ice_and_heat"]] * len(messages)
    for sender in senders:
        assert sorted(typed(server, sender)) == [f"does ice help, asked for the {number}. time" for number in range(4)]


def test_the_notice_is_shown_once(server: Server) -> None:
    sender = new_sender()
    shown = [server.say(text, sender).text.count("I am a bot.") for text in ("hello", "does ice help?", "thanks")]
    assert shown == [1, 0, 0]
