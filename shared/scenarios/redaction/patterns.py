"""Personal data recognized in any text: by its form, checksum or label."""

import re
from collections.abc import Iterator

from shared.scenarios.redaction.checksums import is_card, is_iban
from shared.scenarios.redaction.kinds import Kind, Span, normalize
from shared.scenarios.text import any_of, word_set

_I = re.IGNORECASE
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)", _I)
_CARD = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])")
#: International numbers, North American ones, and national ones with a leading zero.
_PHONE = re.compile(
    any_of(
        r"(?<![\w+])(?:\+|00(?=\d{1,3}[ .-]))\d[\d ().-]{6,18}\d",
        r"(?<![\w.+-])(?:1[ .-])?\(?\b\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}",
        r"(?<![\w.+-])\(?0\d{2,4}\)?[ /-]\d{3,4}[ -]?\d{3,4}",
    )
    + r"(?![\w-]|\.\d)"
)
_SSN = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-\d{2}-\d{4}(?![\w-])")

_CAPITAL = r"(?:\d{1,3}(?:st|nd|rd|th)|[^\W\d_a-z][\w.'\u2019-]*|de|la|las|los|del|of|the|van|von)"
_STREET = any_of(
    "street", "st", "avenue", "ave", "av", "road", "rd", "boulevard", "blvd", "lane", "ln",
    "drive", "dr", "way", "court", "ct", "place", "pl", "plaza", "square", "sq", "terrace",
    "ter", "trail", "trl", "highway", "hwy", "parkway", "pkwy", "circle", "cir", "alley",
    "crescent", "close", "row", "walk", "embarcadero", "broadway", "real", "expressway",
    "freeway", "center", "ctr", "mall", "loop", "path", "pike", "grove", "gardens", "mews",
    "hill", "quay", "wharf", "green",
)  # fmt: skip
_ADDRESS = [
    re.compile(
        r"(?<![\w#$])(?<!\d[.:/-])(?<![^\W\d][.-])"
        r"\d{1,6}[A-Za-z]?(?:-\d{1,5})?,? (?:[NSEW]{1,2}\.? )?"
        rf"(?:{_CAPITAL} ){{0,4}}(?-i:(?=[^\W\d_a-z]))(?i:{_STREET})\b(?! \d{{1,2}}:)"
    ),
    # Continental: the name first, or the kind of street first.
    re.compile(
        r"(?<!\w)[^\W\d_a-z]\w*(?:stra\u00dfe|strasse|str\.|weg|platz|allee|gasse|laan|straat)"
        r" \d{1,4} ?[a-z]?(?!\w)"
    ),
    re.compile(
        r"(?<!\w)(?:Via|Viale|Piazza|Corso|Calle|Avenida|Plaza|Paseo|Rua|Rue|Avenue|Boulevard"
        rf"|Place|Ulica|ul\.)(?: {_CAPITAL}){{1,4}},? \d{{1,4}}(?![\w:])"
    ),
    re.compile(
        r"(?<![\w.:-])\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|place|chemin|quai|via"
        r"|calle|avenida|rua|piazza|impasse|all\u00e9e)(?: (?:[dl]['\u2019])?[\w'\u2019-]+){1,4}",
        _I,
    ),
]
#: Street without a house number: recognized only in a field of addresses.
_STREET_ALONE = re.compile(rf"(?:{_CAPITAL} ){{1,4}}(?i:{_STREET})\b")
_HOUSE_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_POSTAL = re.compile(r"(?<!\d)\d{5,6}(?!\d)")
#: Comma-separated parts of an address that can contain the street, and those of a city with
#: its state.
_PARTS_WITH_STREET = 3
_CITY_AND_STATE = 2
_UNIT = re.compile(
    r",?\s{1,2}(?P<unit>(?:suite|ste|apt|apartment|unit|flat|floor|room|bldg)\b\.? ?#?[\w-]{1,8}"
    r"|#\w{1,8})",
    _I,
)

