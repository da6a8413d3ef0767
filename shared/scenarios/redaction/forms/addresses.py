"""Street addresses: by the words for streets of many languages, and after "I live at".

A city alone is no address; beside a street only the postal code is found.
"""

import re
from collections.abc import Iterator

from shared.scenarios.redaction.forms.labeling import Label, Page
from shared.scenarios.redaction.forms.streets import (
    BEFORE_NAME,
    BEFORE_NAME_LOWER,
    HOUSE,
    LOWER,
    NAME,
    PARTICLE,
    POST_BOX,
    POSTAL,
    SUFFIX,
    TURKISH,
    UNIT,
    UNSPACED,
    WORDS,
)
from shared.scenarios.redaction.kinds import Kind, Span, normalize
from shared.scenarios.text import word_set

_FORMS = [
    re.compile(form)
    for form in (
        # Number first: "975 Sunset Drive", "12 rue de la Paix".
        (
            r"(?<![\w#$])(?<!\d[.:/-])(?<![^\W\d][.-])\d{1,6}[A-Za-z]?(?:-\d{1,5})?"
            r",? (?:[NSEW]{1,2}\.? )?"
            rf"(?:(?:{NAME}|{PARTICLE}) ){{1,4}}(?=[^\W\d_a-z])(?i:{WORDS})\b(?! \d{{1,2}}:)"
        ),
        (
            r"(?<![\w.:-])\d{1,4}(?: ?(?:bis|ter))?,? (?i:rue|avenue|av\.|boulevard|bd\.?|place"
            r"|chemin|quai|impasse"
            r"|all\u00e9e|calle|avenida|rua|piazza)(?: (?:[dl]['\u2019])?[\w'\u2019-]+){1,4}"
        ),
        # Kind of street first: "Calle Mayor, 12", "ul. Polna 5/7".
        rf"(?<![\w-])(?:{BEFORE_NAME})(?:(?: |(?<=\.|/))(?:{NAME}|{PARTICLE})){{1,6}}{HOUSE}",
        (
            rf"(?<![\w-])(?:{BEFORE_NAME_LOWER})(?: (?:{NAME}|{PARTICLE}"
            rf"|\d{{1,3}}-?[а-я]{{1,3}})){{1,4}}{HOUSE}"
        ),
        # Kind of street in the name: "Hauptstra\u00dfe 12", "Prinsengracht 3".
        rf"(?<!\w)(?:[^\W\d_a-z][\w.-]* )?[^\W\d_a-z][\w-]*(?:{SUFFIX}){HOUSE}",
        (
            rf"(?<!\w)[^\W\d_a-z]\w*(?: [^\W\d_a-z]\w*){{0,2}} (?:{TURKISH})(?:,? ?(?:No"
            rf"|Numara)[:.]? ?)?{HOUSE}"
        ),
        # Street, number, postal code, city: "Jadwigi 52/66, 53-599 Krak\u00f3w".
        (
            rf"(?<![\w-]){NAME}(?: (?:{NAME}|{PARTICLE})){{0,4}},? \d{{1,4}}"
            r"(?: ?[a-z])?(?:/\d{1,4})?"
            rf"(?=,? (?:{POSTAL}),? [^\W\d_{LOWER}])"
        ),
        # Number, street, city, postal code: "155 Le Spur, East Amy 14672".
        (
            rf"(?<![\w#$.:/-])\d{{1,6}}[A-Za-z]? {NAME}(?: {NAME}){{0,3}}"
            rf"(?=, (?:{NAME},? ){{1,4}}(?:\d{{5,6}}|[A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}})(?![\w-]))"
        ),
        # Before the Turkish word for an address: "9890 Zorlu Port adresinde".
        rf"(?<!\w)\d{{1,6}} (?:{NAME} ){{1,4}}(?:\d{{1,5}} )?(?=adresi)",
        POST_BOX,
    )
]
_UNSPACED = [re.compile(form) for form in UNSPACED]
_UNIT = re.compile(rf",?\s{{1,2}}(?P<unit>{UNIT})")

