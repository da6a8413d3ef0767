"""Pseudonyms: stable synthetic values of the same form as the personal data of a mock world.

A hash of the value and a salt of the session selects them: repeated drafts of a session are
equal without stored state. Different values of a session have different pseudonyms, so that
they still differ in its mock world.
"""

import hashlib
import re
from collections.abc import Callable, Sequence

from shared.scenarios.redaction.forms.checksums import iban_digits, is_card, is_iban, luhn_digit
from shared.scenarios.redaction.forms.dates import Day, find_dates, shift_day
from shared.scenarios.redaction.kinds import Kind
from shared.scenarios.redaction.names.people import People
from shared.scenarios.redaction.pools import FAMILY_NAMES, GIVEN_NAMES, STREET_NAMES, STREET_WORDS

#: Normal form of a valid date of birth.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LETTERS = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_RUN = re.compile(r"[^\W\d_]+|\d+")
#: "14th" is the name in "14th Street".
_STREET = re.compile(r"\d+(?:st|nd|rd|th)\b|[^\W\d_]+|\d+", re.IGNORECASE)
_STREET_WORD = re.compile(r"[^\W\d_]{2,}")
_PARTICLES = frozenset(
    {"van", "von", "de", "der", "den", "del", "di", "da", "la", "al", "el", "bin"}
)
#: Example domains (RFC 2606), which are not replaced.
_EXAMPLES = frozenset({"example.com", "example.org", "example.net"})
_MAC = re.compile(r"(?:[\dA-Fa-f]{2}[:-]){5}[\dA-Fa-f]{2}|(?:[\dA-Fa-f]{4}\.){2}[\dA-Fa-f]{4}")
_TRIES = 64


class Pseudonyms:
    """Pseudonyms of one session."""

    def __init__(self, salt: str, people: People) -> None:
        self._salt = salt
        self._people = people
        self._assigned: dict[tuple[str, str], str] = {}
        self._taken: set[tuple[str, str]] = set()

    def get(self, kind: Kind, text: str, value: str) -> str:
        """Return the pseudonym of a piece of data, in the notation of its text.

        ``value`` is its normal form: all notations of a value have the same pseudonym.
        """
        if kind is Kind.NAME:
            return self._name(text)
        if kind is Kind.DATE_OF_BIRTH:
            return self._date(text, value)
        if kind is Kind.ADDRESS:
            return self._address(text, value)
        generate = self._whole_values().get(kind)
        if generate and not text.isdigit():  # a number stays one
            return self._once(kind, value, lambda seed, _: generate(text, seed))
        number = self._once(kind, value, lambda seed, _: _number(kind, value, seed))
        return _overlay(text, number)

    def _whole_values(self) -> dict[Kind, Callable[[str, int], str]]:
        """Return the generators of the kinds whose values have no notation of their own."""
        return {
            Kind.EMAIL: self._email,
            Kind.USER_ID: self._identifier,
            Kind.CREDENTIAL: self._credential,
            Kind.NETWORK_ADDRESS: _network_address,
        }

    def _credential(self, _: str, __: int) -> str:
        """Return a text that is visibly no credential, numbered within the session."""
        known = sum(kind == Kind.CREDENTIAL for kind, _ in self._assigned)
        return f"redacted-credential-{known + 1}"

    def _name(self, text: str) -> str:
        """Replace every part of a name, each by its own pseudonym."""
        return _LETTERS.sub(lambda found: self._part(found[0]), text)

    def _part(self, word: str) -> str:
        lower = word.lower()
        if lower in _PARTICLES or len(word) == 1:
            return word
        pool = FAMILY_NAMES if self._people.is_family_name(lower) else GIVEN_NAMES
        name = self._once(Kind.NAME, lower, lambda seed, attempt: self._unused(pool, seed, attempt))
        if word.isupper():
            return name.upper()
        return name.lower() if word[0].islower() else name

    def _unused(self, pool: Sequence[str], seed: int, attempt: int) -> str:
        """Return a name that nobody in the session has; a double name if the pool runs out."""
        rest, index = divmod(seed, len(pool))
        if attempt < _TRIES // 2 and not self._people.is_name_part(pool[index]):
            return pool[index]
        return f"{pool[index]}-{pool[rest % len(pool)]}"

    def _once(self, kind: Kind, value: str, generate: Callable[[int, int], str]) -> str:
        """Return the assigned pseudonym, or generate one that is new and unused."""
        assigned = self._assigned.get((kind, value))
        if assigned is not None:
            return assigned
        pseudonym = value
        for attempt in range(_TRIES):
            pseudonym = generate(self._seed(kind, value, attempt), attempt)
            lower = pseudonym.lower()
            if lower != value.lower() and (kind, lower) not in self._taken:
                break
        self._taken.add((kind, pseudonym.lower()))
        self._assigned[kind, value] = pseudonym
        return pseudonym

    def _seed(self, kind: str, value: str, attempt: int) -> int:
        hashed = f"{self._salt}\0{kind}\0{value}\0{attempt}"
        digest = hashlib.sha256(hashed.encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest, "big")

    def _identifier(self, text: str, seed: int) -> str:
        """Return an identifier with its names and digits replaced."""

        def replace(found: re.Match[str]) -> str:
            if found[0].isdigit():
                return _digits(found[0], seed)
            return self._part(found[0])

        return _RUN.sub(replace, text)

    def _email(self, text: str, seed: int) -> str:
        local, _, domain = text.rpartition("@")
        domain = domain if domain.lower() in _EXAMPLES else "example.com"
        return f"{self._identifier(local, seed)}@{domain}"

    def _address(self, text: str, value: str) -> str:
        def generate(seed: int, _: int) -> str:
            named = False

            def replace(found: re.Match[str]) -> str:
                nonlocal named
                if found[0].isdigit():
                    return _digits(found[0], seed >> found.start())
                if found[0].lower() in STREET_WORDS or len(found[0]) == 1:
                    return found[0]
                if named:
                    return ""
                named = True
                return STREET_NAMES[seed % len(STREET_NAMES)]

            street = " ".join(_STREET.sub(replace, text).split())
            if street == text:  # "West Quay Road" has no word that is only a name
                street = _STREET_WORD.sub(STREET_NAMES[seed % len(STREET_NAMES)], street, count=1)
            return street

        return self._once(Kind.ADDRESS, value, generate)

    def _date(self, text: str, value: str) -> str:
        if not _DAY.fullmatch(value):
            return self._once(Kind.DATE_OF_BIRTH, value, lambda seed, _: _characters(text, seed))
        day = self._day(value)
        written = next(iter(find_dates(text)), None)
        if written is None:
            year, month, number = day
            compact = f"{year or 2000:04d}{month:02d}{number:02d}"
            return _overlay(text, compact)
        return text[: written.match.start()] + written.rewrite(day) + text[written.match.end() :]

    def _day(self, value: str) -> Day:
        """Return the pseudonym of a date of birth, by its normal form."""
        year, month, day = (int(part) for part in value.split("-"))
        born: Day = (year or None, month, day)
        shifted = self._once(
            Kind.DATE_OF_BIRTH,
            value,
            lambda seed, _: "-".join(str(part or 0) for part in shift_day(born, seed)),
        )
        year, month, day = (int(part) for part in shifted.split("-"))
        return year or None, month, day


