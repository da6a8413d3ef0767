"""Values recognized by the label before them: "my account number is 12345678"."""

import re
from collections.abc import Iterator
from itertools import islice

from shared.scenarios.redaction.forms.labeling import Page
from shared.scenarios.redaction.forms.labels import LINKS
from shared.scenarios.redaction.kinds import Kind, Span

#: Characters between a label and its value.
_REACH = 40
#: Characters of a value.
_LONG = 80
_LONGEST = 600
#: Text between a label and a value of digits: the rest of a sentence, without other digits.
_GAP = re.compile(r"\.?(?:\b(?:no|nr|n|num|numb|tel|id|mob)\.|[^\d\n.!?;\u3002\uff01\uff1f])*")
_LINK_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\u2116|\u00ba")
_GROUP = r"[A-Za-z]{0,4}\d[A-Za-z\d]*"
_NUMBER = (
    r"(?:[A-Z]{1,3} )?[A-Za-z]{0,6}\d[A-Za-z\d]*"
    rf"(?:[ ./-]{{1,2}}{_GROUP}){{0,8}}(?:-[A-Z\d]\b)?"
)
_UNSPACED = r"\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff0c"
_WORD = rf"(?!['=:.$(])[^\s,;\"`<>{_UNSPACED}]"
_FORMS = {
    Kind.SECRET: re.compile(rf"{_WORD}{{3,64}}"),
    Kind.CREDENTIAL: re.compile(rf"{_WORD}{{12,512}}"),
    Kind.USER_ID: re.compile(r"[A-Za-z][\w.-]*\w"),
    Kind.CARD: re.compile(r"\d(?:[ -]?\d){11,18}"),
    Kind.ACCOUNT: re.compile(_NUMBER),
    Kind.ID_NUMBER: re.compile(_NUMBER),
    Kind.POSTAL_CODE: re.compile(
        r"\u3012?\d{3}-\d{4}|\d{2}-\d{3}|\d{5}-\d{3,4}|\d{4} ?[A-Z]{2}\b|\d{3} \d{3}"
        r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4,6}"
    ),
}
#: Minimum digits of a value, unlike "account number is it".
_FEWEST_DIGITS = {Kind.ACCOUNT: 5, Kind.ID_NUMBER: 4, Kind.CREDENTIAL: 1}
_ASSIGNED = (Kind.SECRET, Kind.CREDENTIAL)
#: Labels of accounts that are bills as well, and the digits of an account after these.
_BILLS = ("счет", "счёт", "conto")
_IN_BILLS = 12
#: Characters of a secret that looks random, and of one in capitals.
_SHORT_SECRET = 8
_LONG_SECRET = 16
#: Characters of a secret without a sign before it: longer than the numbers of shipments.
_BARE_SECRET = 20
#: Labels that can follow their number, the text between, and the fewest digits of the number.
_FOLLOWED = frozenset({Kind.ACCOUNT, Kind.ID_NUMBER})
_IS_LABEL = re.compile(
    r" (?:is|ist|est|es|e|to|jest|это) (?:(?:my|our|her|his|mein|meine|unsere|mon|ma|notre|mi|mio"
    r"|il mio|la mia|meu|minha|o meu|a minha|mijn|moj|moja|мой|моя|the|die|der|das|le|el|il) )?$"
)
_POSTPOSED = re.compile(rf"[{_UNSPACED}\u0900-\u0963]|hesa|tc |kimlik|iban")
_ADJOINS = re.compile(r" ?(?:(?:nolu|numarali|no'?lu|の|번|号|नंबर) ?)?$")
_ENDING_NUMBER = re.compile(rf"(?<![\w.-]){_NUMBER}$", re.ASCII)
_DIGIT_NEAR = re.compile(r"[^.!?\n\u3002]{0,12}?\d")
_FEWEST_BEFORE = 8
#: Kinds whose label and value have only link words between them.
_LINKED = frozenset({Kind.SECRET, Kind.CREDENTIAL, Kind.USER_ID, Kind.POSTAL_CODE, Kind.ACCOUNT})
_AROUND = "'`*()[]{}.:!?"
#: Characters before a value that can tell it.
_TELLING = 16
_END = " .,;:!?*_\"')]}"


#: Words after the label of a secret: "token for the staging db is ...".
_CHUNK = re.compile(rf"[^\s,;\"`<>{_UNSPACED}]{{1,512}}")
_FURTHER_WORDS = 9
_FURTHER = 700
#: End of the text before a value.
_TOLD = re.compile(
    r"(?:[:=\uff1a\u2192\u2014\u2013-]|->|\b(?:is|as|ist|lautet|est|es|e|to|jest|это|adalah|hai|है)"
    r"|(?:[は是为為은는이가]|です))[\s\"'`*(\[]*$"
)


def find_labeled(page: Page) -> Iterator[Span]:
    """Find the values after labels, but telephones and addresses."""
    yield from _described(page)
    yield from _before_labels(page)
    for label, end in page.reaches():
        kind = label.kind
        form = _FORMS.get(kind) if kind else None
        if form is None or kind is None:
            continue
        edges = (
            page.text[max(0, label.start - 1) : label.start] + page.text[label.end : label.end + 1]
        )
        if kind in _ASSIGNED and "_" in edges:
            continue  # the name of a variable, see credentials.py
        position = label.end
        limit = min(end, label.end + _REACH)
        reach = limit + (_LONGEST if kind is Kind.CREDENTIAL else _LONG)
        for found in form.finditer(page.plain, position, reach):
            if found.start() >= limit:
                break
            value = found[0].rstrip(_END)
            gap = page.lower[position : found.start()]
            if _is_gap(gap, kind) and _is_value(value, kind, page.lower[label.start : label.end]):
                yield page.span(found.start(), found.start() + len(value), kind)
                break


