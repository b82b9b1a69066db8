"""The program that makes the environment: what it does once, what it does not do twice, what it says when it cannot."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from bot.evaluation.servers import free_port
from scripts import bootstrap

ROOT = Path(bootstrap.__file__).parent.parent
BASE_PYTHON = Path(sys.base_prefix, "bin", f"python{bootstrap.PYTHON}")

# stands in for uv: notes each call, and makes an environment whose Python is the one that runs the tests
OBEDIENT_UV = f"""\
#!/bin/sh
echo "$@" >> "{{root}}/calls"
case "$1" in
  --version) echo "uv {{version}}" ;;
  python) echo "{BASE_PYTHON}" ;;
  venv) /bin/mkdir -p "{{root}}/.venv/bin" && /bin/ln -sf "{sys.executable}" "{{root}}/.venv/bin/python" ;;
esac
"""
FAILING_UV = """\
#!/bin/sh
case "$1" in
  --version) echo "uv {version}" ;;
  *) echo "error: failed to write to the distribution cache: No space left on device (os error 28)" >&2; exit 2 ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that holds what the program needs of the project, and no environment."""
    locks = (f"requirements/{name}.txt" for name in ("run", "test", "uv"))
    for name in (".python-version", "scripts/bootstrap.py", *locks):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def put_uv(checkout: Path, script: str) -> None:
    locked = re.search(r"^uv==(\S+)", (checkout / "requirements/uv.txt").read_text(), re.MULTILINE)
    uv = checkout / ".tools/bin/uv"
    uv.parent.mkdir(parents=True)
    uv.write_text(script.format(version=locked[1], root=checkout))
    uv.chmod(0o755)


def link_real_uv(checkout: Path) -> None:
    if not bootstrap.UV.exists():
        pytest.skip("needs the project's own uv: run make test")
    (checkout / ".tools/bin").mkdir(parents=True)
    (checkout / ".tools/bin/uv").symlink_to(bootstrap.UV)


def run(
    checkout: Path, *arguments: str, python: Path | str = sys.executable, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the program in `checkout`, with nothing of this process's environment."""
    given = {"PATH": "/nonexistent", "HOME": str(checkout / "home"), "PIP_CONFIG_FILE": os.devnull, **environment}
    return subprocess.run(
        [str(python), "scripts/bootstrap.py", *arguments],
        cwd=checkout,
        env=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def no_network() -> dict[str, str]:
    """An environment whose proxy is a port on which nothing listens."""
    proxy = f"http://127.0.0.1:{free_port()}"
    return {"HTTPS_PROXY": proxy, "HTTP_PROXY": proxy, "ALL_PROXY": proxy, "UV_HTTP_RETRIES": "0"}


def calls(checkout: Path) -> list[str]:
    """The first word of each call of uv so far, but for those that ask its version."""
    return [line.split()[0] for line in (checkout / "calls").read_text().splitlines() if line != "--version"]


def test_makes_the_environment_and_says_so(checkout: Path) -> None:
    put_uv(checkout, OBEDIENT_UV)
    made = run(checkout)
    assert made.returncode == 0, made.stderr
    assert calls(checkout) == ["python", "venv", "pip"]
    assert "Installing the locked packages" in made.stdout
    assert "The environment is ready" in made.stdout


def test_second_run_does_nothing(checkout: Path) -> None:
    put_uv(checkout, OBEDIENT_UV)
    run(checkout)
    before = (checkout / "calls").read_text()
    again = run(checkout)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert (checkout / "calls").read_text() == before


def test_changed_requirements_are_installed(checkout: Path) -> None:
    put_uv(checkout, OBEDIENT_UV)
    run(checkout)
    with (checkout / "requirements/run.txt").open("a") as lock:
        lock.write("# changed\n")
    run(checkout)
    assert calls(checkout) == ["python", "venv", "pip", "pip"]


def test_running_after_testing_keeps_what_the_tests_need(checkout: Path) -> None:
    put_uv(checkout, OBEDIENT_UV)
    run(checkout)
    run(checkout, "--test")
    run(checkout)
    installed = [line for line in (checkout / "calls").read_text().splitlines() if line.startswith("pip sync")]
    assert [line.rsplit("/", 1)[1] for line in installed] == ["run.txt", "test.txt"]


def test_broken_environment_is_made_again(checkout: Path) -> None:
    put_uv(checkout, OBEDIENT_UV)
    run(checkout)
    (checkout / ".venv/bin/python").unlink()
    run(checkout)
    assert calls(checkout) == ["python", "venv", "pip"] * 2


def test_says_what_to_do_without_pip(checkout: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    done = run(checkout, python=tmp_path / "bare/bin/python")
    assert done.returncode == 1
    assert "has no pip" in done.stderr
    assert "apt-get install python3-pip" in done.stderr


def test_says_what_to_do_without_network_for_the_installer(checkout: Path, no_network: dict[str, str]) -> None:
    if bootstrap.answer([str(BASE_PYTHON), "-m", "pip", "--version"]) is None:
        pytest.skip(f"{BASE_PYTHON} has no pip to fail")
    done = run(checkout, python=BASE_PYTHON, **no_network)
    assert done.returncode == 1
    assert "Check the network" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_says_what_to_do_without_network_for_the_packages(checkout: Path, no_network: dict[str, str]) -> None:
    link_real_uv(checkout)
    done = run(checkout, PATH=str(BASE_PYTHON.parent), UV_CACHE_DIR=str(checkout / "cache"), **no_network)
    assert done.returncode == 1
    assert f"Python {bootstrap.PYTHON}: {BASE_PYTHON.parent}" in done.stdout
    assert "Check the network" in done.stderr
    assert not (checkout / ".venv/lumbar-requirements.json").exists()


def test_says_what_to_do_where_the_right_python_can_neither_be_found_nor_fetched(
    checkout: Path, no_network: dict[str, str]
) -> None:
    link_real_uv(checkout)
    done = run(checkout, **no_network)
    assert done.returncode == 1
    assert f"There is no Python {bootstrap.PYTHON} on this machine" in done.stderr
    assert f"pyenv install {bootstrap.PYTHON}" in done.stderr


def test_says_what_to_do_when_the_disk_fills(checkout: Path) -> None:
    put_uv(checkout, FAILING_UV)
    (checkout / ".venv/bin").mkdir(parents=True)
    (checkout / ".venv/bin/python").symlink_to(sys.executable)
    done = run(checkout)
    assert done.returncode == 1
    assert "The disk is full" in done.stderr


def test_refuses_to_begin_where_the_disk_is_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")(10**9, 9 * 10**8, 10**8)
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: usage)
    monkeypatch.setattr(bootstrap, "run", lambda _: None)
    with pytest.raises(bootstrap.BootstrapError, match=r"Only 0\.1 GB are free"):
        bootstrap.install("run.txt")


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        # each as the tool printed it
        ("/usr/bin/python3: No module named pip", bootstrap.NO_PIP),
        ("  cause: client error (Connect)\n  cause: dns error", bootstrap.NO_NETWORK),
        ("  cause: client error (Connect)\n  cause: invalid peer certificate: UnknownIssuer", bootstrap.NO_TRUST),
        ("error: Hash mismatch for `six==1.17.0`", bootstrap.CHANGED),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", bootstrap.CHANGED),
        ("OSError: [Errno 28] No space left on device", bootstrap.NO_SPACE),
        ("error: something new", bootstrap.UNKNOWN),
    ],
)
def test_advice_fits_what_the_tools_say(said: str, advice: str) -> None:
    assert bootstrap.advice(said) == advice


@pytest.mark.parametrize("exist", [True, False])
def test_certificates_of_the_machine_are_trusted_if_it_has_any(monkeypatch: pytest.MonkeyPatch, exist: bool) -> None:
    monkeypatch.delenv("UV_SYSTEM_CERTS", raising=False)
    monkeypatch.setattr(bootstrap.Path, "exists", lambda _: exist)
    assert ("UV_SYSTEM_CERTS" in bootstrap.tool_environment()) is exist


def test_runs_on_the_python_that_the_project_requires() -> None:
    assert f'requires-python = "=={bootstrap.PYTHON}.*"' in (ROOT / "pyproject.toml").read_text()
    assert sys.version_info[:2] == tuple(int(part) for part in bootstrap.PYTHON.split("."))
