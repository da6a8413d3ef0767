"""Field classification: kind of personal data by the names of a field and its neighbors."""

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
_KINDS = {
    Kind.EMAIL: r"(?:\w+_)?e?_?mails?(?:_address(?:es)?|_id)?",
    Kind.DATE_OF_BIRTH: (r"(?:\w+_)?(?:dob|date_of_birth|birth_?dates?|birth_?day|born(?:_on)?)"),
    Kind.PHONE: (
        r"(?:\w+_)?(?:(?:tele|cell_?)?phones?|mobiles?|tel|cell|fax|msisdn|whatsapp)"
        r"(?:_(?:numbers?|no|num))?"
    ),
    Kind.CARD: r"(?:\w+_)?(?:card_?(?:number|no|num)|pan|cc_?num(?:ber)?)",
    Kind.SECRET: (
        r"(?:\w+_)?(?:cvv2?|cvc|pin|pin_code|passwords?|passcode"
        r"|(?:security|secret)_(?:code|word|phrase|answer)s?_?\d?)"
    ),
    Kind.ACCOUNT: (
        r"(?:\w+_)?(?:iban|account_?(?:number|no|num)|acct_?(?:number|no)?|bank_account"
        r"|routing_?(?:number|no)|sort_code)"
    ),
    Kind.ID_NUMBER: (
        r"(?:\w+_)?(?:passport(?:_?(?:number|no|num|id))?|ssn|social_security(?:_number)?"
        r"|national_(?:id|insurance)(?:_number)?|tax_id|driving_licen[cs]e"
        r"|drivers?_?licen[cs]e(?:_?(?:number|no))?|known_travell?er_number|id_card(?:_number)?)"
    ),
    Kind.POSTAL_CODE: r"(?:\w+_)?(?:zip|zip_?code|postal_?code|post_?code)",
    Kind.ADDRESS: (
        r"(?:\w+_)?(?:(?:street|home|billing|shipping|delivery|mailing|postal|pick_?up|drop_?off)_)?"
        r"(?:address(?:es)?(?:_?(?:line)?_?\d)?|street(?:_?\d|_name)?)|(?:address_)?line_?\d"
    ),
    Kind.USER_ID: (
        r"(?:user|login|customer|member|client|account|profile|passenger|owner)_?id"
        r"|(?:user|login|account|profile)_?name|user|login|handle|nick|screen_name"
    ),
    Kind.NAME: (
        r"(?:\w+_)?(?:first|last|given|family|middle|full|maiden|legal|preferred|sur)_?names?"
        r"|(?:\w+_)?nick_?name|name_on_(?:\w+_)?card|lastname|firstname"
        rf"|(?:\w+_)?{_PERSON}(?:_account)?_names?|{_PERSON}"
    ),
}
_FIELDS = [(kind, re.compile(pattern)) for kind, pattern in _KINDS.items()]
_PEOPLE = re.compile(rf"(?:\w+_)?{_PERSON}(?:_\w+)?")
#: Kinds whose presence makes ``name`` a person's: a product or a place has none of them.
_PERSONAL = frozenset({Kind.EMAIL, Kind.DATE_OF_BIRTH, Kind.ID_NUMBER, Kind.NAME})
_NAME_PARTS = frozenset({"first", "last", "middle", "given", "family"})
_PLACES = re.compile(
    r"(?:\w+_)?(?:city|cities|origin|destination|location|country|state|province|area|region"
    r"|airport|station|town|from|to|departure|arrival|restaurant_name|hotel_name|place)(?:_\w+)?"
)
#: Name of a person as written; identifiers have no capitals and spaces.
_WRITTEN_NAME = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:[ '-][^\W\d_]+){0,3}")
#: Characters that no name has: the value is an expression or a longer text.
_NO_NAME = re.compile(r"[\d()\[\]{}<>=@:;|/\\\"]")
_QUOTED = re.compile(r"\"([^\"\n]{2,60})\"")


def parse_names(text: str) -> list[str]:
    """Return the names in a field of names: its text, or the quotations of an expression."""
    parts = _QUOTED.findall(text) if _NO_NAME.search(text) else [text]
    return [part for part in parts if not _NO_NAME.search(part)]


def _is_written_name(value: Any) -> bool:
    return isinstance(value, str) and _WRITTEN_NAME.fullmatch(value.strip()) is not None


@lru_cache(maxsize=4096)
def snake_case(key: str) -> str:
    """Return a field's name in snake case."""
    return _NOT_WORD.sub("_", _CAMEL.sub("_", key[:100])).strip("_").lower()


@lru_cache(maxsize=4096)
def classify_field(key: str) -> Kind | None:
    """Return the kind of a field by its name alone, or None."""
    name = snake_case(key)
    return next((kind for kind, pattern in _FIELDS if pattern.fullmatch(name)), None)


def is_place_field(key: str) -> bool:
    """Check whether a field holds a place: names of cities are not redacted."""
    return _PLACES.fullmatch(snake_case(key)) is not None


def classify_fields(values: Mapping[str, Any], parent: str) -> dict[str, Kind]:
    """Return the kinds of an object's fields.

    ``parent`` is the name of the field that contains the object, or of the tool.
    """
    found = {key: kind for key in values if (kind := classify_field(key)) is not None}
    for key, kind in found.items():
        # "user_name" is a login or a person's name.
        if kind is Kind.USER_ID and key.lower().endswith("name") and _is_written_name(values[key]):
            found[key] = Kind.NAME
    parent = snake_case(parent)
    if "name" in values and (
        not _PERSONAL.isdisjoint(found.values()) or _PEOPLE.search(parent) is not None
    ):
        found["name"] = Kind.NAME
    if parent == "name" or parent.endswith("_name"):
        found |= dict.fromkeys(_NAME_PARTS & values.keys(), Kind.NAME)
    return found
