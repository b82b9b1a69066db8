"""A report read back: its tables, each under its heading."""

from __future__ import annotations

from collections import defaultdict
from html.parser import HTMLParser


class Page(HTMLParser):
    """The headings of a page, and the rows of the tables below each, as texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: defaultdict[str, list[list[list[str]]]] = defaultdict(list)
        self.outside: list[str] = []  # addresses that a browser would ask
        self.tags: list[str] = []
        self._heading = ""
        self._within: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.outside += [value or "" for name, value in attributes if name in ("src", "href", "data", "action")]
        self._within.append(tag)
        if tag in ("h1", "h2", "h3"):
            self._heading = ""
        elif tag == "table":
            self.tables[self._heading].append([])
        elif tag == "tr":
            self.tables[self._heading][-1].append([])
        elif tag in ("th", "td"):
            self.tables[self._heading][-1][-1].append("")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self._within.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:  # <meta> and the like have no end
            pass

    def handle_data(self, data: str) -> None:
        if self._within and self._within[-1] in ("h1", "h2", "h3"):
            self._heading += data
        elif {"th", "td"} & set(self._within[-2:]):
            self.tables[self._heading][-1][-1][-1] += data.strip()

    def rows(self, heading: str, table: int = 0) -> list[list[str]]:
        """The rows of a table, without its head; cells that hold drawings are empty."""
        return self.tables[heading][table][1:]

    def numbers(self, heading: str, table: int = 0) -> dict[str, str]:
        """What a table says of each name: its last cell that is not a drawing."""
        return {row[0]: [cell for cell in row[1:] if cell][-1] for row in self.rows(heading, table)}
