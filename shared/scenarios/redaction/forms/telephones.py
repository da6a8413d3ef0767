"""Telephone numbers: by label, by international form, by the plan of a region."""

import re
from collections.abc import Iterator
from functools import lru_cache

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_possible_number,
    is_valid_number,
    parse,
)

from shared.scenarios.redaction.forms.labeling import Label, Page
from shared.scenarios.redaction.kinds import Kind, Span

#: Digits of a telephone number (ITU-T E.164) and the fewest of a local one.
_DIGITS = range(7, 16)
#: Digits of a national number that is recognized without a label.
_NATIONAL = range(9, 14)
_NUMBER = re.compile(
    r"(?<![^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])(?<![+.@])(?<!\d[-/:,])(?:\(?\+"
    r"|\()?\(?\d(?:[ ().\-/\u00b7]{0,3}\d){5,17}(?!\w*@)"
)
_EXTENSION = re.compile(
    r" ?(?:x|\bext(?:ension)?\.?|#|\bdw\.?|\bdurchwahl|\binterno|\bposte|\bramal|\bдоб\.?|"
    r"\bdahili|\bint\.|内線|分机)[ :]?\d{1,6}(?!\w)"
)
#: What looks like a telephone number: a date, a year range, a time, an amount, a card.
_DATE = re.compile(
    r"(?:19|20)\d\d ?[-/.] ?\d{1,2} ?[-/.] ?\d{1,2}(?!\d)|\d{1,2}([-/.]) ?\d{1,2}\1 ?(?:19"
    r"|20)\d\d(?!\d)"
    r"|(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d$|\d{3}-\d{2}-\d{4}$|\d{1,3}(?:\.\d{3}){2,}$"
    r"|\d{1,3}(?: 000)+$"
)
_AMOUNT_BEFORE = re.compile(r"[$\u20ac\u00a3\u00a5\u20b9\u20bd\u20ba#\u2116=_] ?$")
_AMOUNT_AFTER = re.compile(
    r" ?(?:[$\u20ac\u00a3\u00a5\u20b9\u20bd\u20ba%:_=]|,\d|\.\d|/\d|(?:usd|eur|gbp|inr|rub|pln"
    r"|try|jpy|cny|brl|km|kg|mb|gb"
    r"|euros?|dollars?|руб|zl|tl|円|元|원)\b)"
)
#: National forms that need no region: North American ones, with a code in parentheses, and those
#: with a leading zero and spaces. Numbers of orders have hyphens and points.
_NORTH_AMERICAN = re.compile(r"(?:1[ .-])?\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}")
_TRUNK = re.compile(
    r"\(\d{2,5}\)[ -]?\d[\d -]{3,12}|0[1-9]\d{0,4}(?: |/| [/-] )\d{2,8}(?:[ -]\d{2,4}){0,4}"
)
_ABROAD = re.compile(r"00[1-9]\d{0,2} ")
_ASIAN = re.compile(r"0\d{1,3}-\d{3,4}-\d{4}")
#: Mobile telephones without separators, in texts of these regions.
_MOBILE = {
    "CN": re.compile(r"1[3-9]\d{9}"),
    "JP": re.compile(r"0[789]0\d{8}"),
    "KR": re.compile(r"010\d{8}"),
}
#: Prepositions before telephones, with the regions of their languages.
_AT_REGIONS = {"unter": ("DE", "AT", "CH"), "al": ("IT", "ES"), "op": ("NL", "BE"), "au": ("FR",)}
_AT_REGIONS |= {"allo": ("IT",), "no": ("BR",), "pod": ("PL",), "naar": ("NL", "BE")}
_AT = re.compile(
    r"\b(unter|allo|al|op|naar|au|no|pod)(?: (?:der|numero|nummer|numerem|het|nr\.?))? $"
)
_AT_LONGEST = 24
_NATIONAL_AFTER = re.compile(r"\(?0[1-9]\d{0,4}\)?[ /-]{0,3}\d{4,9}(?:[ -]\d{2,4}){0,3}")
_THREES = re.compile(r"\d{3} \d{3} \d{3}")
#: Text between a number and the label after it.
_GAP = re.compile(r"[^\d\n.!?;\u3002\uff01\uff1f]*")
#: Text around a number that is alone on its line, or beside an e-mail address.
_APART = re.compile(r"(?:^|[|\u00b7\u2022\u2013\u2014-] ?)$", re.MULTILINE)
_APART_AFTER = re.compile(r" ?(?:$|[|\u00b7\u2022\u2013\u2014,;]|- )", re.MULTILINE)
#: Initial of "telephone" in a signature.
_INITIAL = re.compile(
    r"(?:^|[|,/;\u00b7\u2022] ?)(?:[TMPFCHН]|Te?l|Te|Mo?b?|Port|Gsm|Tfno|Tlf|Cep|Ph"
    r"|Cell?|Fa?x|Fon|Тел|Моб|☎|✆|📞|📱|☏)"
    r"(?:[.:]{1,2} ?|\ufe0f? )$",
    re.MULTILINE,
)
_AFTER = 24
#: Text between the label of a thing and the number of that thing.
_OF_THING = re.compile(
    r"(?:[\s#\u2116.*]|(?:number|no|nr|num|n|nummer|numara\w*|numero|numer|nomor|номер|番号|号码|号|번호)"
    r"(?![^\W\d_\u3040-\u9fff\uac00-\ud7af])(?:\s?(?::|is|ist|lautet|est|es|e|to|jest|это|は|是|는|은))?)*",
)
#: Number without separators that is national: with a leading zero.
_NATIONAL_WHOLE = re.compile(r"0[1-9]\d{8,10}")
#: Characters between "call me" and the label of a thing.
_CALLED = 40
#: Text after a number in languages with the verb at the end.
_POSTPOSED = re.compile(
    r"['\u2019]|\s?numara|[\s]?[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\u0900-\u0963]"
)
#: Labels of numbers that are no telephones.
_OTHERS = (None, Kind.ACCOUNT, Kind.CARD, Kind.ID_NUMBER, Kind.SECRET, Kind.CREDENTIAL)
#: Text between two numbers of one label.
_NEXT = re.compile(r"[^\d\n]{1,8}")
#: Regions by script, or by words of their languages.
_SCRIPTS = (
    (re.compile("[\u3040-\u30ff]"), ("JP",)),
    (re.compile("[\uac00-\ud7af]"), ("KR",)),
    (re.compile("[\u4e00-\u9fff]"), ("CN", "TW", "HK")),
    (re.compile("[\u0400-\u04ff]"), ("RU", "UA", "KZ")),
    (re.compile("[\u0900-\u097f]"), ("IN",)),
    (re.compile("[\u0600-\u06ff]"), ("SA", "AE", "EG")),
    (re.compile("[\u0590-\u05ff]"), ("IL",)),
    (re.compile("[\u0370-\u03ff]"), ("GR",)),
    (re.compile("[\u0e00-\u0e7f]"), ("TH",)),
    (re.compile(r"\b(?:ich|und|ist|nicht|bitte|mein)\b"), ("DE", "AT", "CH")),
    (re.compile(r"\b(?:je|vous|est|mon|pour|merci)\b"), ("FR", "BE", "CH")),
    (re.compile(r"\b(?:mi|quiero|por favor|el|gracias|hola)\b"), ("ES", "MX", "AR", "CO")),
    (re.compile(r"\b(?:il|vorrei|sono|mio|grazie|non)\b"), ("IT",)),
    (re.compile(r"\b(?:meu|nao|voce|quero|obrigad[oa]|minha)\b"), ("BR", "PT")),
    (re.compile(r"\b(?:ik|mijn|het|een|niet|graag)\b"), ("NL", "BE")),
    (re.compile(r"\b(?:jest|prosze|chce|nie|moj|sie)\b"), ("PL",)),
    (re.compile(r"\b(?:ve|bir|istiyorum|benim|icin|lutfen)\b"), ("TR",)),
    (re.compile(r"\b(?:saya|yang|tidak|dan|mohon)\b"), ("ID",)),
)
_DEFAULT_REGIONS = ("US", "GB")


