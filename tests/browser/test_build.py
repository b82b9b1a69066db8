"""The committed script is the build of its source, small, and bound by its hash."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import subprocess
import urllib.request
from pathlib import Path

from bot.settings import ROOT
from bot.web import pages
from tests.support.servers import Server
from tests.support.tools import node_modules


def test_the_committed_build_is_the_build_of_the_source(tmp_path: Path) -> None:
    node_modules()
    built = tmp_path / "widget.js"
    command = ["npm", "run", "--silent", "build", "--", f"--outfile={built}", "--log-level=error", "--allow-overwrite"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert built.read_bytes() == (pages.WEB / "static" / "widget.js").read_bytes(), "Run `npm run build`."


def test_the_types_are_right() -> None:
    node_modules()
    checked = subprocess.run(["npm", "run", "--silent", "types"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_script_is_small() -> None:
    assert len(gzip.compress((pages.WEB / "static" / "widget.js").read_bytes(), 9)) <= 25 * 1024


def test_the_source_never_parses_html_or_logs() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (pages.WEB / "src").glob("*.ts"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|console\.", source)


def test_the_embed_line_names_the_hash_of_the_script(stand_in: Server) -> None:
    with urllib.request.urlopen(f"{stand_in.url}/", timeout=10) as answer:
        page = answer.read().decode()
    address, integrity = re.search(r'src="([^"]+widget\.js[^"]*)" integrity="sha384-([^"]+)"', page).groups()  # type: ignore[union-attr]
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert base64.b64encode(hashlib.sha384(answer.read()).digest()).decode() == integrity
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
