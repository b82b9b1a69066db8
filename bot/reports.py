"""Reports as self-contained HTML: no script, no external request, readable on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from bot.settings import ROOT

FOLDER = ROOT / "reports"

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --aside: #555; --page: #fff; --head: #eee; --rule: #aaa;
  --c1: #0b5394; --c2: #b45f06; --c3: #6a3d9a; --c4: #00695c; --c5: #757575 }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --aside: #b5b5b5; --page: #161616;
  --head: #2a2a2a; --rule: #666; --c1: #7ab8f0; --c2: #f0a860; --c3: #c4a1ee; --c4: #5cc8b8; --c5: #9e9e9e } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink);
  background: var(--page) }
h1, h2, h3 { line-height: 1.25 } h2 { margin-top: 2.5rem } h3 { margin-bottom: .25rem } a { color: var(--c1) }
table { border-collapse: collapse; margin: .5rem 0 1rem; width: 100% }
th, td { border: 1px solid var(--rule); padding: .3rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere }
th { background: var(--head) } thead th, .numbers th { overflow-wrap: break-word }
tbody th { font-weight: normal } .aside { color: var(--aside) }
.numbers td { text-align: right; font-variant-numeric: tabular-nums }
svg { max-width: 100%; font: 12px system-ui, sans-serif; print-color-adjust: exact }
svg[viewBox] { height: auto } svg text { fill: var(--ink) }
.halo { paint-order: stroke; stroke: var(--page); stroke-width: 4px }
.grid, .frame { stroke: var(--rule); fill: none } .dashed { stroke-dasharray: 4 4 }
.fill1 { fill: var(--c1) } .fill2 { fill: var(--c2) } .fill3 { fill: var(--c3) } .fill4 { fill: var(--c4) }
.fill5 { fill: var(--c5) } .stroke1 { stroke: var(--c1) } .stroke2 { stroke: var(--c2) } .stroke3 { stroke: var(--c3) }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .5rem 0; padding: 0 }
summary { cursor: pointer } .wide { overflow-x: auto } .wide th, .wide td { overflow-wrap: normal; white-space: nowrap }
@media (max-width: 30rem) { th, td { padding: .25rem; font-size: .85rem } }
@media print { body { font-size: 11px; margin: 0; max-width: none } h2, h3 { break-after: avoid }
  tr, svg { break-inside: avoid } .sheet { break-before: page } a { color: inherit } .wide { overflow: visible }
  details::details-content { content-visibility: visible; height: auto } }
"""


class Html(str):
    """A text that is HTML already, and is not escaped again."""


def page(title: str, body: str) -> str:
    """A whole HTML document; `title` is text, `body` is HTML."""
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: bool = False) -> str:
    """A table of texts; everything but `Html` is escaped.

    Args:
        numbers: whether each row is numbers, named by its first cell.
    """
    top = "".join(f'<th scope="col">{_cell(cell)}</th>' for cell in head)
    lines = []
    for row in rows:
        cells = [f"<td>{_cell(cell)}</td>" for cell in row]
        if numbers:
            cells[0] = f'<th scope="row">{_cell(row[0])}</th>'
        lines.append(f"<tr>{''.join(cells)}</tr>")
    opened = '<table class="numbers">' if numbers else "<table>"
    return f"{opened}\n<thead><tr>{top}</tr></thead>\n<tbody>\n" + "\n".join(lines) + "\n</tbody>\n</table>"


def _cell(text: str) -> str:
    return text if isinstance(text, Html) else escape(text)


def write(path: Path, text: str, private: bool = False) -> None:
    """Write a report, making its folder if need be; a private one is for its owner alone to read.

    Raises:
        OSError: it cannot be written there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if private:
        path.touch(0o600)
        path.chmod(0o600)
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path}")
