"""The demo page, and a page with the strictest policy that the widget must work under."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path
from string import Template

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot.channels.addresses import sender_scheme
from bot.content import content

WEB = Path(__file__).parent
STATIC_URL = "/webhooks/web/static"

DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
# no style source at all: the widget's styles are constructed, not loaded
STRICT_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def blueprint() -> Blueprint:
    """`/` and `/embed-test`."""
    routes = Blueprint("lumbar_pages")

    @routes.get("/")
    async def demo(request: Request) -> HTTPResponse:
        return page("demo.html", DEMO_POLICY, request)

    @routes.get("/embed-test")
    async def embed_test(request: Request) -> HTTPResponse:
        return page("embed_test.html", STRICT_POLICY, request)

    return routes


def page(name: str, policy: str, request: Request) -> HTTPResponse:
    """A page of ours, with the embed line in it twice: at work, and to copy."""
    embed = embed_line(f"{sender_scheme(request)}://{request.host}")
    buttons = (f"<button type=button data-lumbar-ask>{escape(text)}</button>" for text in sample_questions())
    samples = "".join(f"<li>{button}</li>" for button in buttons)
    template = Template((WEB / name).read_text(encoding="utf-8"))
    filled = template.substitute(
        embed=embed, embed_shown=escape(embed), samples=samples, static=STATIC_URL, emergency=emergency_number()
    )
    headers = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    return html(filled, headers=headers)


def sample_questions() -> list[str]:
    """Questions to begin with: those that a greeting offers."""
    return [content().answers[answer].question for answer in content().talk["greet"].buttons]


def emergency_number() -> str:
    """The number that the widget shows even when the server is away."""
    return str(content().contacts.words["emergency_number"])


def embed_line(origin: str) -> str:
    """What a site's owner pastes in: the built script, bound to its content by its hash."""
    script = (WEB / "static" / "widget.js").read_bytes()
    digest = hashlib.sha384(script)
    integrity = "sha384-" + base64.b64encode(digest.digest()).decode()
    address = f"{origin}{STATIC_URL}/widget.js?v={digest.hexdigest()[:12]}"
    return (
        f'<script src="{escape(address)}" integrity="{integrity}" crossorigin="anonymous" defer '
        f'data-server="{escape(origin)}" data-emergency="{escape(emergency_number())}"></script>'
    )
