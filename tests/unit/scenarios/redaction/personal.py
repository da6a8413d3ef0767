"""Profile full of personal data, and the redactor of a transcript."""

from shared.sessions.transcript import Entry, UserSaid
from tests.support.captured_sessions import answered_call
from tests.support.drafting import redactor

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
PROFILE_READ: tuple[Entry, ...] = (
    UserSaid("My user ID is mia_li_3668."),
    *answered_call(1, "get_user_details", {"user_id": "mia_li_3668"}, PROFILE),
)


def redact(text: str, *entries: Entry) -> str:
    return redactor(*(entries or (UserSaid(text),))).redact(text)
