"""`python -m bot chat`: talk to it in this terminal."""

from __future__ import annotations

import argparse
import asyncio
import logging
import subprocess
import sys
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.channels import turns
from bot.channels.turns import BadMessage, Message

PROMPT = "\nYou: "

Take = Callable[[str], Awaitable[list[Message]]]


def main(arguments: list[str]) -> int:
    """Talk until Ctrl-D."""
    argparse.ArgumentParser(prog="python -m bot chat", description=__doc__).parse_args(arguments)
    # in a process of its own, so that the memory of a training is given back
    if subprocess.run([sys.executable, "-m", "bot", "train"], check=False).returncode:
        return 1
    logging.disable(logging.ERROR)  # a conversation and a log do not share a screen
    print("Loading …", flush=True)
    return asyncio.run(_talk())


async def _talk() -> int:
    from bot.server import load_agent

    agent = await load_agent()
    sender = f"terminal-{uuid.uuid4().hex}"

    async def take(text: str) -> list[Message]:
        return await turns.take(agent.handle_message, text, sender, "terminal")

    print("Type a message, or the number of a button. Ctrl-D ends.")
    await converse(take, input, print)
    return 0


async def converse(take: Take, read: Callable[[str], str], write: Callable[[str], Any]) -> None:
    """Read messages and write replies until `read` raises `EOFError` (Ctrl-D) or `KeyboardInterrupt` (Ctrl-C).

    Args:
        take: one message to its reply.
        read: asks for a line, given the prompt.
        write: shows a text.
    """
    buttons: list[dict[str, str]] = []
    while True:
        try:
            typed = read(PROMPT)
        except (EOFError, KeyboardInterrupt):
            write("\nGoodbye.")
            return
        try:
            replies = await take(pressed(typed, buttons))
        except BadMessage as refused:
            write(refused.text)
            continue
        buttons = [button for message in replies for button in message.get("buttons", [])]
        write(shown(replies))


def pressed(typed: str, buttons: Sequence[dict[str, str]]) -> str:
    """The payload of the button whose number was typed, or the text itself."""
    number = typed.strip()
    if number.isdecimal() and 1 <= int(number) <= len(buttons):
        return buttons[int(number) - 1]["payload"]
    return typed


def shown(replies: Sequence[Message]) -> str:
    """A reply for the terminal: its texts, each followed by its buttons, numbered through."""
    lines: list[str] = []
    number = 0
    for message in replies:
        if message.get("text"):
            lines += ["", message["text"]]
        for button in message.get("buttons", []):
            number += 1
            lines.append(f"  [{number}] {button['title']}")
    return "\n".join(lines)
