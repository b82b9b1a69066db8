"""Look for known advisories of what requirements/run.txt pins: `make audit`.

pip-audit asks osv.dev. Advisories that docs/security.md names have been judged there and are passed over; a new one
ends this with status 1. Where the source cannot be reached this says so, and ends with 0: nothing was audited.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
REQUIREMENTS = ROOT / "requirements" / "run.txt"
JUDGED = ROOT / "docs" / "security.md"
PIP_AUDIT = ROOT / ".venv-audit" / "bin" / "pip-audit"
SOURCE = "https://api.osv.dev/v1/query"
ADVISORY = re.compile(r"\b(?:CVE-\d{4}-\d+|GHSA(?:-\w{4}){3}|PYSEC-\d{4}-\d+)\b")
TIMEOUT = 10  # seconds


def why_unreachable(source: str) -> str | None:
    """Why no advisories can be had from `source`, or `None` if they can."""
    question = json.dumps({"package": {"name": "rasa", "ecosystem": "PyPI"}, "version": "3.6.21"}).encode()
    request = urllib.request.Request(source, question, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            json.load(answer)
    except (OSError, ValueError) as error:
        return str(error)
    return None


def judged(path: Path = JUDGED) -> list[str]:
    """The advisories that `path` names."""
    return sorted(set(ADVISORY.findall(path.read_text(encoding="utf-8"))))


def main(arguments: list[str] | None = None) -> int:
    """Audit; 1 where there is an advisory that nobody has judged."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", default=SOURCE, help="the address that is asked")
    parser.add_argument("--requirements", type=Path, default=REQUIREMENTS)
    options = parser.parse_args(arguments)
    why = why_unreachable(options.source)
    if why:
        print(f"No advisories could be had from {options.source} ({why}): nothing was audited.")
        return 0
    command = [str(PIP_AUDIT), "--requirement", str(options.requirements), "--no-deps", "--disable-pip"]
    command += ["--vulnerability-service", "osv", "--osv-url", options.source, "--progress-spinner", "off"]
    for advisory in judged():
        command += ["--ignore-vuln", advisory]
    status = subprocess.run(command, check=False).returncode
    if status:
        print("Renew what has a fix (`make lock`); judge the rest in docs/security.md.", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
