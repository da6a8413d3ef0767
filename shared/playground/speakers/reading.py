"""Answer reading: extract a variable's value from a sentence of the user.

The variable's type selects the form to look for; for strings, its name and description do:
a date, an e-mail address, a telephone number, a reference like an order number, or else the
words themselves. Nothing is guessed: an unclear answer is None, and is asked for again.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from shared.playground.engine.values import InvalidValue, convert
from shared.playground.graph import Variable

#: Characters of a message that are searched; a longer one is no answer to a question.
MAX_READ = 5_000
#: Characters of a phrase that declines to answer.
_MAX_REFUSAL = 200

_NUMBER = re.compile(r"(?<![\w.,])[-+]?\d(?:[\d.,' ]*\d)?(?!\d*[eE]\d)")
_YES = "yes|yeah|yep|yup|sure|true|correct|right|ok|okay|indeed|absolutely|of course|it is|it does"
_NO = "no|nope|nah|never|false|wrong|incorrect|not|isn't|doesn't|don't|it is not|it does not"
_YES_OR_NO = re.compile(rf"(?P<no>\b(?:{_NO})\b)|(?P<yes>\b(?:{_YES})\b)", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(r"\+?\(?\d[\d ()/.-]{4,24}\d")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-/_][A-Za-z0-9]+)*")
_ORDER_TOKEN = re.compile(r"\b[A-Za-z]{1,6}-?\d{3,}(?:-\d+)*\b")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DOTTED_DATE = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")
_MONTHS = "january february march april may june july august september october november december"
_MONTH = {name[:3]: number for number, name in enumerate(_MONTHS.split(), 1)}
_MONTH_NAME = rf"({'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _MONTHS.split())})"
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH_NAME}\.?,? (\d{{4}})\b", re.IGNORECASE
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH_NAME}\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE
)
_LEAD_IN = re.compile(
    r"(?:(?:it|this|that)(?:'s| is| was)|i am|i'm|(?:my|the|our)(?: [\w-]+){1,4} (?:is|was))\s+",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"(?:i (?:do not|don't|dont) (?:know|have|remember|understand).{0,80}|no idea|not sure"
    r"|what\??|why\??|huh\??|sorry\??|pardon\??|[\W_]*)[.!?]*",
    re.IGNORECASE | re.DOTALL,
)


def read_answer(variable: Variable, message: str) -> Any:
    """Return the value in the answer to a question for the variable, or None."""
    found = _BY_TYPE[variable.type](variable, message.strip())
    try:
        return None if found is None else convert(variable, found)
    except InvalidValue:
        return None


def find_unambiguous(variable: Variable, message: str) -> Any:
    """Return the value in a message that answers another question, or None.

    Only unambiguous forms are found: an e-mail address, an order number.
    """
    text = message[:MAX_READ]
    if variable.type != "string":
        return None
    if (form := _form(variable)) is _email:
        return _email(variable, text)
    if form is _token and (found := _ORDER_TOKEN.search(text)):
        return found[0]
    return None


def _integer(_: Variable, text: str) -> Any:
    number = _number(_, text)
    return number if number is not None and float(number).is_integer() else None


def _number(_: Variable, text: str) -> Any:
    """Read the first number, with a decimal point or comma and thousands separators."""
    match = _NUMBER.search(text[:MAX_READ])
    if match is None:
        return None
    digits = match[0].replace(" ", "").replace("'", "").rstrip(".,")
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        thousands = "," if point > comma else "."
        digits = digits.replace(thousands, "").replace(",", ".")
    elif comma >= 0:
        grouped = re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+", digits)
        digits = digits.replace(",", "") if grouped else digits.replace(",", ".")
    elif digits.count(".") > 1:
        digits = digits.replace(".", "")
    try:
        return float(digits)
    except ValueError:
        return None


def _boolean(_: Variable, text: str) -> Any:
    """Read yes or no, the first of both."""
    match = _YES_OR_NO.search(text[:MAX_READ].replace("’", "'"))  # noqa: RUF001  # a typographic apostrophe
    return None if match is None else match["yes"] is not None


def _enum(variable: Variable, text: str) -> Any:
    """Read the one value in the text; None if it contains several."""
    plain = _plain(text[:MAX_READ])
    for value in variable.enum_values:
        if _plain(value) == plain:
            return value
    named = {v for v in variable.enum_values if f" {_plain(v)} " in f" {plain} "}
    # "store credit" is not also "credit".
    for value in list(named):
        if any(value != other and _plain(value) in _plain(other) for other in named):
            named.discard(value)
    return named.pop() if len(named) == 1 else None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def _string(variable: Variable, text: str) -> Any:
    if len(text) <= _MAX_REFUSAL and _REFUSAL.fullmatch(text):
        return None
    form = _form(variable)
    return form(variable, text if form is _words else text[:MAX_READ])


type _Reader = Callable[[Variable, str], Any]


def _form(variable: Variable) -> _Reader:
    """Return the reader of a string variable, by its name or else its description."""
    name, description = variable.name.replace("_", " "), variable.description
    for text, forms in ((name, (*_FORMS, *_NAMED)), (description, (*_FORMS, *_DESCRIBED))):
        for pattern, reader in forms:
            if pattern.search(text):
                return reader
    return _words


def _email(_: Variable, text: str) -> Any:
    match = _EMAIL.search(text)
    return match[0].strip("'") if match else None


def _phone(_: Variable, text: str) -> Any:
    match = _PHONE.search(text)
    return match[0] if match else None


def _token(_: Variable, text: str) -> Any:
    """Read the longest word with a digit in it."""
    words = [word for word in _TOKEN.findall(text) if any(map(str.isdigit, word))]
    return max(words, key=len, default=None)


def _postcode(variable: Variable, text: str) -> Any:
    words = _words(variable, text)
    return words if len(words) <= 12 and any(map(str.isdigit, words)) else _token(variable, text)


def _date(variable: Variable, text: str) -> Any:
    """Read a date in ISO 8601; a day in any other form keeps its words."""
    for pattern, groups in (
        (_ISO_DATE, (1, 2, 3)),
        (_DOTTED_DATE, (3, 2, 1)),
        (_DAY_MONTH, (3, 2, 1)),
        (_MONTH_DAY, (3, 1, 2)),
    ):
        if match := pattern.search(text):
            year, month, day = (match[group] for group in groups)
            number = _MONTH.get(month[:3].casefold()) or int(month)
            try:
                return date(int(year), number, int(day)).isoformat()
            except ValueError:
                return None
    return _words(variable, text)


def _words(_: Variable, text: str) -> str:
    """Return the words without a leading "it is" and a final full stop."""
    match = _LEAD_IN.match(text)
    rest = text[match.end() :] if match else text
    return (rest.rstrip(".! ") or text).strip()


def _words_pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_FORMS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_words_pattern("e-?mail(?: address)?"), _email),
    (_words_pattern("(?:tele)?phone|mobile"), _phone),
    (_words_pattern("zip|postcode|postal code"), _postcode),
    (_words_pattern("date|day|birthday"), _date),
)
#: For names only: a description may mention a house number in passing.
_NAMED = ((_words_pattern("number|digits|reference|serial|id"), _token),)
_DESCRIBED = (
    (
        _words_pattern(
            "(?:order|customer|booking|invoice|ticket|account|parcel|tracking|case|policy|member)"
            "(?:'s)? (?:number|id|code)|reference number|serial number"
        ),
        _token,
    ),
)
_BY_TYPE: dict[str, _Reader] = {
    "int": _integer, "float": _number, "bool": _boolean, "enum": _enum, "string": _string
}  # fmt: skip