#: Connection of a label and its value: "my account number is 12 34 56 78".
_IS = r"(?:[*_\"']{0,3} ?(?:is|was|are|:|=|#|-|would be|should be)){0,2}[\s*_\"':#]{1,5}"
_LABELED = {
    Kind.SECRET: (
        rf"(?:cvv2?|cvc|security code|pin(?: code)?|passcode|password){_IS}"
        rf"(?P<value>[^\s,;]{{3,32}})"
    ),
    Kind.CARD: (
        rf"(?:card|visa|mastercard|amex)(?: number| no\.?){_IS}(?P<value>\d(?:[ -]?\d){{11,18}})"
    ),
    Kind.ACCOUNT: (
        rf"(?:(?:bank |checking |savings )?(?:account|acct)\.?(?: number| no\.?| #)|iban"
        rf"|routing(?: number)?|sort code){_IS}(?P<value>[A-Za-z\d][\w-]{{0,39}}"
        r"(?: \d[\w-]{0,39}){0,8})"
    ),
    Kind.ID_NUMBER: (
        r"(?:passport|ssn|social security|national id|national insurance|tax id|id card"
        rf"|driver'?s? licen[cs]e|driving licen[cs]e)(?: number| no\.?| id| card)*{_IS}"
        r"(?P<value>(?=[A-Za-z-]*\d)[A-Za-z\d][A-Za-z\d-]{4,19})"
    ),
    Kind.PHONE: (
        r"(?:phone|mobile|cell|telephone|tel|contact|call me|text me|whatsapp|reach me)"
        rf"(?: ?phone)?(?: number| no\.?| at| on| under)*{_IS}"
        rf"(?P<value>\+?\(?\d[\d ().-]{{5,17}}\d)"
    ),
    Kind.USER_ID: (
        r"(?:user ?-?(?:id|name)|login(?: name| id)?|(?:customer|member|client) id)"
        rf"{_IS}(?P<value>[A-Za-z][\w.-]*\w)"
    ),
    Kind.POSTAL_CODE: (rf"(?:zip|postal|post)(?: ?code)?{_IS}(?P<value>\d{{4,5}}(?:-\d{{4}})?)"),
    Kind.ADDRESS: (
        r"(?:(?:home|billing|shipping|delivery|mailing|street|my|new|current) address"
        rf"|i live at|ship (?:it|them) to){_IS}"
        rf"(?P<value>\d{{1,6}}[A-Za-z]? [^\d\s,.;][^\d,.;\n]{{2,50}})"
    ),
}
_LABELS = [(kind, re.compile(rf"(?<!\w){one}(?!\w)", _I)) for kind, one in _LABELED.items()]
#: Minimum digits of a value, unlike "the password is wrong" and "account number is it".
_FEWEST_DIGITS = {Kind.SECRET: 1, Kind.ACCOUNT: 5}
#: Every text with a label contains one of these; searching them first is faster.
_LABEL_WORDS = word_set(
    """
    cvv cvc code pin pass card visa mastercard amex acc iban rout ssn security insurance licen phone
    mobile cell tel contact call text reach whatsapp user login member client customer zip post
    address live ship national tax sort
    """
)
_HAS_NAME = re.compile(r"[a-z]{2,}[._-][a-z]{2,}[._-]?\d*|[a-z]+(?:[._-][a-z]*)?\d{2,}", _I)
#: Prefix of an identifier without a name.
_NOBODY = re.compile(
    r"(?:user|customer|cust|client|member|guest|account|acct|acc|usr|id|test|demo|c|u|m|uid|cus"
    r"|credit_card|gift_card|certificate|paypal|order|session)[._-]?[\d-]",
    _I,
)


def find_by_form(text: str) -> Iterator[Span]:
    """Find the personal data in a text by form or label."""
    if "@" in text:
        yield from _found(Kind.EMAIL, _EMAIL, text)
    lower = text.lower()
    if any(word in lower for word in _LABEL_WORDS):
        yield from _by_label(text)
    if not any(map(str.isdigit, text)):
        return
    for found in _IBAN.finditer(text):
        value = normalize(Kind.ACCOUNT, found[0])
        if is_iban(value.upper()):
            yield Span(*found.span(), Kind.ACCOUNT, value)
    for found in _CARD.finditer(text):
        value = normalize(Kind.CARD, found[0])
        if is_card(value):
            yield Span(*found.span(), Kind.CARD, value)
    yield from _found(Kind.ID_NUMBER, _SSN, text)
    yield from _found(Kind.PHONE, _PHONE, text)
    yield from _addresses(text)


def contains_name(identifier: str) -> bool:
    """Check whether a user identifier contains a name: ``mia_li_3668``, not ``user_17``."""
    return _HAS_NAME.fullmatch(identifier) is not None and not _NOBODY.match(identifier)


def find_street(address: str) -> str:
    """Return an address up to its street; "" if it has none.

    A house name can precede the street, with the number between commas; a city, with its
    postal code or alone, is no street.
    """
    parts = address.split(",")
    end = 0
    for position, part in enumerate(parts[:_PARTS_WITH_STREET], 1):
        if _HOUSE_NUMBER.search(part) or _STREET_ALONE.match(part.strip()):
            end = position + part.strip().isdigit()
    if not end and any(map(_POSTAL.search, parts[_CITY_AND_STATE:])):
        end = 1
    return ",".join(parts[:end])


def find_postal_codes(address: str) -> Iterator[Span]:
    """Find the postal codes in an address."""
    for found in _POSTAL.finditer(address):
        yield Span(*found.span(), Kind.POSTAL_CODE, normalize(Kind.POSTAL_CODE, found[0]))


def _found(kind: Kind, pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    for found in pattern.finditer(text):
        end = found.end()
        while text[end - 1] in ".-":  # the full stop belongs to the sentence
            end -= 1
        yield Span(found.start(), end, kind, normalize(kind, text[found.start() : end]))


def _addresses(text: str) -> Iterator[Span]:
    for pattern in _ADDRESS:
        for found in pattern.finditer(text):
            yield Span(*found.span(), Kind.ADDRESS, normalize(Kind.ADDRESS, found[0]))
            if unit := _UNIT.match(text, found.end()):
                start, end = unit.span("unit")
                yield Span(start, end, Kind.ADDRESS, normalize(Kind.ADDRESS, text[start:end]))


def _by_label(text: str) -> Iterator[Span]:
    for kind, pattern in _LABELS:
        for found in pattern.finditer(text):
            start, end = found.span("value")
            value = text[start:end].rstrip(" .,;:!?*_\"'")
            if kind is Kind.USER_ID and not contains_name(value):
                continue
            if sum(map(str.isdigit, value)) < _FEWEST_DIGITS.get(kind, 0):
                continue
            yield Span(start, start + len(value), kind, normalize(kind, value))
