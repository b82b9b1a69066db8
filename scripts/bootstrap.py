"""Make the environment that Lumbar runs in: `.venv`, on the Python of `.python-version`, from the locked requirements.

Runs before anything is installed, so it needs the standard library alone, and Python 3.8 or later with pip::

    python3 scripts/bootstrap.py          # what `make run` needs
    python3 scripts/bootstrap.py --test   # and what `make test` needs

pip fetches the installer, uv, into `.tools`, which works also where pip may not install anything else; uv finds the
right Python on this machine, or brings one. Everything fetched is checked against the hashes in requirements/.
A second run finds the stamp of the first and does nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
REQUIREMENTS = ROOT / "requirements"
TOOLS = ROOT / ".tools"
UV = TOOLS / "bin" / "uv"
ENVIRONMENT = ROOT / ".venv"
ENVIRONMENT_PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "lumbar-requirements.json"
NEEDED_DISK = 2.5e9  # bytes: 1.1 GB of environment, the downloads beside it, and the trained model

NO_PIP = f"""{sys.executable} has no pip. Install it, then run this again:
  Debian, Ubuntu: sudo apt-get install python3-pip
  Fedora:         sudo dnf install python3-pip
  elsewhere:      {sys.executable} -m ensurepip"""
NO_PYTHON = f"""There is no Python {PYTHON} on this machine, and it could not be downloaded (see above).
Connect to the network, or install it so that `python{PYTHON}` is on PATH, then run this again:
  macOS: brew install python@{PYTHON}
  pyenv: pyenv install {PYTHON}
  conda: conda create --name python{PYTHON} python={PYTHON} && conda activate python{PYTHON}"""
NO_NETWORK = """The package index could not be reached (see above). Check the network, then run this again.
Behind a proxy, set HTTPS_PROXY. Once installed, Lumbar starts without a network."""
NO_SPACE = f"The disk is full. Make room ({NEEDED_DISK / 1e9:.1f} GB are needed in {ROOT}), then run this again."
NO_TRUST = """The certificate of the package index is unknown (see above). If your network puts one of its own in
between, set SSL_CERT_FILE to the file that holds it, then run this again."""
CHANGED = """A download is not the file that was locked (see above), so it was not installed. A mirror or a cache may
have changed it: use another network, or clear the cache (rm -r ~/.cache/uv), then run this again."""
UNKNOWN = "That failed; the lines above say why."

# what pip and uv print → what to do about it; the first that is found counts
ADVICE = (
    (r"No module named pip", NO_PIP),
    (r"No space left on device|os error 28|Errno 28|disk is full", NO_SPACE),
    (r"(?i)hash(es)? mismatch|do not match the hashes", CHANGED),
    (r"(?i)certificate", NO_TRUST),
    (r"(?i)dns error|error \(connect\)|connection broken|failed to establish|timed? ?out", NO_NETWORK),
)
# lines of pip and uv that tell an onlooker nothing
NOISE = re.compile(r" [+~-] |\[notice\]|WARNING: Running pip as the 'root' user|hint: |$")


class BootstrapError(Exception):
    """The environment could not be made. The message says what to do."""


def advice(said: str) -> str:
    """What to do about a failure of pip or uv.

    Args:
        said: all that the failed command printed.
    """
    return next((what for pattern, what in ADVICE if re.search(pattern, said)), UNKNOWN)


def tool_environment() -> dict[str, str]:
    """The caller's environment, less what would keep pip or uv from doing their work."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    # a person's own defaults for pip that cannot be combined with `--target`
    environment.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    bundles = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
    if any(Path(bundle).exists() for bundle in bundles):
        # uv's own certificates do not know a company's; a bare container has none but uv's
        environment.setdefault("UV_SYSTEM_CERTS", "1")
    return environment


def run(command: list[str], failure: str | None = None) -> None:
    """Run a command and show what it prints.

    Args:
        command: the program and its arguments.
        failure: what to do if it fails; by default told from what it printed.

    Raises:
        BootstrapError: it failed.
    """
    said = []
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=tool_environment(),
        cwd=str(ROOT),
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if not NOISE.match(line):
                print(f"  {line.rstrip()}", flush=True)
    if process.returncode:
        raise BootstrapError(failure or advice("".join(said)))