def _number(kind: Kind, value: str, seed: int) -> str:
    """Return a number with other digits and letters and a valid checksum."""
    if kind is Kind.CARD:
        card = value[0] + _digits(value[1:], seed, leading_zero=True)
        return card[:-1] + luhn_digit(card[:-1]) if is_card(value) else card
    if kind is Kind.ACCOUNT and is_iban(value.upper()):
        account = _characters(value[4:], seed).upper()
        return value[:2] + iban_digits(value[:2].upper(), account) + account.lower()
    if kind is Kind.PHONE and len(value) == 10 and value[0] not in "01":
        # 555 is reserved for fiction in North America.
        return _digits(value[:3], seed) + "555" + _digits(value[6:], seed // 7, leading_zero=True)
    if kind is Kind.PHONE and len(value) > 10:
        return value[:2] + _digits(value[2:], seed, leading_zero=True)
    if kind is Kind.PHONE:
        return _digits(value, seed)
    return _characters(value, seed)


def _network_address(text: str, seed: int) -> str:
    """Return an address for documentation: of RFC 7042, RFC 3849 or RFC 5737."""
    if _MAC.fullmatch(text):
        mark = text[2] if text[2] in ":-" else "."
        pairs = ["00", "00", "5e", "00", "53", f"{seed % 256:02x}"]
        if mark == ".":
            return ".".join(a + b for a, b in zip(pairs[::2], pairs[1::2], strict=True))
        return mark.join(pairs)
    if ":" in text:
        return f"2001:db8::{seed % 0xFFFF + 1:x}"
    network = ("192.0.2", "198.51.100", "203.0.113")[seed // 256 % 3]
    return f"{network}.{seed % 254 + 1}"


def _digits(old: str, seed: int, *, leading_zero: bool = False) -> str:
    """Return as many digits; the first is 0 only if the old one is."""
    digits = ""
    for position, digit in enumerate(old):
        seed, number = divmod(seed, 10)
        if position == 0 and not leading_zero:
            number = 0 if digit == "0" and len(old) > 1 else 2 + number % 8
        digits += str(number)
    return digits


def _characters(old: str, seed: int) -> str:
    new = ""
    for character in old:
        if character.isdigit():
            seed, number = divmod(seed, 10)
            new += str(number)
        elif character.isalpha() and character.isascii():
            seed, number = divmod(seed, 26)
            new += chr(ord("a") + number)
        else:
            new += character
    return new


def _overlay(text: str, value: str) -> str:
    """Return a value with the punctuation, spaces and capitals of a text.

    If the text has more letters and digits than the value, such as a country code, its first
    ones stay; letters between digits, as of an extension, stay too.
    """
    takes = str.isdigit if value.isdigit() else str.isalnum
    room = sum(map(takes, text))
    rest = iter(value[-room:] if room < len(value) else value)
    unchanged = max(0, room - len(value))
    result = ""
    for character in text:
        if not takes(character):
            result += character
        elif unchanged:
            unchanged -= 1
            result += character
        else:
            new = next(rest)
            result += new.upper() if character.isupper() else new
    return result
