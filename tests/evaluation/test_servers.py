from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

import pytest

from bot.evaluation import servers
from bot.evaluation.servers import Server, ServerError

PORTS_GIVEN = Path("/proc/sys/net/ipv4/ip_local_port_range")

# answers after a moment, and starts a child whose number it writes down
ANSWERS = """
import http.server, json, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[2]).write_text(str(child.pid))
time.sleep(0.3)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        reply = json.dumps([{"text": body["message"] + self.path}]).encode()
        self.send_response(200); self.send_header("content-length", str(len(reply))); self.end_headers()
        self.wfile.write(reply)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def runs(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_waits_until_it_answers_and_stops_it_with_its_children(tmp_path: Path) -> None:
    port, note = servers.free_port(), tmp_path / "child"
    with Server([sys.executable, "-c", ANSWERS, str(port), str(note)], port, tmp_path) as server:
        server.wait(30)
        assert server.ready_after >= 0.3
        assert servers.say(server.url, "hello", "a") == [{"text": "hello/webhooks/rest/webhook"}]
        child = int(note.read_text(encoding="utf-8"))
        assert runs(child)
    end = time.monotonic() + 10
    while runs(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert not runs(child)
    assert server.process.poll() is not None


def test_a_server_that_ends_is_an_error_with_its_last_lines(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('the model is missing'); raise SystemExit(4)"]
    with Server(command, servers.free_port(), tmp_path) as server, pytest.raises(ServerError, match="4") as raised:
        server.wait(30)
    assert "status 4" in str(raised.value)
    assert "the model is missing" in str(raised.value)


def test_a_server_that_never_answers_is_an_error(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    with Server(command, servers.free_port(), tmp_path) as server, pytest.raises(ServerError, match="within 1 s"):
        server.wait(1)


def test_variables_are_added_to_those_of_this_process(tmp_path: Path) -> None:
    out = tmp_path / "seen"
    code = f"import os, pathlib; pathlib.Path({str(out)!r}).write_text(os.environ['GIVEN'] + os.environ['PATH'])"
    with Server([sys.executable, "-c", code], servers.free_port(), tmp_path, {"GIVEN": "here"}) as server:
        server.process.wait(30)
    assert out.read_text(encoding="utf-8") == "here" + os.environ["PATH"]


@pytest.mark.skipif(not PORTS_GIVEN.exists(), reason="tells the ports of outgoing connections from Linux's /proc")
def test_a_free_port_is_none_that_the_system_gives_to_outgoing_connections() -> None:
    given = range(*map(int, PORTS_GIVEN.read_text(encoding="ascii").split()))
    ports = {servers.free_port() for _ in range(50)}
    assert len(ports) > 1
    assert not ports & set(given)


def test_a_free_port_is_none_that_is_listened_on(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = servers.free_port()
    with socket.create_server(("127.0.0.1", taken)):
        monkeypatch.setattr(servers, "SERVER_PORTS", range(taken, taken + 1))
        monkeypatch.setattr(servers, "TRIES", 1)
        with pytest.raises(OSError, match="no free port"):
            servers.free_port()
