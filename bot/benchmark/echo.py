"""The least that a turn over HTTP can cost: a bare Sanic server that gives back the message it got.

`python -m bot.benchmark.echo PORT`
"""

from __future__ import annotations

import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.evaluation.servers import WEBHOOK


def main(port: int) -> None:
    """Serve until stopped."""
    app = Sanic("echo", configure_logging=False)

    @app.post(WEBHOOK)
    async def echo(request: Request) -> HTTPResponse:
        return json_response([request.json])

    app.run("127.0.0.1", port, access_log=False, workers=1, motd=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
