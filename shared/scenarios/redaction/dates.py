"""Dates of birth, in any notation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shared.scenarios.text import any_of

#: Year (None if missing), month, day.
type Day = tuple[int | None, int, int]

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH = any_of(*(f"{name[:3]}(?:{name[3:]})?" if name != "may" else "may" for name in _MONTHS))
_MONTH = _MONTH.replace("sep(?:tember)?", "sept?(?:ember)?")
_NTH = r"(?:st|nd|rd|th)?"
_FORMS = (
    r"(?P<y>\d{4})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})",
    r"(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4}|\d{2})",
    rf"(?P<name>{_MONTH})\.? (?P<d>\d{{1,2}}){_NTH}(?:,? (?P<y>\d{{4}}))?",
    rf"(?P<d>\d{{1,2}}){_NTH}(?: of)?[ -](?P<name>{_MONTH})\.?(?:,?[ -](?P<y>\d{{4}}))?",
)
_DATES = [re.compile(rf"(?<![\w/]){form}(?![\d/]|-\d)", re.IGNORECASE) for form in _FORMS]
#: Largest two-digit year of this century.
_PIVOT = 30


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """Date in a text, with its possible meanings."""

    match: re.Match[str]
    days: tuple[Day, ...]

    @property
    def has_year(self) -> bool:
        return self.days[0][0] is not None

    def rewrite(self, day: Day) -> str:
        """Return another day in the notation of this one."""
        text, start = self.match[0], self.match.start()
        order = self.match.groupdict()
        month_first = self.days[0][1] == int(order.get("a") or 0)
        parts = {"y": day[0], "m": day[1], "d": day[2]}
        parts |= {"a": day[1 if month_first else 2], "b": day[2 if month_first else 1]}
        numbers = [order[group] for group in ("a", "b", "m", "d") if order.get(group)]
        padded = all(len(number or "") == 2 for number in numbers) and "name" not in order
        spans = sorted(
            (self.match.span(group), group)
            for group in order
            if group != "mark" and order[group] is not None
        )
        for (begin, end), group in reversed(spans):
            old = text[begin - start : end - start]
            if group == "name":
                new = _month_like(old, day[1])
            else:
                new = _number_like(old, parts[group] or 0, padded=padded)
            text = text[: begin - start] + new + text[end - start :]
        return text


def find_dates(text: str) -> Iterator[WrittenDate]:
    """Find the valid dates in a text."""
    for pattern in _DATES:
        for found in pattern.finditer(text):
            days = tuple(day for day in _meanings(found) if _exists(day))
            if days:
                yield WrittenDate(found, days)


def mentions_birth(text: str) -> bool:
    """Check whether a text mentions a date of birth."""
    lower = text.lower()
    return any(word in lower for word in ("born", "birth", "dob", "d.o.b"))


def shift_day(day: Day, number: int) -> Day:
    """Return another day within a year, selected by a number."""
    shift = timedelta(days=30 + number % 300)
    year = 2000 if day[0] is None else day[0]
    moved = date(year, day[1], day[2])
    moved = moved - shift if number % 2 and year > 1 else moved + shift
    return (None if day[0] is None else moved.year), moved.month, moved.day


def _meanings(found: re.Match[str]) -> list[Day]:
    parts = found.groupdict()
    year = _year(parts["y"])
    if parts.get("name"):
        month = next(
            n for n, name in enumerate(_MONTHS, 1) if name[:3] == parts["name"][:3].lower()
        )
        return [(year, month, int(parts["d"]))]
    if parts.get("a"):
        first, second = int(parts["a"]), int(parts["b"])
        return [(year, first, second), (year, second, first)]
    return [(year, int(parts["m"]), int(parts["d"]))]


def _year(digits: str | None) -> int | None:
    if digits is None:
        return None
    if len(digits) == 2:
        return int(digits) + (1900 if int(digits) > _PIVOT else 2000)
    return int(digits)


def _exists(day: Day) -> bool:
    try:
        date(2000 if day[0] is None else day[0], day[1], day[2])
    except ValueError:
        return False
    return day[0] is None or 1880 <= day[0] <= 2100


def _number_like(old: str, number: int, *, padded: bool) -> str:
    if len(old) == 2 and number > 99:  # a year of two digits
        return f"{number % 100:02d}"
    return f"{number:0{len(old)}d}" if padded or old[0] == "0" or len(old) > 2 else str(number)


def _month_like(old: str, month: int) -> str:
    name = _MONTHS[month - 1][: 3 if len(old) <= 4 else None]
    return name.upper() if old.isupper() else name.title() if old[0].isupper() else name
