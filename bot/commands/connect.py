"""`python -m bot connect telegram|slack`: check the tokens, set up what can be set up, and say what is left to do."""

from __future__ import annotations

import argparse
import asyncio
import re
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.channels import slack_app
from bot.channels.outbox import Gone, Later, Refused
from bot.channels.slack import SlackSender
from bot.channels.slack import missing as missing_for_slack
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram import missing as missing_for_telegram
from bot.settings import settings

NEW_BOT = """To make a Telegram bot:
  1. In Telegram, open https://t.me/BotFather and send /newbot. Choose a name, then a user name that ends in "bot".
  2. BotFather answers with a token. Set it:   export TELEGRAM_TOKEN=123456789:AAE…
  3. Set the https address of this server:     export TELEGRAM_WEBHOOK_URL=https://bot.clinic.example
     For a trial, a tunnel gives you one; docs/channels.md says how.
  4. Run this command again."""

NEW_APP = """To make the Slack app:
  1. Open this link, choose your workspace, then Next and Create:
     {link}
  2. Install App → Install to Workspace → Allow. Then OAuth & Permissions → Bot User OAuth Token:
     export SLACK_BOT_TOKEN=xoxb-…
  3. {third}
  4. Run this command again."""
SIGNING = "Basic Information → App Credentials → Signing Secret:   export SLACK_SIGNING_SECRET=…"
SOCKET = (
    "Basic Information → App-Level Tokens → Generate, with the scope connections:write:\n"
    "     export SLACK_APP_TOKEN=xapp-…\n"
    "     (This is Socket Mode, which needs no public address. If this server has one, add --url https://… here.)"
)


class Trouble(Exception):
    """What is wrong and what to do about it."""


def main(arguments: list[str]) -> int:
    """Print what was found; 0 when the channel is ready."""
    parser = argparse.ArgumentParser(prog="python -m bot connect", description=__doc__)
    parser.add_argument("service", choices=["telegram", "slack"])
    parser.add_argument("--url", help="for Slack: the https address at which Slack reaches this server")
    options = parser.parse_args(arguments)
    try:
        asyncio.run(telegram() if options.service == "telegram" else slack(options.url))
    except Trouble as trouble:
        print(trouble)
        return 1
    return 0


async def telegram() -> None:
    """Check the token, set the webhook and the menu, and say where the bot is.

    Raises:
        Trouble: something is missing or refused.
    """
    token, url = settings().telegram_token, settings().telegram_webhook_url
    if not token and not url:
        raise Trouble(f"Missing: TELEGRAM_TOKEN and TELEGRAM_WEBHOOK_URL.\n\n{NEW_BOT}")
    wrong = missing_for_telegram(token, url)
    if wrong:
        raise Trouble("\n".join(["Missing or wrong:", *wrong, "", NEW_BOT]))
    channel = TelegramChannel(token, url)
    try:
        await _register(channel)
        info = await channel.sender.get_webhook_info()
    except Later as error:
        raise Trouble(
            f"Telegram cannot be reached at {settings().telegram_api}. Check the network. "
            "The server sets the webhook by itself once it can."
        ) from error
    finally:
        await channel.stop()
    print(f"The token is right: it is that of @{channel.me.name}.")
    print(f"Telegram brings messages to {url} (the rest of the address is secret). The menu of commands is set.")
    if info.last_error_message:
        print(f"Telegram's last try to reach this server failed: {info.last_error_message}")
    await _say_whether_it_answers(url)
    print(f"\nNow open https://t.me/{channel.me.name} and press Start.")
    print("In BotFather, leave privacy mode on (/setprivacy): in groups the bot then sees only what is meant for it.")