def find_telephones(page: Page) -> Iterator[Span]:
    """Find the telephone numbers in a text."""
    regions: tuple[str, ...] | None = None
    last = -1
    for found in _NUMBER.finditer(page.plain):
        start, end = found.span()
        if page.plain[start] == "(" and ")" not in found[0]:
            start += 1
        number = page.plain[start:end]
        digits = sum(map(str.isdigit, number))
        if digits not in _DIGITS or _is_other(page, start, end):
            continue
        label = _label_of(page, start, end)
        supported = label.kind is Kind.PHONE if label else _in_signature(page, start, end)
        if not supported and not _follows(page, last, start, digits):
            international = number.lstrip("(").startswith("+")
            if not international and (
                (label is not None and label.kind in _OTHERS) or page.numbers_thing(start, end)
            ):
                continue
            regions = regions or _regions(page.lower)
            mobile = _MOBILE.get(regions[0])
            whole = mobile and mobile.fullmatch(number)
            if not (whole or _has_form(number, digits, regions) or _is_at(page, start, number)):
                continue
        if extension := _EXTENSION.match(page.lower, end):
            end = extension.end()
        yield page.span(start, end, Kind.PHONE)
        last = end


def _is_other(page: Page, start: int, end: int) -> bool:
    """Check for dates, amounts, and numbers that go on."""
    return (
        _DATE.match(page.plain, start, end) is not None
        or _AMOUNT_BEFORE.search(page.plain, max(0, start - 2), start) is not None
        or _AMOUNT_AFTER.match(page.lower, end) is not None
        or (
            page.plain[end : end + 1].isalpha()
            and page.plain[end : end + 1].isascii()
            and _EXTENSION.match(page.lower, end) is None
        )
    )