def answer(command: list[str]) -> str | None:
    """What a command prints, or `None` if it cannot be run or fails."""
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env=tool_environment(),
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def digests(names: list[str]) -> dict[str, str]:
    """The hash of each file of requirements, by name, and the Python they are for."""
    found = {name: hashlib.sha256((REQUIREMENTS / name).read_bytes()).hexdigest() for name in names}
    return {"python": PYTHON, **found}


def is_current(names: list[str]) -> bool:
    """Whether the environment was made from these files of requirements, as they are now, and still starts."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return digests(names).items() <= stamp.items() and answer([str(ENVIRONMENT_PYTHON), "-c", ""]) is not None


def fetch_uv() -> None:
    """Put the locked uv into `.tools`, unless it is there."""
    locked = re.search(r"^uv==(\S+)", (REQUIREMENTS / "uv.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert locked, "requirements/uv.txt names no uv"
    if (answer([str(UV), "--version"]) or "").startswith(f"uv {locked[1]}"):
        return
    print(f"Fetching the installer, uv {locked[1]} …", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--retries", "2", "--timeout", "20"]
    run([*pip, "--upgrade", "--target", str(TOOLS), "--require-hashes", "-r", str(REQUIREMENTS / "uv.txt")])


def find_python() -> str | None:
    """The path of the Python that the environment needs, if this machine has one, on PATH or kept by pyenv."""
    find = [str(UV), "python", "find", "--system", "--no-project", "--no-python-downloads", f"cpython@{PYTHON}"]
    found = answer(find)
    if found:
        return found
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    kept = sorted(versions.glob(f"{PYTHON}.*/bin/python{PYTHON}"))
    return str(kept[-1]) if kept else None


def make_environment() -> None:
    """Make an empty `.venv`, unless there is one on the right Python."""
    version = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
    if answer([str(ENVIRONMENT_PYTHON), "-c", version]) == PYTHON:
        return
    found = find_python()
    print(f"Python {PYTHON}: {found or 'not on this machine; downloading it …'}", flush=True)
    create = [str(UV), "venv", "--quiet", "--clear", "--python", found or f"cpython@{PYTHON}", str(ENVIRONMENT)]
    run(create, None if found else NO_PYTHON)


def install(name: str) -> None:
    """Make the environment hold exactly what the file of requirements `name` lists."""
    free = shutil.disk_usage(str(ROOT)).free
    if free < NEEDED_DISK:
        raise BootstrapError(f"Only {free / 1e9:.1f} GB are free. {NO_SPACE}")
    print("Installing the locked packages: 0.3 GB to download, 1 GB on disk, one to three minutes …", flush=True)
    # compiled now: the first start would otherwise spend the time, and every start where Python may not write
    sync = [str(UV), "pip", "sync", "--require-hashes", "--compile-bytecode", "--python", str(ENVIRONMENT_PYTHON)]
    run([*sync, str(REQUIREMENTS / name)])


def bootstrap(test: bool) -> None:
    """Make the environment, if it is not there.

    Args:
        test: with what the tests need. It stays until the requirements change, also when `run` asks for less.

    Raises:
        BootstrapError: it could not be made.
    """
    wanted = ["run.txt", "test.txt"] if test else ["run.txt"]
    if is_current(wanted):
        return
    start = time.monotonic()
    fetch_uv()
    make_environment()
    install(wanted[-1])
    STAMP.write_text(json.dumps(digests(wanted), indent=1) + "\n", encoding="utf-8")
    print(f"The environment is ready ({time.monotonic() - start:.0f} s).", flush=True)


def main() -> int:
    """Run from the command line; 0 if the environment is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--test", action="store_true", help="with what the tests need")
    try:
        bootstrap(parser.parse_args().test)
    except BootstrapError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The next run goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