#: Verbs with something between them and "to": "send the replacement to 12 ...".
_SENT_TO = re.compile(
    r"\b(?:send|sent|ship(?:ped)?|deliver(?:ed|y)?|mail|post|forward|redirect|bring|drop"
    r"|courier|dispatch|return|go(?:es)?|come|moved?|relocated?|is|are|located)\b"
    r"[^.!?\n\d]{0,60}?\b(?:to|at)(?: me at| us at)?(?-i:(?= \d{1,6}[A-Za-z]? [A-Z][\w'-]+ [A-Z]))",
    re.IGNORECASE,
)
#: Text between "I live" and the address: words in lower case.
_LINK = re.compile(rf"[\s:*_\"'-]{{0,4}}(?:[{LOWER}][^\W\d_]*['\u2019]?[\s:*_\"']{{1,4}}){{0,7}}")
_LINK_UNSPACED = re.compile("[\\s:]*(?:(?:は|が|を|在|是|为|到|の|는|은|이|है|में)[\\s:]*)?")
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_TOKEN = re.compile(
    rf"(?P<unit>{UNIT})|(?P<street>(?:{BEFORE_NAME_LOWER}|via|os\.|al\.|пр\.)(?![^\W\d_]))"
    rf"|(?P<number>(?:№ ?)?\d{{1,6}}[A-Za-zА-я]?(?:[/-]\d{{1,5}}[A-Za-zА-я]?)*)(?![\w:%€$])"
    rf"|(?P<name>{NAME})|(?P<particle>{PARTICLE})"
    rf"|(?P<abbreviation>[^\W\d_]{{1,5}}\.(?:-?[^\W\d_]{{1,2}}\.)?)|(?P<comma>,)"
)
_SPACES = re.compile(" *")
#: End of a word with a full stop, but of an abbreviation.
_ENDS = re.compile(r"\w{4}\.$")
_NEXT_SENTENCE = re.compile(r"\s|$")
_UNSPACED_END = re.compile(
    "です|でした|に|へ|から|まで|[\u3002\uff0c,\u3001.!?\\n]|吗|，|입니다|에|로 보|है|$"
)
_UNSPACED_STREET = re.compile(
    "\\d(?!\\d{0,3} ?(?:年|月|日|天|个|個|人|分|時|时|点|岁|歳|回|년|월|일|명|개|시|분|살|साल|दिन))"
    "|[路街道巷弄号號座栋楼室]|丁目|番地?|[길로]"
)
_UNSPACED_CITY = re.compile("^.*?(?:[省州都府県](?=.{3})|市(?=.{3}))")
_DATE_OR_AMOUNT = re.compile(
    r" ?(?:[:%\u20ac$]|(?:am|pm|uhr|h|minut\w*|hours?|days?|weeks?|months?|years?|a\u00f1os?"
    r"|jahren?|jaar|anni|anos?|ans|lat|лет|года?|y\u0131l|y\u0131ld\u0131r|tahun|tagen?"
    r"|d[i\u00ed]as?|jours?|giorni|dagen|dni|дней|g\u00fcn|stunden|heures|horas|ore|uur|people"
    r"|euros?|items?|pieces?|times|january"
    r"|february|march|april|may|june|july|august|september|october|november|december|mon|tues?"
    r"|wednes|thurs|fri|satur|sun)"
    r"(?:day)?\b)",
    re.IGNORECASE,
)
_NO_PLACE = re.compile(
    r"(?:gate|room|terminal|floor|table|seat|step|chapter|page|line|platform|zimmer|gleis|chambre"
    r"|habitaci\u00f3n|camera|quarto"
    r"|kamer|pok\u00f3j|order|level|suite|january|february|march|april|may|june|july|august"
    r"|september|october|november|december)$",
    re.IGNORECASE,
)
_MAX_ADDRESS = 90
#: Verbs of delivery, folded, and the words between them and a place.
_DELIVERIES = (
    "entreg", "envi", "mand", "sped", "invi", "consegn", "entregar", "livr", "envoy", "expedi",
    "liefer", "schick", "sende", "zustell", "bezorg", "stuur", "sturen", "wysl", "dostarcz",
    "przesl", "достав", "отправ", "пришл", "gonder", "teslim", "kirim",
)  # fmt: skip
_PREPOSITIONS = word_set(
    """
    to at a an in nach nel nella all alla al au aux à en para em na no naar op do w pod przy в на по
    ke di
    """
)
#: Number beside a word: every address with a street has it.
_NUMBERED = re.compile(
    r"\d[\w/-]{0,5}[ ,.]{1,2}[^\W\d_]|[^\W\d_][.:,]? {1,2}\d|[\u3040-\u9fff\uac00-\ud7af.:]\d"
)

