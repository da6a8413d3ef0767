"""Checksums of card and account numbers, made and checked with python-stdnum."""

import re

from stdnum import iban, luhn
from stdnum.iso7064 import mod_97_10

#: ISO/IEC 7812: a card number has 13 to 19 digits in practice (the standard allows 8 to 19).
CARD_DIGITS = range(13, 20)
#: First digits of the issuers, with the lengths of their cards.
_ISSUERS = re.compile(
    r"(?:4\d{15}(?:\d{3})?|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3[0689]\d{12}(?:\d{2})?"
    r"|35\d{14}|6\d{15}(?:\d{3})?|(?:50|5[6-9]|6\d)\d{14}(?:\d{2,3})?)$"
)


def luhn_digit(digits: str) -> str:
    """Return the Luhn check digit of a number (ISO/IEC 7812-1)."""
    return luhn.calc_check_digit(digits)


def is_card(digits: str) -> bool:
    """Check the length and checksum of a card number."""
    return (
        len(digits) in CARD_DIGITS
        and _ISSUERS.match(digits) is not None
        and len(set(digits)) > 1
        and luhn.is_valid(digits)
    )


def iban_digits(country: str, account: str) -> str:
    """Return the two check digits of an IBAN (ISO 13616: mod 97 of ISO 7064)."""
    return mod_97_10.calc_check_digits(account + country)


def is_iban(text: str) -> bool:
    """Check an IBAN in capitals, without spaces; not the numbers of banks in it."""
    return text.isascii() and text.isalnum() and iban.is_valid(text, check_country=False)
