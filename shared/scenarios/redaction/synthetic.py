"""Stable synthetic values of the same form, in place of personal data in a replayed world.

Chosen by a hash over the value and a salt of the session: the same session always gets the
same ones, and nothing has to be remembered between drafts. No two values of a session get
the same one, so that whatever differed in the session differs in its world.
"""

import hashlib
import re
from collections.abc import Callable, Sequence

from shared.scenarios.redaction.checksums import iban_digits, is_card, is_iban, luhn_digit
from shared.scenarios.redaction.dates import Day, dates_in, other_day
from shared.scenarios.redaction.kinds import Kind
from shared.scenarios.redaction.people import People
from shared.scenarios.redaction.pools import FAMILY_NAMES, GIVEN_NAMES, STREET_NAMES, STREET_WORDS

#: A date of birth in its normal form; a mistyped one has another.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LETTERS = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_RUN = re.compile(r"[^\W\d_]+|\d+")
#: "14th" in "14th Street" is its name.
_STREET = re.compile(r"\d+(?:st|nd|rd|th)\b|[^\W\d_]+|\d+", re.IGNORECASE)
_STREET_WORD = re.compile(r"[^\W\d_]{2,}")
_PARTICLES = frozenset(
    {"van", "von", "de", "der", "den", "del", "di", "da", "la", "al", "el", "bin"}
)
#: Domains that are set aside for examples (RFC 2606) stay.
_EXAMPLES = frozenset({"example.com", "example.org", "example.net"})
_TRIES = 64


class Synthetic:
    """Makes synthetic values for one session."""

    def __init__(self, salt: str, people: People) -> None:
        self._salt = salt
        self._people = people
        self._made: dict[tuple[str, str], str] = {}
        self._taken: set[tuple[str, str]] = set()

    def like(self, kind: Kind, text: str, value: str) -> str:
        """Return what stands for a piece of data that is written like this.

        ``value`` is its normal form: the digits of a number are the same with other spaces.
        """
        if kind is Kind.NAME:
            return self.name(text)
        if kind is Kind.DATE_OF_BIRTH:
            return self._date(text, value)
        if kind is Kind.ADDRESS:
            return self._address(text, value)
        if kind is Kind.EMAIL:
            return self._once(kind, value, lambda seed, _: self._email(text, seed))
        if kind is Kind.USER_ID:
            return self._once(kind, value, lambda seed, _: self._identifier(text, seed))
        made = self._once(kind, value, lambda seed, _: _number(kind, value, seed))
        return _laid_over(text, made)

    def name(self, text: str) -> str:
        """Return a name with every part of it replaced, each always by the same."""
        return _LETTERS.sub(lambda found: self._part(found[0]), text)

    def _part(self, word: str) -> str:
        small = word.lower()
        if small in _PARTICLES or len(word) == 1:
            return word
        pool = FAMILY_NAMES if self._people.is_family_name(small) else GIVEN_NAMES
        made = self._once(Kind.NAME, small, lambda seed, attempt: self._unused(pool, seed, attempt))
        if word.isupper() and len(word) > 1:
            return made.upper()
        return made.lower() if word[0].islower() else made

    def _unused(self, pool: Sequence[str], seed: int, attempt: int) -> str:
        """Return a name that nobody in the session has; two in one where a pool runs out."""
        rest, place = divmod(seed, len(pool))
        if attempt < _TRIES // 2 and not self._people.knows(pool[place]):
            return pool[place]
        return f"{pool[place]}-{pool[rest % len(pool)]}"

    def _once(self, kind: Kind, value: str, make: Callable[[int, int], str]) -> str:
        """Make a value the first time, with another seed where it is taken or the same."""
        known = self._made.get((kind, value))
        if known is not None:
            return known
        made = value
        for attempt in range(_TRIES):
            made = make(self._seed(kind, value, attempt), attempt)
            if made.lower() != value.lower() and (kind, made.lower()) not in self._taken:
                break
        self._taken.add((kind, made.lower()))
        self._made[kind, value] = made
        return made

    def _seed(self, kind: str, value: str, attempt: int) -> int:
        of = f"{self._salt}\0{kind}\0{value}\0{attempt}"
        digest = hashlib.sha256(of.encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest, "big")

    def _identifier(self, text: str, seed: int) -> str:
        """Return an identifier with its letters as names, and its digits as others."""

        def other(found: re.Match[str]) -> str:
            if found[0].isdigit():
                return _digits(found[0], seed)
            known = self._people.knows(found[0]) or len(found[0]) > 1
            return self._part(found[0]) if known else found[0]

        return _RUN.sub(other, text)

    def _email(self, text: str, seed: int) -> str:
        local, _, domain = text.rpartition("@")
        kept = domain.lower() in _EXAMPLES
        return f"{self._identifier(local, seed)}@{domain if kept else 'example.com'}"

    def _address(self, text: str, value: str) -> str:
        def make(seed: int, _: int) -> str:
            named = False

            def other(found: re.Match[str]) -> str:
                nonlocal named
                if found[0].isdigit():
                    return _digits(found[0], seed >> found.start())
                if found[0].lower() in STREET_WORDS or len(found[0]) == 1:
                    return found[0]
                if named:
                    return ""
                named = True
                return STREET_NAMES[seed % len(STREET_NAMES)]

            made = " ".join(_STREET.sub(other, text).split())
            if made == text:  # "West Quay Road" has no word that is only its name
                made = _STREET_WORD.sub(STREET_NAMES[seed % len(STREET_NAMES)], made, count=1)
            return made

        return self._once(Kind.ADDRESS, value, make)

    def _date(self, text: str, value: str) -> str:
        if not _DAY.fullmatch(value):
            return self._once(Kind.DATE_OF_BIRTH, value, lambda seed, _: _characters(text, seed))
        day = self.day(value)
        written = next(iter(dates_in(text)), None)
        if written is None:
            year, month, number = day
            compact = f"{year or 2000:04d}{month:02d}{number:02d}"
            return _laid_over(text, compact)
        made = written.rewritten(day)
        return text[: written.match.start()] + made + text[written.match.end() :]

    def day(self, value: str) -> Day:
        """Return the day that stands for a date of birth, by its normal form."""
        year, month, day = (int(part) for part in value.split("-"))
        born: Day = (year or None, month, day)
        made = self._once(
            Kind.DATE_OF_BIRTH,
            value,
            lambda seed, _: "-".join(str(part or 0) for part in other_day(born, seed)),
        )
        year, month, day = (int(part) for part in made.split("-"))
        return year or None, month, day