#: Street without a house number: recognized only in a field of addresses.
_STREET_ALONE = re.compile(rf"(?:(?:{NAME}|{PARTICLE}) ){{1,4}}(?i:{WORDS})\b")
_HOUSE_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_POSTAL = re.compile(r"(?<!\d)\d{5,6}(?!\d)")
_POSTAL_AFTER = re.compile(
    r"[,\s]{1,3}(?:[^\W\d_][\w.'-]*,? ){0,4}?(?P<code>\d{5}(?:-\d{3,4})?|\d{4} ?[A-Z]{2}"
    r"|\d{4}(?= [^\W\d_a-z])|\d{2}-\d{3}|\d{3} \d{2,3}|\d{6}"
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![\w-])"
)
#: Comma-separated parts of an address that can contain the street, and those of a city with
#: its state.
_PARTS_WITH_STREET = 3
_CITY_AND_STATE = 2


def find_addresses(page: Page) -> Iterator[Span]:
    """Find the street addresses in a text, with the postal codes beside them."""
    found = [*_labeled(page)]
    if _NUMBERED.search(page.plain):
        found += _by_form(page)
    for start, end in found:
        yield page.span(start, end, Kind.ADDRESS)
        unit = _UNIT.match(page.text, end)
        if unit:
            yield page.span(*unit.span("unit"), Kind.ADDRESS)
        if postal := _POSTAL_AFTER.match(page.text, unit.end() if unit else end):
            yield page.span(*postal.span("code"), Kind.POSTAL_CODE)


def _by_form(page: Page) -> Iterator[tuple[int, int]]:
    unspaced = not page.text.isascii() and _CJK.search(page.text) is not None
    for form in (*_FORMS, *(_UNSPACED if unspaced else ())):
        for found in form.finditer(page.text):
            if not page.is_impersonal(*found.span()):
                yield found.span()


def _labeled(page: Page) -> Iterator[tuple[int, int]]:
    for label, end in page.reaches():
        if label.kind is Kind.ADDRESS:
            if _CJK.match(page.text, label.start):
                yield from _unspaced_value(page, label.end)
            elif _is_place(page, label, end):
                yield from _value(page, label.end, end)
    for sent in _SENT_TO.finditer(page.text):
        yield from _value(page, sent.end(), len(page.text))
    for start, end in page.signature_lines():
        if "@" not in page.text[start:end] and not page.is_impersonal(start, end):
            yield from _value(page, start, end)


def _is_place(page: Page, label: Label, end: int) -> bool:
    """Check that a verb of delivery is followed by a place: "entreguem na", not "mandami 2"."""
    if not page.lower.startswith(_DELIVERIES, label.start):
        return True
    link = _LINK.match(page.text, label.end, end)
    return link is not None and not _PREPOSITIONS.isdisjoint(link[0].lower().split())


def _value(page: Page, position: int, limit: int) -> Iterator[tuple[int, int]]:
    """Read an address before a limit: names and a number, in any order, up to its city."""
    if link := _LINK.match(page.text, position, limit):
        position = link.end()
    start = end = position
    names = numbers = units = 0
    while position - start < _MAX_ADDRESS and (token := _TOKEN.match(page.text, position)):
        complete = names and (numbers or units)
        if token["number"] and _DATE_OR_AMOUNT.match(page.lower, token.end()):
            break
        if token["comma"] and complete:
            break
        names += token["name"] is not None
        numbers += token["number"] is not None
        units += token["unit"] is not None
        position = token.end()
        if not token["comma"] and not token["particle"]:
            end = position
        if token["name"] and _ENDS.search(token[0]) and _NEXT_SENTENCE.match(page.text, position):
            break
        position = _SPACES.match(page.text, position).end()  # type: ignore[union-attr]  # matches ""
    text = page.text[start:end].rstrip(" .,")
    if names and numbers + units and not _NO_PLACE.match(text.split()[0]):
        yield start, start + len(text)


def _unspaced_value(page: Page, position: int) -> Iterator[tuple[int, int]]:
    """Read an address of Japanese, Chinese or Korean, after its city."""
    if link := _LINK_UNSPACED.match(page.text, position):
        position = link.end()
    end = _UNSPACED_END.search(page.text, position, position + _MAX_ADDRESS)
    text = page.text[position : end.start() if end else position + _MAX_ADDRESS]
    if city := _UNSPACED_CITY.match(text):
        position += city.end()
        text = text[city.end() :]
    if len(text) >= 3 and _UNSPACED_STREET.search(text):
        yield position, position + len(text)


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