def _before_labels(page: Page) -> Iterator[Span]:
    """Find the numbers before their labels: "... is my account number", "... 계좌로"."""
    for label in page.labels:
        if label.kind not in _FOLLOWED or _DIGIT_NEAR.match(page.plain, label.end):
            continue
        first = max(0, label.start - _LONG)
        of_label = _IS_LABEL.search(page.lower, first, label.start)
        adjoins = label.end - label.start and _POSTPOSED.match(page.lower, label.start)
        if of_label is None and adjoins:
            of_label = _ADJOINS.search(page.lower, first, label.start)
        end = of_label.start() if of_label else first
        found = _ENDING_NUMBER.search(page.plain, first, end)
        if (
            found
            and sum(map(str.isdigit, found[0])) >= _FEWEST_BEFORE
            and not (of_label and page.numbers_thing(*found.span()) and not adjoins)
        ):
            yield page.span(*found.span(), label.kind)


def _described(page: Page) -> Iterator[Span]:
    """Find secrets that look random after a label with further words."""
    for label in page.labels:
        edges = page.text[max(0, label.start - 1) : label.end + 1]
        if label.kind not in _ASSIGNED or edges[0] == "_" or edges[-1] in "_=":
            continue
        further = _CHUNK.finditer(page.plain, label.end, label.end + _FURTHER)
        for found in islice(further, _FURTHER_WORDS):
            value = found[0].strip(_AROUND)
            start = found.start() + found[0].find(value)
            told = _TOLD.search(page.plain, max(label.end, start - _TELLING), start)
            if _looks_random(value) and (told or len(value) >= _BARE_SECRET):
                yield page.span(start, start + len(value), label.kind)
                break
            if found[0][-1] in ".!?":
                break


def _looks_random(value: str) -> bool:
    """Check for a secret among other words: long, with digits or symbols between letters."""
    letters = "".join(filter(str.isalpha, value))
    digits = sum(map(str.isdigit, value))
    mixed = letters != letters.upper() or len(value) >= _LONG_SECRET
    symbols = any(character in "!@#$%^&*+=~?" for character in value)
    return (
        len(value) >= _SHORT_SECRET
        and len(letters) > 1
        and mixed
        and digits + symbols > 0
        and (digits > 1 or symbols or letters[1:] not in (letters[1:].lower(), letters[1:].upper()))
        and not is_placeholder(value)
        and "://" not in value
    )


def _is_gap(gap: str, kind: Kind) -> bool:
    if not _GAP.fullmatch(gap):
        return False
    return kind not in _LINKED or all(word in LINKS for word in _LINK_WORDS.findall(gap))


def _is_value(value: str, kind: Kind, label: str) -> bool:
    digits = sum(map(str.isdigit, value))
    fewest = _IN_BILLS if label.startswith(_BILLS) else _FEWEST_DIGITS.get(kind, 0)
    if digits < fewest:
        return False
    if kind is Kind.SECRET:
        return len(value) >= 3 and value.lower() not in LINKS and is_secret(value)
    if kind is Kind.CREDENTIAL:
        return len(value) >= 12 and any(map(str.isalpha, value)) and not is_placeholder(value)
    if kind is Kind.USER_ID:
        return contains_name(value)
    return True


def is_secret(word: str) -> bool:
    """Check that a word after a label is a password or a code, not the next word of a text."""
    inner = word[1:]
    return not is_placeholder(word) and (
        any(map(str.isdigit, word))
        or any(character in "!@#$%^&*+=~" for character in word)
        or (inner != inner.lower() and inner != inner.upper())
    )


_PLACEHOLDER = re.compile(
    r"[<\[{(%$].*|.*[>}\])]|\.{3}.*|(.)\1{2,}.*|\*+.*|.*\*{3,}.*|.*(?:example|placeholder"
    r"|changeme|change_me"
    r"|dummy|redacted|your[_-]|xxxx|\.\.\.|\u2026).*|(?:null|none|true|false|nil|undefined|secret"
    r"|password|token|string|value)[);,]*|(?:process\.|os\.|env\.|config\.|settings\.|self\."
    r"|secrets\.).*",
    re.IGNORECASE,
)


def is_placeholder(word: str) -> bool:
    """Check whether a word stands for a secret that is elsewhere: ``$TOKEN``, ``<key>``."""
    return _PLACEHOLDER.fullmatch(word) is not None


_HAS_NAME = re.compile(
    r"[a-z]{2,}[._-][a-z]{2,}[._-]?\d*|[a-z]+(?:[._-][a-z]*)?\d{2,}", re.IGNORECASE
)
#: Prefix of an identifier without a name.
_NOBODY = re.compile(
    r"(?:user|customer|cust|client|member|guest|account|acct|acc|usr|id|test|demo|c|u|m|uid|cus"
    r"|credit_card|gift_card|certificate|paypal|order|session)[._-]?[\d-]",
    re.IGNORECASE,
)


def contains_name(identifier: str) -> bool:
    """Check whether a user identifier contains a name: ``mia_li_3668``, not ``user_17``."""
    return _HAS_NAME.fullmatch(identifier) is not None and not _NOBODY.match(identifier)