async def _register(channel: TelegramChannel) -> None:
    """Register.

    Raises:
        Trouble: Telegram refuses.
        Later: it cannot be reached.
    """
    try:
        await channel.register()
    except Gone as error:
        raise Trouble(
            "Telegram does not know TELEGRAM_TOKEN. Copy it again: in https://t.me/BotFather, /mybots, API Token."
        ) from error
    except Refused as error:
        raise Trouble(
            f"Telegram refuses the address {settings().telegram_webhook_url} ({error}). It must be https, on port 443, "
            "80, 88 or 8443, with a certificate that browsers accept, and Telegram must find its name."
        ) from error


async def slack(url: str | None) -> None:
    """Check the tokens and their scopes, and say what to click.

    Args:
        url: the address at which Slack reaches this server, or `None` for Socket Mode.

    Raises:
        Trouble: something is missing or refused.
    """
    token, secret, app_token = settings().slack_bot_token, settings().slack_signing_secret, settings().slack_app_token
    steps = NEW_APP.format(link=slack_app.create_link(url), third=SIGNING if url else SOCKET)
    if not token and not secret and not app_token:
        second = "SLACK_SIGNING_SECRET" if url else "SLACK_APP_TOKEN"
        raise Trouble(f"Missing: SLACK_BOT_TOKEN and {second}.\n\n{steps}")
    wrong = missing_for_slack(token, secret, app_token)
    if secret and not re.fullmatch(r"[0-9a-f]{32}", secret):
        wrong.append("SLACK_SIGNING_SECRET is no signing secret: those are 32 digits and letters from a to f.")
    if wrong:
        raise Trouble("\n".join(["Missing or wrong:", *wrong, "", steps]))
    sender = SlackSender(token, settings().slack_api)
    try:
        known = await _ask(sender, "auth.test", "SLACK_BOT_TOKEN")
        print(f"SLACK_BOT_TOKEN is right: it is that of @{known['user']} in {known['team']}.")
        lacking = slack_app.scopes() - granted(known.headers)
        if lacking:
            raise Trouble(
                f"The app lacks scopes: {', '.join(sorted(lacking))}. "
                "OAuth & Permissions → Bot Token Scopes: add them, then reinstall the app."
            )
        print("The app has all scopes that it needs.")
        if app_token:
            await _ask(SlackSender(app_token, settings().slack_api), "apps.connections.open", "SLACK_APP_TOKEN")
            print("SLACK_APP_TOKEN is right. Messages come over a socket once the server runs.")
        if secret:
            print("SLACK_SIGNING_SECRET has the right form. Slack shows no way to test it before a message comes.")
    finally:
        await sender.close()
    if secret and url:
        print(f"Slack must know the address {slack_app.manifest(url)['settings']['interactivity']['request_url']}:")
        print("  Event Subscriptions → Request URL (it says Verified), Interactivity & Shortcuts, and Slash Commands.")
        await _say_whether_it_answers(url)
    print("\nNow open Slack, choose Apps → Lumbar → Messages, and write to it.")


async def _ask(sender: SlackSender, method: str, name: str) -> Any:
    """Ask Slack something that shows whether a token is right.

    Args:
        name: the setting that holds it.

    Raises:
        Trouble: it is not, or Slack cannot be reached.
    """
    try:
        return await sender.ask(method)
    except Later as error:
        raise Trouble(f"Slack cannot be reached at {settings().slack_api}. Check the network.") from error
    except (Gone, Refused) as error:
        raise Trouble(f"Slack refuses {name} ({error}). Copy it again from https://api.slack.com/apps.") from error


def granted(headers: Mapping[str, str]) -> set[str]:
    """The scopes that Slack says a token has."""
    return {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}


async def _say_whether_it_answers(url: str) -> None:
    """Say whether this server can be reached under its public address."""
    try:
        timeout = aiohttp.ClientTimeout(total=5)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{url.rstrip('/')}/health") as answer,
        ):
            reached = answer.status == 200
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        reached = False
    if reached:
        print(f"The server answers at {url}.")
    else:
        print(f"The server does not answer at {url} yet. Start it (make run), and the tunnel or proxy before it.")