def _label_of(page: Page, start: int, end: int) -> Label | None:
    """Return the label of a number: the closest before it in its sentence, else one after it."""
    before, after = page.near_label(start), _label_after(page, end)
    if before is None or before.kind not in (None, Kind.ADDRESS):
        return before or after
    if _OF_THING.fullmatch(page.lower, before.end, start):
        return before
    # "Call me about my order on 0176 12345678": the thing has no number.
    call = page.label_before(before.start)
    adjoins = after and (after.start - end <= 1 or before.kind is Kind.ADDRESS)
    caller = after if adjoins or (after and _POSTPOSED.match(page.lower, end)) else None
    if (
        call
        and call.kind is Kind.PHONE
        and before.start - call.end <= _CALLED
        and _GAP.fullmatch(page.lower, call.end, before.start)
    ):
        caller = call
    number = page.plain[start:end]
    regions = _regions(page.lower)
    whole = number.isdigit() and (
        _NATIONAL_WHOLE.fullmatch(number) or any(_is_written(number, one) for one in regions)
    )
    digits = sum(map(str.isdigit, number))
    return caller if caller and (whole or _has_form(number, digits, regions)) else before


def _is_at(page: Page, start: int, number: str) -> bool:
    """Check for a national number after the preposition of telephones: "unter 0551 123456"."""
    found = _AT.search(page.lower, max(0, start - _AT_LONGEST), start)
    return found is not None and (
        _NATIONAL_AFTER.fullmatch(number) is not None
        or any(_is_written(number, region) for region in _AT_REGIONS[found[1]])
    )


def _label_after(page: Page, end: int) -> Label | None:
    """Return the label of a telephone after a number."""
    after = page.label_after(end)
    if (
        after
        and after.kind is Kind.PHONE
        and after.start - end <= _AFTER
        and _GAP.fullmatch(page.lower, end, after.start)
        # Not the label of a following number.
        and not any(map(str.isdigit, page.plain[after.end : after.end + _AFTER]))
    ):
        return after
    return None


def _in_signature(page: Page, start: int, end: int) -> bool:
    """Check for a number after the initial of "telephone", or alone beside an e-mail address."""
    line = page.plain.rfind("\n", 0, start) + 1
    if initial := _INITIAL.search(page.plain, line, start):
        return initial.start() == line or bool(page.signature_lines())
    apart = _APART.search(page.plain, line, start) and _APART_AFTER.match(page.plain, end)
    return bool(apart) and any(first <= start < last for first, last in page.signature_lines())


def _follows(page: Page, last: int, start: int, digits: int) -> bool:
    """Check for a further number of the label of the last one: "phones: 030 12345, 040 12345"."""
    if last < 0 or digits < _NATIONAL[0] or not _NEXT.fullmatch(page.plain, last, start):
        return False
    label = page.label_before(start)
    return label is None or label.end <= last


def _has_form(number: str, digits: int, regions: tuple[str, ...]) -> bool:
    """Check the form of a number without a label."""
    if number.lstrip("(").startswith("+"):
        return _is_possible(number)
    if _ABROAD.match(number):
        return _is_possible("+" + number[2:])
    if digits not in _NATIONAL or number.isdigit():
        return False
    if _NORTH_AMERICAN.fullmatch(number) or _TRUNK.fullmatch(number):
        return True
    if _ASIAN.fullmatch(number) and not {"JP", "KR"}.isdisjoint(regions):
        return True
    return any(_is_written(number, region) for region in regions)


def _regions(lower: str) -> tuple[str, ...]:
    """Return the regions of the languages that a text is likely in."""
    return next((regions for form, regions in _SCRIPTS if form.search(lower)), _DEFAULT_REGIONS)


@lru_cache(maxsize=2048)
def _is_possible(number: str) -> bool:
    try:
        return is_possible_number(parse(number))
    except NumberParseException:
        # Countries without a plan, and invented ones.
        return sum(map(str.isdigit, number)) >= _NATIONAL[0]


@lru_cache(maxsize=2048)
def _is_written(number: str, region: str) -> bool:
    """Check for a valid number of a region in the groups in which it writes them."""
    try:
        parsed = parse(number, region)
    except NumberParseException:
        return False
    if not is_valid_number(parsed):
        return False
    written = re.findall(r"\d+", format_number(parsed, PhoneNumberFormat.NATIONAL))
    groups = re.findall(r"\d+", number)
    if len(groups) == 1:
        return True
    return groups in (written, written[1:]) or _THREES.fullmatch(number) is not None
