"""Personal data of a conversation, found independently of the redaction.

It is recognized by the fields of the tools' arguments and answers, by simple forms in any
text, and by introductions. A draft's texts are searched for all its notations.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from shared.scenarios.drafting.domain import Draft
from shared.sessions.transcript import AssistantSaid, ToolAnswered, ToolCalled, Transcript, UserSaid

_PERSON = (
    "first|last|full|given|family|middle|customer|passenger|patient|guest|host|renter|driver"
    "|doctor|therapist|contact|user|owner|holder|receiver|sender|caller|client|member"
)
_NAME = re.compile(rf"(?:\w+_)?(?:{_PERSON})_name")
_FIELD = re.compile(
    r"(?:\w+_)?(?:e?mail|phone|phone_number|mobile|dob|date_of_birth|birthday|address\d?"
    r"|street_address|zip|zip_code|postal_code|card_number|account_number|iban|passport"
    r"|passport_number|ssn|user_id|pin|password|security_answer\d?|cvv)"
)
#: Fields whose presence makes "name" a person's.
_PERSONAL = frozenset({"email", "dob", "date_of_birth"})
_EMAIL = re.compile(r"\S+@\S+\.\w+")
_PHONE = re.compile(r"(?<!\d)(?:\+?1[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}(?!\d)")
_STREET = re.compile(
    r"\b\d+ (?:[A-Z0-9][\w'.]* ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard"
    r"|Blvd|Court|Way|Highway|Parkway|Place)\b"
)
_INTRODUCED = re.compile(r"(?i:\bmy (?:full )?name is|\bname:) +([A-Z]\w+(?: [A-Z]\w+){0,2})")
_CITY = re.compile(r"(?:\w+_)?(?:city|state|country)")
_NOTHING = frozenset({"", "null", "none"})
#: Minimum letters of a name part.
_PART = 3
#: Minimum digits of a number that is found in any grouping.
_GROUPED = 7


def personal_data(transcript: Transcript) -> set[str]:
    """Return the pieces of personal data in a conversation."""
    found: set[str] = set()
    cities: set[str] = set()
    for entry in transcript.entries:
        if isinstance(entry, ToolCalled):
            found.update(_pieces(entry.arguments))
            cities.update(_cities(entry.arguments))
        elif isinstance(entry, ToolAnswered):
            found.update(_pieces(entry.output))
        elif isinstance(entry, UserSaid | AssistantSaid):
            found.update(_by_form(entry.text))
            if isinstance(entry, UserSaid):
                for name in _INTRODUCED.findall(entry.text):
                    found.update(_parts(name))
    # A requested city is not a person with the same name.
    return found - cities


def leaked(data: set[str], draft: Draft) -> set[str]:
    """Return the pieces in the texts of a draft."""
    return found_in(data, f"{draft.name}\n{draft.intent}\n{draft.journey}")


def found_in(data: set[str], text: str) -> set[str]:
    """Return the pieces in a text, in any notation."""
    digits = re.sub(r"(?<=\d)[ ().-]{1,2}(?=\d)", "", text)
    plain = re.sub(r"\s+", " ", text)
    return {
        piece
        for piece in data
        if any(_has_word(plain, one) for one in _notations(piece))
        or (_is_number(piece) and re.sub(r"\D", "", piece) in digits)
    }


def _has_word(text: str, piece: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", text) is not None


def _is_number(piece: str) -> bool:
    return sum(map(str.isdigit, piece)) >= _GROUPED and not re.search(r"[^\d\s()+.-]", piece)


def _notations(piece: str) -> Iterator[str]:
    """Yield a piece unchanged, and a date in its usual notations."""
    yield re.sub(r"\s+", " ", piece)
    try:
        day = date.fromisoformat(piece)
    except ValueError:
        return
    for month in (f"{day:%B}", f"{day:%b}"):
        for number in (f"{day.day}", f"{day.day}th", f"{day.day}st", f"{day.day}nd"):
            yield f"{month} {number}, {day.year}"
            yield f"{number} {month} {day.year}"
    for first, second in ((day.month, day.day), (day.day, day.month)):
        yield f"{first}/{second}/{day.year}"
        yield f"{first:02d}/{second:02d}/{day.year}"


def _pieces(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        names = {name: _words(str(name)) for name in value}
        person = not _PERSONAL.isdisjoint(names.values())
        parts = [value.get("first_name"), value.get("last_name")]
        if all(isinstance(part, str) and part for part in parts):
            yield " ".join(map(str, parts))
        for name, inner in value.items():
            scalar = isinstance(inner, str | int) and not isinstance(inner, bool)
            if scalar and (_NAME.fullmatch(names[name]) or (person and names[name] == "name")):
                yield from _parts(str(inner))
            elif scalar and _FIELD.fullmatch(names[name]) and str(inner) not in _NOTHING:
                yield str(inner)
            else:
                yield from _pieces(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _pieces(inner)
    elif isinstance(value, str):
        yield from _pieces_of_text(value)


def _cities(arguments: Any) -> Iterator[str]:
    for name, value in arguments.items() if isinstance(arguments, dict) else ():
        if isinstance(value, str) and _CITY.fullmatch(_words(name)):
            yield value


def _pieces_of_text(text: str) -> Iterator[str]:
    if text[:1] in ("{", "["):
        try:
            yield from _pieces(json.loads(text))
        except ValueError:
            return
    else:
        yield from _by_form(text)


def _by_form(text: str) -> Iterator[str]:
    for form in (_EMAIL, _PHONE, _CARD, _STREET):
        for found in form.findall(text):
            yield found.strip("\"'(),.:;<>*`!?")


def _parts(name: str) -> Iterator[str]:
    """Yield a name and its parts."""
    name = name.strip()
    if len(name) >= _PART and name[0].isupper():
        yield name
        parts = re.findall(r"[A-Z][^\W\d_]+", name)
        yield from (part for part in parts if len(part) >= _PART)


def _words(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower()
