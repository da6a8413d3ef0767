"""What a field of a tool's arguments or answer holds, told by its name and its neighbours."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.scenarios.redaction.kinds import Kind
from shared.scenarios.text import any_of

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[\W_]+")

_PERSON = any_of(
    "customers?", "passengers?", "contacts?", "guests?", "patients?", "users?", "profiles?",
    "recipients?", "receivers?", "senders?", "owners?", "holders?", "cardholders?", "travell?ers?",
    "callers?", "clients?", "members?", "employees?", "drivers?", "beneficiar(?:y|ies)", "payees?",
    "payers?", "attendees?", "students?", "subscribers?", "persons?", "people", "friends?",
    "doctors?", "therapists?", "tenants?", "applicants?", "buyers?", "sellers?", "spouse", "child",
    "children", "host", "renters?", "riders?", "companions?", "account_holders?",
)  # fmt: skip
_KINDS = [
    (Kind.EMAIL, r"(?:\w+_)?e?_?mails?(?:_address(?:es)?|_id)?"),
    (Kind.DATE_OF_BIRTH, r"(?:\w+_)?(?:dob|date_of_birth|birth_?dates?|birth_?day|born(?:_on)?)"),
    (
        Kind.PHONE,
        (r"(?:\w+_)?(?:(?:tele|cell_?)?phones?|mobiles?|tel|cell|fax|msisdn|whatsapp)"
        r"(?:_(?:numbers?|no|num))?"),
    ),
    (Kind.CARD, r"(?:\w+_)?(?:card_?(?:number|no|num)|pan|cc_?num(?:ber)?)"),
    (
        Kind.SECRET,
        (r"(?:\w+_)?(?:cvv2?|cvc|pin|pin_code|passwords?|passcode"
        r"|(?:security|secret)_(?:code|word|phrase|answer)s?_?\d?)"),
    ),
    (
        Kind.ACCOUNT,
        (r"(?:\w+_)?(?:iban|account_?(?:number|no|num)|acct_?(?:number|no)?|bank_account"
        r"|routing_?(?:number|no)|sort_code)"),
    ),
    (
        Kind.ID_NUMBER,
        (r"(?:\w+_)?(?:passport(?:_?(?:number|no|num|id))?|ssn|social_security(?:_number)?"
        r"|national_(?:id|insurance)(?:_number)?|tax_id|driving_licen[cs]e"
        r"|drivers?_?licen[cs]e(?:_?(?:number|no))?|known_travell?er_number|id_card(?:_number)?)"),
    ),
    (
        Kind.POSTAL_CODE,
        r"(?:\w+_)?(?:zip|zip_?code|postal_?code|post_?code)",
    ),
    (
        Kind.ADDRESS,
        (r"(?:\w+_)?(?:(?:street|home|billing|shipping|delivery|mailing|postal|pick_?up|drop_?off)_)?"
        r"(?:address(?:es)?(?:_?(?:line)?_?\d)?|street(?:_?\d|_name)?)|(?:address_)?line_?\d"),
    ),
    (
        Kind.USER_ID,
        (r"(?:user|login|customer|member|client|account|profile|passenger|owner)_?id"
        r"|(?:user|login|account|profile)_?name|user|login|handle|nick|screen_name"),
    ),
    (
        Kind.NAME,
        (r"(?:\w+_)?(?:first|last|given|family|middle|full|maiden|legal|preferred|sur)_?names?"
        r"|(?:\w+_)?nick_?name|name_on_(?:\w+_)?card|lastname|firstname"
        rf"|(?:\w+_)?{_PERSON}(?:_account)?_names?|{_PERSON}"),
    ),
]  # fmt: skip
_FIELDS = [(kind, re.compile(pattern)) for kind, pattern in _KINDS]
_PEOPLE = re.compile(rf"(?:\w+_)?{_PERSON}(?:_\w+)?")
#: Beside one of these, ``name`` is a person's: a product or a place has none.
_PERSONAL = frozenset({Kind.EMAIL, Kind.DATE_OF_BIRTH, Kind.ID_NUMBER, Kind.NAME})
_PARTS_OF_A_NAME = frozenset({"first", "last", "middle", "given", "family"})
_PLACES = re.compile(
    r"(?:\w+_)?(?:city|cities|origin|destination|location|country|state|province|area|region"
    r"|airport|station|town|from|to|departure|arrival|restaurant_name|hotel_name|place)(?:_\w+)?"
)


#: A name as a person writes it: no identifier has capitals and spaces.
_WRITTEN_NAME = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:[ '-][^\W\d_]+){0,3}")


#: What no name has: the value is an expression, or a text about somebody.
_NO_NAME = re.compile(r"[\d()\[\]{}<>=@:;|/\\\"]")
_QUOTED = re.compile(r"\"([^\"\n]{2,60})\"")


def names_held(text: str) -> list[str]:
    """Return the names in a field of names: its text, or of an expression what is quoted."""
    parts = _QUOTED.findall(text) if _NO_NAME.search(text) else [text]
    return [part for part in parts if not _NO_NAME.search(part)]


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and _WRITTEN_NAME.fullmatch(value.strip()) is not None


@lru_cache(maxsize=4096)
def words_of(key: str) -> str:
    """Return a field's name in small letters and underscores: ``dateOfBirth`` and all."""
    return _NOT_WORD.sub("_", _CAMEL.sub("_", key[:100])).strip("_").lower()


@lru_cache(maxsize=4096)
def kind_of_field(key: str) -> Kind | None:
    """Return what a field of this name holds, where the name alone tells it."""
    words = words_of(key)
    return next((kind for kind, pattern in _FIELDS if pattern.fullmatch(words)), None)


def is_place(key: str) -> bool:
    """Tell whether a field's name says that it holds a place: names of cities stay."""
    return _PLACES.fullmatch(words_of(key)) is not None


def kinds_in(values: Mapping[str, Any], parent: str) -> dict[str, Kind]:
    """Return the kinds of an object's fields by their names.

    ``parent`` is the name of the field that the object stands in, or the tool's.
    """
    found = {key: kind for key in values if (kind := kind_of_field(key)) is not None}
    for key, kind in found.items():
        # "user_name" may be what somebody logs in with, or what they are called.
        if kind is Kind.USER_ID and key.lower().endswith("name") and _is_name(values[key]):
            found[key] = Kind.NAME
    parent = words_of(parent)
    if "name" in values and (
        not _PERSONAL.isdisjoint(found.values()) or _PEOPLE.search(parent) is not None
    ):
        found["name"] = Kind.NAME
    if parent == "name" or parent.endswith("_name"):
        found |= dict.fromkeys(_PARTS_OF_A_NAME & values.keys(), Kind.NAME)
    return found
