"""The owner's report as one HTML page: what was asked, what was not understood, care, feedback, and times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import TypeVar

from bot import charts, reports
from bot.channels.marks import REASONS
from bot.charts import Series
from bot.content import Content
from bot.insights import figures
from bot.insights.counts import EVERY, KEEP_DAYS
from bot.insights.figures import Figures, Period, Shown
from bot.insights.tally import Kind
from bot.insights.texts import NEWEST, Text
from bot.reports import Html

Name = TypeVar("Name", str, tuple[str, str])

LONGEST_TEXT = 300  # characters shown of a message
PERCENTILES = (50, 95, 99)

NOT_UNDERSTOOD = {
    Kind.NOT_IN_DOCUMENT: "The document does not answer it",
    Kind.CLARIFY: "Asked back what was meant",
    Kind.TWO_MISSES: "Not understood twice running, sent to people",
    Kind.OUT_OF_SCOPE: "Nothing to do with backs",
}
LEVELS = {
    "emergency": "Emergency",
    "crisis": "Crisis",
    "urgent": "Urgent",
    "gp": "See a GP",
    "pharmacist": "Ask a pharmacist",
}


@dataclass(frozen=True)
class Report:
    """What a report is made of.

    Attributes:
        began: the first day that was counted at all; `None` if there is none.
        texts: what was not understood, of people who agreed to be remembered; `None` where they are left out.
        most_texts: how many of them at most are read.
        exact: whether small numbers are shown, and none is rounded.
        made: when.
    """

    period: Period
    figures: Figures
    began: date | None
    texts: Sequence[Text] | None
    most_texts: int
    exact: bool
    made: datetime
    content: Content

    def html(self) -> str:
        """The whole page."""
        parts = [self._head()]
        if self.figures.total(*Kind) or self.texts:
            parts += [self._messages(), self._topics(), self._not_understood(), self._care(), self._feedback()]
            parts += [self._times()]
        else:
            parts.append(self._nothing())
        parts.append(self._unknown())
        return reports.page(f"What people asked, {self.period}", "\n".join(parts))

    # -- numbers ------------------------------------------------------------------------------------------------------

    def _shown(self, number: int) -> Shown:
        return figures.exactly(number) if self.exact else figures.rounded(number)

    def _text(self, number: int) -> str:
        return self._shown(number).text

    def _largest_first(self, counts: Mapping[Name, int]) -> dict[Name, int]:
        """The counts in the order of their numbers as shown: a finer order would tell what rounding hides."""
        return dict(sorted(counts.items(), key=lambda item: (-self._shown(item[1]).size, item[0])))

    def _sizes(self, by_day: Mapping[date, int]) -> list[float]:
        return [self._shown(by_day.get(day, 0)).size for day in self.period.days]

    def _bars(self, head: tuple[str, str], counts: Mapping[Name, int], title: Callable[[Name], str]) -> str:
        """A table of names with bars and numbers, in the order of `counts`."""
        longest = max(self._shown(number).size for number in counts.values())
        rows = [(title(name), self._bar([number], longest), self._text(number)) for name, number in counts.items()]
        return reports.table([head[0], "Compared", head[1]], rows, numbers=True)

    def _bar(self, numbers: Sequence[int], longest: float) -> Html:
        """A bar with a part for each number; where all are small, none is drawn as if it were large."""
        return Html(charts.bar([self._shown(number).size for number in numbers], max(longest, 2 * figures.SMALL)))

    def _days(self, label: str, series: Mapping[str, Mapping[date, int]]) -> str:
        """Columns by day, and the table of their numbers."""
        drawn = charts.columns(
            f"{label}. The table below holds the numbers.",
            [_short(day) for day in self.period.days],
            [Series(name, self._sizes(by_day)) for name, by_day in series.items()],
        )
        return "\n".join(
            [
                f"<h3>{escape(label)}</h3>",
                charts.legend(list(series)) if len(series) > 1 else "",
                drawn,
                self._daily_table(label, series),
            ]
        )

    def _daily_table(self, label: str, series: Mapping[str, Mapping[date, int]]) -> str:
        """The numbers of days on which there was something."""
        rows = [
            (day.isoformat(), *(self._text(by_day.get(day, 0)) for by_day in series.values()))
            for day in self.period.days
            if any(by_day.get(day) for by_day in series.values())
        ]
        if not rows:
            return ""
        return _folded(label, reports.table(["Day", *series], rows, numbers=True))

    # -- parts --------------------------------------------------------------------------------------------------------

    def _head(self) -> str:
        if self.exact:
            rule = (
                "Numbers are exact. Small ones could point at somebody: keep this page to yourself, or make another "
                "without <code>--exact</code> to pass on."
            )
        else:
            rule = (
                "So that nobody can be singled out, numbers are rounded to the nearest "
                f"{figures.SMALL}, each by itself, and “&lt;{figures.SMALL}” stands for 1 to "
                f"{figures.SMALL - 1}, drawn as {figures.SMALL / 2:g}. Sums may differ from their parts."
            )
        return (
            f"<p>Made on {self.made:%Y-%m-%d at %H:%M} UTC, with content version {escape(self.content.version)}. "
            f"Days begin at midnight UTC.</p>\n<p>{rule}</p>"
        )

    def _nothing(self) -> str:
        if self.began is None:
            text = "Nothing has been counted yet. Once people have asked something, this page shows what."
        else:
            text = f"Nothing was counted on these days. Counting began on {self.began}: see --from and --to."
        return f"<h2>Nothing to show</h2>\n<p>{escape(text)}</p>"

    def _messages(self) -> str:
        found = self.figures
        numbers = {
            "Messages replied to": found.total(Kind.TURN),
            "Answers shown": found.total(Kind.ANSWER),
            "Not understood, or not in the document": found.total(*NOT_UNDERSTOOD),
            "Care cards shown": found.total(Kind.CARE),
            "Care cards shown as information only": found.total(Kind.CARE_INFORMATION),
            "Answers marked helpful or not": sum((self._marks("helpful") + self._marks("not_helpful")).values()),
            "Messages that failed": found.total(Kind.ERROR),
        }
        rows = [(name, self._text(number)) for name, number in numbers.items()]
        return "\n".join(
            [
                "<h2>All together</h2>",
                reports.table(["What", "Number"], rows, numbers=True),
                self._days("Messages by day", {"Messages": found.by_day(Kind.TURN)}),
            ]
        )

    def _topics(self) -> str:
        days = self.figures.days_of_names(Kind.ANSWER)
        totals = self._largest_first(self.figures.by_name(Kind.ANSWER))
        if not totals:
            return "<h2>Answers shown, by topic</h2>\n<p>None was shown.</p>"
        longest = max(self._shown(number).size for number in totals.values())
        rows = []
        for answer, number in totals.items():
            by_day = self._sizes(days[answer])
            spark = Html(charts.spark(by_day, max(*by_day, figures.SMALL)))
            rows.append((self._answer(answer), self._bar([number], longest), self._text(number), spark))
        daily = {self._answer(answer): days[answer] for answer in totals}
        return "\n".join(
            [
                "<h2>Answers shown, by topic</h2>",
                "<p>An answer counts each time it is shown, also when somebody asks for “more” or “simpler”, and once "
                "for each part of an exercise plan. The small columns are its days, each row to its own scale.</p>",
                reports.table(["Answer", "Compared", "Times shown", "By day"], rows, numbers=True),
                self._daily_table("Answers by day", daily),
            ]
        )

    def _not_understood(self) -> str:
        found = self.figures
        series = {name: found.by_day(kind) for kind, name in NOT_UNDERSTOOD.items() if found.total(kind)}
        parts = ["<h2>What was not understood, or not in the document</h2>"]
        if series:
            totals = {name: sum(by_day.values()) for name, by_day in series.items()}
            parts.append(self._bars(("How it was answered", "Times"), self._largest_first(totals), str))
            parts.append(self._days("Not understood by day", series))
        else:
            parts.append("<p>Nothing was counted.</p>")
        if subjects := found.by_name(Kind.NOT_IN_DOCUMENT):
            parts.append("<h3>Subjects that the document lacks</h3>")
            parts.append(self._bars(("Subject", "Times"), self._largest_first(subjects), self._subject))
        return "\n".join([*parts, self._words()])

    def _words(self) -> str:
        """The texts, in the order of the alphabet: who wrote what, and after what, is not to be seen."""
        head = "<h3>In people’s own words</h3>"
        if self.texts is None:
            return f"{head}\n<p>Left out, as asked for by --without-texts.</p>"
        about = (
            "<p>Only of people who agreed that their conversation is kept, as far as it still is, and of the "
            f"{NEWEST:,} such conversations used last. Names and numbers of persons are taken out as far as they were "
            "found. Of everybody else there are only the counts above. <strong>Delete this page when you no longer "
            "need it:</strong> what people delete in the chat stays in it.</p>"
        )
        if not self.texts:
            return f"{head}\n{about}\n<p>There are none.</p>"
        counted = Counter((text.kind, text.about, " ".join(text.words.split())) for text in self.texts)
        rows = [
            (_cut(words), self._subject(named) if named else NOT_UNDERSTOOD[kind], str(number))
            for (kind, named, words), number in sorted(counted.items(), key=lambda item: item[0][2].casefold())
        ]
        most = f"<p>These are the newest {self.most_texts}; there may be more.</p>"
        return "\n".join(
            [
                head,
                about,
                most if len(self.texts) == self.most_texts else "",
                reports.table(["Typed", "How it was answered", "Times"], rows),
            ]
        )

    def _care(self) -> str:
        parts = [
            "<h2>Care cards</h2>",
            "<p>A card counts each time it is shown: it is shown again while its sign is not dealt with, so these are "
            "not numbers of people.</p>",
        ]
        for kind, heading in (
            (Kind.CARE, "Shown for a sign that is present"),
            (Kind.CARE_INFORMATION, "Shown as information, for a sign that was only asked about"),
        ):
            counts = self._largest_first(self.figures.by_detail(kind))
            by_level = dict(sorted(counts.items(), key=lambda item: [*LEVELS, item[0][1]].index(item[0][1])))
            shown = self._bars(("Level and card", "Times shown"), by_level, self._card) if counts else "<p>None.</p>"
            parts.append(f"<h3>{heading}</h3>\n{shown}")
        days = self.figures.days_of_details(Kind.CARE)
        if series := {name: days[level] for level, name in LEVELS.items() if level in days}:
            parts.append(self._days("Care cards by day and level", series))
        return "\n".join(parts)

    def _marks(self, detail: str) -> Counter[str]:
        """How often each answer was marked so."""
        found = self.figures.by_detail(Kind.FEEDBACK)
        return Counter({answer: number for (answer, mark), number in found.items() if mark == detail})

    def _feedback(self) -> str:
        helpful, not_helpful = self._marks("helpful"), self._marks("not_helpful")
        marked = self._largest_first(helpful + not_helpful)
        if not marked:
            return "<h2>Did it help?</h2>\n<p>Nobody said of an answer whether it helped.</p>"
        both = {answer: [helpful[answer], not_helpful[answer]] for answer in marked}
        longest = max(sum(self._shown(number).size for number in numbers) for numbers in both.values())
        rows = [
            (self._answer(answer), self._bar(numbers, longest), *(self._text(number) for number in numbers))
            for answer, numbers in both.items()
        ]
        parts = [
            "<h2>Did it help?</h2>",
            "<p>Counted are taps and replies, not people.</p>",
            charts.legend(["Helpful", "Not helpful"]),
            reports.table(["Answer", "Compared", "Helpful", "Not helpful"], rows, numbers=True),
        ]
        found = self.figures.by_detail(Kind.FEEDBACK)
        reasons = self._largest_first({mark: number for mark, number in found.items() if mark[1] in REASONS})
        if reasons:
            parts.append("<h3>Why not</h3>")
            parts.append(self._bars(("Answer and reason", "Times"), reasons, self._reason))
        return "\n".join(parts)

    def _times(self) -> str:
        days, times = self.period.days, self.figures.milliseconds_of_days()
        # the longest of a few turns would be the time of one
        told = {day: times[day] for day in days if sum(times[day].values()) >= (1 if self.exact else figures.SMALL)}
        parts = [
            "<h2>How long a reply took</h2>",
            "<p>From a message’s arrival at the server to its reply, in milliseconds, rounded up to steps of 12 %. "
            "p95 means: 95 of 100 messages were replied to within this time. On a day with fewer than 100 messages, "
            "p99 is the slowest.</p>",
        ]
        if not told:
            return "\n".join([*parts, f"<p>No day had {figures.SMALL} messages.</p>"])
        series = [
            Series(f"p{share}", [figures.percentile(told[day], share / 100) if day in told else None for day in days])
            for share in PERCENTILES
        ]
        drawn = charts.lines(
            "Time of a reply by day. The table below holds the numbers.", [_short(day) for day in days], series, "ms"
        )
        rows = [
            (day.isoformat(), *(f"{figures.percentile(told[day], share / 100):,.1f}" for share in PERCENTILES))
            for day in told
        ]
        head = ["Day", *(f"p{share}, ms" for share in PERCENTILES)]
        table = _folded("Time of a reply by day", reports.table(head, rows, numbers=True))
        return "\n".join([*parts, charts.legend([one.name for one in series]), drawn, table])

    def _unknown(self) -> str:
        began = f"Counting began on {self.began}; days before it are empty." if self.began else ""
        facts = [
            "How many people there were: nobody is counted, only what was shown. One person may have asked it all.",
            "Whether an answer was right, or what anybody did after it.",
            "What people typed who did not agree to be remembered.",
            f"The last {EVERY:.0f} seconds: servers write their counts that often. One that is killed loses as much.",
            "Messages that were refused before they were read (too long, too many), even where a care card was shown.",
            "What was asked with <code>python -m bot chat</code>.",
            f"Anything older than {KEEP_DAYS} days: counts are deleted then. {began}",
        ]
        items = "".join(f"<li>{fact}</li>" for fact in facts)
        deleted = "When somebody deletes their conversation, these counts stay: nothing in them says whose they were."
        return f"<h2>What this page cannot know</h2>\n<ul>{items}</ul>\n<p>{deleted}</p>"

    # -- names --------------------------------------------------------------------------------------------------------

    def _answer(self, answer: str) -> str:
        entry = self.content.answers.get(answer)
        return entry.title if entry else f"{answer} (no longer there)"

    def _subject(self, subject: str) -> str:
        entry = self.content.not_in_document.get(subject)
        return entry.title if entry else subject or "Something else"

    def _card(self, card: tuple[str, str]) -> str:
        entry, level = self.content.care.get(card[0]), LEVELS.get(card[1], card[1])
        return f"{level}: {entry.title if entry else f'{card[0]} (no longer there)'}"

    def _reason(self, mark: tuple[str, str]) -> str:
        return f"{self._answer(mark[0])}: {REASONS[mark[1]]}"


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_TEXT else words[:LONGEST_TEXT] + "…"


def _folded(label: str, table: str) -> str:
    """A table to be opened, which scrolls sideways by itself, by keyboard too."""
    return (
        f"<details><summary>{escape(label)}: numbers</summary>\n"
        f'<div class="wide" role="region" aria-label="{escape(label)}" tabindex="0">{table}</div></details>'
    )
