"""Checksums of card and account numbers.

docs/decisions/0014-own-redaction.md compares them with a library.
"""

#: ISO/IEC 7812: a card number has 13 to 19 digits in practice (the standard allows 8 to 19).
CARD_DIGITS = range(13, 20)
#: ISO 13616: at most 34 characters; the shortest in use (Norway) has 15.
IBAN_LENGTH = range(15, 35)


def luhn_digit(digits: str) -> str:
    """Return the Luhn check digit of a number (ISO/IEC 7812-1)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if position % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def is_card(digits: str) -> bool:
    """Check the length and checksum of a card number."""
    return (
        len(digits) in CARD_DIGITS
        and digits[0] in "23456"
        and len(set(digits)) > 1
        and luhn_digit(digits[:-1]) == digits[-1]
    )


def iban_digits(country: str, account: str) -> str:
    """Return the two check digits of an IBAN (ISO 13616: mod 97 of ISO 7064)."""
    return f"{98 - _number(account + country + '00') % 97:02d}"


def is_iban(text: str) -> bool:
    """Check an IBAN in capitals, without spaces."""
    return (
        len(text) in IBAN_LENGTH
        and text.isascii()
        and text.isalnum()
        and text[:2].isalpha()
        and text[2:4].isdigit()
        and _number(text[4:] + text[:4]) % 97 == 1
    )


def _number(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text))