def _number(kind: Kind, value: str, seed: int) -> str:
    """Return other digits and letters in place of those of a number, its checksum kept."""
    if kind is Kind.CARD:
        made = value[0] + _digits(value[1:], seed, nought=True)
        return made[:-1] + luhn_digit(made[:-1]) if is_card(value) else made
    if kind is Kind.ACCOUNT and is_iban(value.upper()):
        account = _characters(value[4:], seed).upper()
        return value[:2] + iban_digits(value[:2].upper(), account) + account.lower()
    if kind is Kind.PHONE and len(value) == 10:
        # 555 is set aside in every area of North America: it reaches nobody.
        return _digits(value[:3], seed) + "555" + _digits(value[6:], seed // 7, nought=True)
    if kind is Kind.PHONE and len(value) > 10:
        return value[:2] + _digits(value[2:], seed, nought=True)
    return _characters(value, seed)


def _digits(old: str, seed: int, *, nought: bool = False) -> str:
    """Return as many digits; the first is none that a number cannot begin with."""
    made = ""
    for place, digit in enumerate(old):
        seed, number = divmod(seed, 10)
        if place == 0 and not nought:
            number = 0 if digit == "0" and len(old) > 1 else 2 + number % 8
        made += str(number)
    return made


def _characters(old: str, seed: int) -> str:
    made = ""
    for character in old:
        if character.isdigit():
            seed, number = divmod(seed, 10)
            made += str(number)
        elif character.isalpha() and character.isascii():
            seed, number = divmod(seed, 26)
            made += chr(ord("a") + number)
        else:
            made += character
    return made


def _laid_over(text: str, made: str) -> str:
    """Write letters and digits in the form of a text: its marks, spaces and capitals stay.

    Where the text has more of them than the value, as a number with its country code, what
    is in front stays.
    """
    room = sum(character.isalnum() for character in text)
    rest = iter(made[-room:] if room < len(made) else made)
    kept = max(0, room - len(made))
    out = ""
    for character in text:
        if not character.isalnum():
            out += character
        elif kept:
            kept -= 1
            out += character
        else:
            new = next(rest)
            out += new.upper() if character.isupper() else new
    return out
