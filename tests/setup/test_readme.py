"""README.md is true: its commands run, its questions are answered as it says, what it names is there."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.evaluation.servers import free_port

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [README, *(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md")))]
PORT = "5005"  # the port in the README, which its own words say how to change

BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
STARTS = "make run\n"
RUNS_THIS_TEST = "make test\n"
QUESTIONS = re.findall(r"^\| ([A-Z][^|]*) \| `(\w+)`[^|`]*\|$", README, re.MULTILINE)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which the README's commands run: another port, and conversations of their own."""
    database = tmp_path_factory.mktemp("readme") / "conversations.db"
    return {**os.environ, "PORT": str(free_port()), "DATABASE_URL": f"sqlite:///{database}"}


@pytest.fixture(scope="module")
def start(environment: dict[str, str]) -> Iterator[str]:
    """What the README's own command prints until the assistant is ready. In the end it is stopped by Ctrl-C."""
    with subprocess.Popen(
        shlex.split(STARTS),
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as server:
        assert server.stdout is not None
        said = ""
        while "is ready" not in said:
            line = server.stdout.readline()
            assert line, f"it did not start:\n{said}"
            said += line
        yield said
        os.killpg(server.pid, signal.SIGINT)
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            pytest.fail("Ctrl-C did not stop it within 15 seconds")


@pytest.fixture(scope="module")
def address(start: str) -> str:
    """The address that was printed."""
    ready = re.search(r"is ready: (http://\S+)", start)
    assert ready, start
    return ready[1]


def ask(address: str, sender: str, message: str) -> list[str]:
    """The ids of what the assistant says to a message."""
    request = urllib.request.Request(
        f"{address}webhooks/rest/webhook",
        json.dumps({"sender": sender, "message": message}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        says = json.load(reply)[-1]["custom"]["data"]["says"]
    return [name for item in says for name in (item["ids"] or [item["kind"]])]


def test_readme_has_the_two_commands_that_start_everything() -> None:
    assert {STARTS, RUNS_THIS_TEST} <= set(BLOCKS)


def test_start_prints_no_warnings(start: str) -> None:
    assert "Warning" not in start


def test_demo_page_answers_at_the_printed_address(address: str, environment: dict[str, str]) -> None:
    assert address == f"http://127.0.0.1:{environment['PORT']}/"
    assert f"http://127.0.0.1:{PORT}/" in README
    with urllib.request.urlopen(address, timeout=30) as page:
        assert "<h1>" in page.read().decode()


@pytest.mark.parametrize("command", [block for block in BLOCKS if block not in (STARTS, RUNS_THIS_TEST)])
def test_command_runs(command: str, address: str, environment: dict[str, str]) -> None:
    here = command.replace(f"127.0.0.1:{PORT}", f"127.0.0.1:{environment['PORT']}")
    done = subprocess.run(
        ["bash", "-euc", here], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout


@pytest.mark.parametrize(("question", "answer"), QUESTIONS)
def test_question_is_answered_as_the_readme_says(question: str, answer: str, address: str) -> None:
    assert ask(address, f"readme-{answer}", question) == [answer]


def test_readme_has_questions() -> None:
    assert len(QUESTIONS) >= 5


def test_make_commands_that_the_pages_name_exist() -> None:
    named = {name for page in PAGES for name in re.findall(r"\bmake ([a-z-]+)\b(?=`|$)", page, re.MULTILINE)}
    exist = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named <= exist


def test_paths_that_the_readme_names_exist() -> None:
    linked = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    named = re.findall(r"`([\w.-]+/[\w./-]+|[\w-]+\.(?:md|yml|toml))`", README)
    missing = [path for path in {*linked, *named} if not (ROOT / path).exists()]
    assert not missing


def test_messages_that_the_readme_explains_are_those_that_are_printed() -> None:
    explained = re.findall(r"^\| `([^`]+)` \| .+ \|$", README.split("## When something goes wrong")[1], re.MULTILINE)
    assert explained
    sources = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")]
    printed = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    for name, value in (("{port}", PORT), ("{PYTHON}", "3.10")):
        printed = printed.replace(name, value)
    assert [message for message in explained if message not in printed] == []
