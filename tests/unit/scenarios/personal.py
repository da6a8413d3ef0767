"""A profile full of personal data, and what redaction makes of conversations."""

from shared.scenarios.redaction.redaction import Redaction
from shared.sessions.models import SessionKind
from shared.sessions.transcript import (
    Entry,
    ToolAnswered,
    ToolCalled,
    Transcript,
    UserSaid,
)

PROFILE = {
    "name": {"first_name": "Mia", "last_name": "Li"},
    "address": {
        "address1": "975 Sunset Drive",
        "address2": "Suite 217",
        "city": "Austin",
        "zip": "78750",
    },
    "email": "mia.li3818@mail.test",
    "dob": "1990-04-05",
    "phone": "4155552671",
    "card_number": "4111 1111 1111 1111",
    "iban": "GB82WEST12345698765432",
    "saved_passengers": [{"first_name": "Amelia", "last_name": "Ahmed", "dob": "1957-03-21"}],
    "reservations": ["NO6JO3"],
}


def transcript(*entries: Entry) -> Transcript:
    return Transcript(kind=SessionKind.AGENT, entries=entries)


def redaction(*entries: Entry) -> Redaction:
    return Redaction.of(transcript(*entries))


def told(text: str, *entries: Entry) -> str:
    return redaction(*(entries or (UserSaid(text),))).told(text)


PROFILE_READ: tuple[Entry, ...] = (
    UserSaid("My user ID is mia_li_3668."),
    ToolCalled(1, "get_user_details", {"user_id": "mia_li_3668"}),
    ToolAnswered(1, "get_user_details", PROFILE),
)
