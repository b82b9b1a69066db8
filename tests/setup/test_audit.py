"""The audit of dependencies, by the real pip-audit against a local stand-in of osv.dev."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.settings import ROOT
from scripts import audit

NEW, JUDGED = "CVE-2099-12345", "CVE-2024-5206"


class Advisories(BaseHTTPRequestHandler):
    """Answers as osv.dev does; `found` says which advisories each package has."""

    found: dict[str, list[str]] = {}

    def do_POST(self) -> None:
        package = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]["name"]
        advisories = [
            {
                "id": advisory,
                "summary": "a hole",
                "aliases": [],
                "affected": [{"package": {"name": package, "ecosystem": "PyPI"}, "ranges": []}],
            }
            for advisory in self.found.get(package, [])
        ]
        body = json.dumps({"vulns": advisories} if advisories else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests' output is for the tests."""


@pytest.fixture(scope="module", autouse=True)
def pip_audit() -> None:
    subprocess.run(["make", "--silent", ".venv-audit/bin/pip-audit"], cwd=ROOT, check=True, timeout=300)


@pytest.fixture
def source() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Advisories)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def run(source: str, folder: Path) -> subprocess.CompletedProcess[str]:
    requirements = folder / "requirements.txt"
    requirements.write_text("skops==0.13.0\nscikit-learn==1.1.3\n", encoding="utf-8")
    command = [sys.executable, "scripts/audit.py", "--source", source, "--requirements", str(requirements)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_a_new_advisory_is_reported(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Advisories, "found", {"skops": [NEW]})
    ran = run(source, tmp_path)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert NEW in ran.stdout
    assert "docs/security.md" in ran.stderr


@pytest.mark.parametrize("found", [{}, {"scikit-learn": [JUDGED]}])
def test_what_was_judged_is_passed_over(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: dict[str, list[str]]
) -> None:
    monkeypatch.setattr(Advisories, "found", found)
    ran = run(source, tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_without_a_source_it_says_that_nothing_was_audited(tmp_path: Path) -> None:
    ran = run("http://127.0.0.1:9/v1/query", tmp_path)
    assert ran.returncode == 0
    assert "nothing was audited" in ran.stdout


def test_judged_advisories_are_those_of_the_security_page() -> None:
    assert JUDGED in audit.judged()
    assert NEW not in audit.judged()
