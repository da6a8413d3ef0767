"""Dates and times as arguments, in the notations of people and programs."""

import re
from datetime import date
from itertools import product

from shared.core.months import month_number

_WEEKDAY = r"(?:on )?(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?"
_NTH = r"(?:st|nd|rd|th|\.|º|er)?"
_OF = r"(?: (?:of|de|del|do|di)(?= ))?"
#: Devanagari has vowel signs, which are no letters.
_NAME = r"(?P<name>[^\W\d_][^\s\d.,/-]*)"
_YEAR = rf"(?:{_OF}[ /-]?(?P<y>\d{{4}}))?"
_DATES = tuple(
    re.compile(_WEEKDAY + form)
    for form in (
        r"(?P<y>\d{4})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})",
        r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日",
        r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)",
        r"(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4}|\d{2})",
        rf"(?P<y>\d{{4}})[ /-]?{_NAME}\.?[ /-]?(?P<d>\d{{1,2}})",
        rf"{_NAME}\.?[ /-](?:the )?(?P<d>\d{{1,2}}){_NTH}(?:,? ?[ /-](?P<y>\d{{4}}))?",
        rf"(?:the )?(?P<d>\d{{1,2}}){_NTH}{_OF}[ /-]?{_NAME}\.?,?{_YEAR}",
    )
)
_TIME = re.compile(
    r"(?P<h>\d{1,2})(?::(?P<min>\d\d))?(?::(?P<s>\d\d)(?:\.0+)?)?"
    r"(?: ?(?P<half>[ap])\.? ?m\.?)?(?: ?(?P<zone>z|utc|gmt|[+-]\d\d:?\d\d))?"
)
#: Between a date and its time.
_JOINT = re.compile(r"(?<=\d)t(?=\d)|,? at |, | (?=\d)")
_UTC = {"z": "+0000", "utc": "+0000", "gmt": "+0000"}
#: Largest two-digit year of this century.
_PIVOT = 30
#: Characters of a written date, at most.
_MAX_LENGTH = 60


def read_dates(text: str) -> frozenset[str]:
    """Return the days or times that a text in lower case means, in the form of ISO 8601.

    "05/02/2026" means two days. The text is nothing but the date; midnight also means the
    day. Without a year, a day has the form ``--05-02``.
    """
    if len(text) > _MAX_LENGTH or not any(map(str.isdigit, text)):
        return frozenset()
    times = _read_time(text)
    days = _read_days(text)
    if days or times:
        return frozenset(days | times)
    for joint in _JOINT.finditer(text):
        days, times = _read_days(text[: joint.start()]), _read_time(text[joint.end() :])
        if days and times:
            midnight = days if times in ({"00:00:00"}, {"00:00:00+0000"}) else set()
            return frozenset({f"{day}T{time}" for day, time in product(days, times)} | midnight)
    return frozenset()


def _read_days(text: str) -> set[str]:
    for form in _DATES:
        found = form.fullmatch(text)
        if found and (days := {day for day in map(_to_iso, _meanings(found)) if day}):
            return days
    return set()


def _meanings(found: re.Match[str]) -> list[tuple[int | None, int, int]]:
    """Return year, month and day of a match; with dots the day is first."""
    parts = found.groupdict()
    year = _to_year(parts["y"])
    if parts.get("a"):
        first, second = int(parts["a"]), int(parts["b"])
        days = [(year, second, first)]
        return days if parts["mark"] == "." else [(year, first, second), *days]
    month = month_number(parts["name"]) or 0 if parts.get("name") else int(parts["m"])
    return [(year, month, int(parts["d"]))]


def _to_year(digits: str | None) -> int | None:
    if digits is None:
        return None
    if len(digits) == 2:
        return int(digits) + (1900 if int(digits) > _PIVOT else 2000)
    return int(digits)


def _to_iso(day: tuple[int | None, int, int]) -> str:
    try:
        written = date(2000 if day[0] is None else day[0], day[1], day[2]).isoformat()
    except ValueError:
        return ""
    return f"-{written[4:]}" if day[0] is None else written


def _read_time(text: str) -> set[str]:
    found = _TIME.fullmatch(text)
    if found is None or not (found["min"] or found["half"]):
        return set()
    hour = int(found["h"])
    if found["half"]:
        if not 1 <= hour <= 12:
            return set()
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    minute, second = int(found["min"] or 0), int(found["s"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return set()
    zone = found["zone"] or ""
    return {f"{hour:02d}:{minute:02d}:{second:02d}{_UTC.get(zone, zone.replace(':', ''))}"}
