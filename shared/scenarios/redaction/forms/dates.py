"""Dates of birth, in any notation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shared.core.months import month_number, rename_month

#: Year (None if missing), month, day.
type Day = tuple[int | None, int, int]

#: Word that can be a month; Devanagari has vowel signs, which are no letters.
#: ``(?-i:``: the set has the letters of both cases. Ignoring case, Python would look for the other
#: case of each of 30,000 characters, which takes 3 ms a pattern.
_NAME = r"(?P<name>(?-i:[^\W\d_\u3040-\u9fff\uac00-\ud7af]|[\u0900-\u0963]){2,14})"
_NTH = r"(?:st|nd|rd|th|er|\.|\u00ba|\u00aa|-?го|'?inci|'?si)?"
_OF = r"(?: (?:of|de|del|di|do)(?= ))?"
_FORMS = (
    r"(?P<y>\d{4})(?P<mark>[-/.] ?)(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})",
    r"(?P<a>\d{1,2})(?P<mark>[-/.] ?)(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4}|\d{2})",
    rf"{_NAME}\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y>\d{{4}}))?",
    rf"(?P<d>\d{{1,2}}){_NTH}{_OF}[ -]?{_NAME}\.?(?:,?{_OF}[ -](?P<y>\d{{4}}))?",
    r"(?P<y>\d{4})(?P<mark>) ?[年년] ?(?P<m>\d{1,2}) ?[月월] ?(?P<d>\d{1,2}) ?[日号號일]",
    (
        r"(?P<era>昭和|平成|令和|大正"
        r"|明治) ?(?P<y>\d{1,2}) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?日"
    ),
    r"(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])",
)
_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_DATES = [
    re.compile(rf"(?<!(?-i:[^\W{_UNSPACED}]))(?<!/){form}(?![\d/]|-\d)", re.IGNORECASE)
    for form in _FORMS
]
#: Years before the first of an era of Japan.
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
#: Largest two-digit year of this century.
_PIVOT = 30

#: Words of births before a date, and after one.
_BIRTH = re.compile(
    r"born|birth(?!day)|\bdob\b|d\.o\.b|gebor|geburt(?!stag)|\bgeb\.|\bnée? (?:le|en|un)\b"
    r"|\bné\(e\)|naissance|\bnaqui"
    r"|\bnac(?:í|i)\b|\bnaci(?:ó|o|d[oa]|miento)\b|\bnac\."
    r"|\bd(?:ata)?\.? ?(?:de )?nasc\b|\bddn\b|d/o/b|\bnat[oaie]\b|nascit[ao]|\bnasc(?:i|eu"
    r"|id[oa])\b|nascimento"
    r"|\bgeb\. ?dat|\bgebdat|geboorte"
    r"|\burodz|\bur\.|data ur|родил|рожден|\bд\.? ?р\.|\bг\.? ?р\.|do[ğg]um|do[ğg]du"
    r"|生年月日|誕生|生まれ|出生"
    r"|生于|生於|생년월일|출생|태어|जन्म|\bjanm|\blahir|\btgl lahir",
    re.IGNORECASE,
)
#: Birthdays can be celebrated, on a date that is not a date of birth: these need a year.
_BIRTHDAY = re.compile(
    r"birthday|b-?day|geburtstag|anniversaire|cumplea\u00f1os|compleanno|anivers\u00e1rio"
    r"|verjaardag|urodzin\b|день рождения"
    r"|дня рождения|do[ğg]um g\u00fcn|誕生日|生日|생일|जन्मदिन|ulang tahun",
    re.IGNORECASE,
)
#: Latest year of a date of birth after the words of a birthday, or after another date.
_LATEST = 2015
#: Characters between the announcement of a date of birth and the date, and after it.
_NEAR = 48
_AFTER = 24
_SENTENCE = re.compile(r"\d|[.!?] [A-Z\u0410-\u042f]|[\n\u3002\uff01\uff1f]")
_NEXT = re.compile(r"[^\d\n]{1,8}")
_IS = re.compile(
    r"\s?(?::|=|is|was|ist(?: der| am)?|est(?: le)?|es(?: el)?|\u00e8(?: il)?|\u00e9(?: em)?|to"
    r"|это|は|が|是|은|는|है)?\s?"
)
#: Korean: "1947-03-01생".
_BORN_AFTER = "생"


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
        era = _ERAS.get(order.get("era") or "", 0)
        parts = {"y": day[0] and max(1, day[0] - era), "m": day[1], "d": day[2]}
        parts |= {"a": day[1 if month_first else 2], "b": day[2 if month_first else 1]}
        numbers = [order[group] for group in ("a", "b", "m", "d") if order.get(group)]
        padded = all(len(number or "") == 2 for number in numbers) and "name" not in order
        spans = sorted(
            (self.match.span(group), group)
            for group in order
            if group not in ("mark", "era") and order[group] is not None
        )
        for (begin, end), group in reversed(spans):
            old = text[begin - start : end - start]
            if group == "name":
                new = rename_month(old, day[1])
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


def find_births(text: str) -> Iterator[WrittenDate]:
    """Find the dates of birth in a text: those next to the words of a birth, in order."""
    if not mentions_birth(text):
        return
    last = -1
    for written in sorted(find_dates(text), key=lambda one: one.match.span()):
        start, end = written.match.span()
        if start < last:
            continue
        year = written.days[0][0]
        past = year is not None and year <= _LATEST
        follows = last >= 0 and past and _NEXT.fullmatch(text, last, start) is not None
        if follows or _announces(text, start, past=past) or _confirms(text, end, past=past):
            last = end
            yield written


def names_birth(words: str) -> bool:
    """Check whether the name of a field is that of a date of birth."""
    return _BIRTH.search(words) is not None or _BIRTHDAY.search(words) is not None


def mentions_birth(text: str) -> bool:
    """Check whether a text mentions a date of birth."""
    return (
        _BIRTH.search(text) is not None or _BORN_AFTER in text or _BIRTHDAY.search(text) is not None
    )


def _announces(text: str, start: int, *, past: bool) -> bool:
    """Check for the words of a birth before a date, with no other date or sentence between."""
    before = text[max(0, start - _NEAR) : start]
    for form in (_BIRTH, _BIRTHDAY):
        for found in form.finditer(before):
            gap = before[found.end() :]
            if not _SENTENCE.search(gap) and (form is _BIRTH or past or _IS.fullmatch(gap)):
                return True
    return False


def _confirms(text: str, end: int, *, past: bool) -> bool:
    """Check for the words of a birth after a date: "am 19.07.1976 geboren"."""
    after = text[end : end + _AFTER]
    found = _BIRTH.search(after) or (_BIRTHDAY.search(after) if past else None)
    return (
        after.startswith(_BORN_AFTER)
        or (
            found is not None
            and not _SENTENCE.search(after[: found.start()])
            # Not the words of a following date.
            and not re.search(r"\d", text[end + found.end() : end + found.end() + _AFTER])
        )
    )


def shift_day(day: Day, number: int) -> Day:
    """Return another day within a year, selected by a number."""
    shift = timedelta(days=30 + number % 300)
    year = 2000 if day[0] is None else day[0]
    moved = date(year, day[1], day[2])
    moved = moved - shift if number % 2 and year > 1 else moved + shift
    return (None if day[0] is None else moved.year), moved.month, moved.day


def _meanings(found: re.Match[str]) -> list[Day]:
    parts = found.groupdict()
    era = _ERAS.get(parts.get("era") or "")
    year = era + int(parts["y"]) if era else _year(parts["y"])
    if parts.get("name"):
        month = month_number(parts["name"])
        return [(year, month, int(parts["d"]))] if month else []
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
