"""Cases of personas and runs."""

from tests.support.create_case import Step, case_of

_PERSONA_BODY = {"name": "Traveler", "body": "You travel for work."}

RUNS = (
    case_of(
        "/v1/personas",
        _PERSONA_BODY,
        {"body": "You never travel."},
        changes=(
            Step("PUT /v1/personas/{it}", {"name": "Renamed", "is_active": False}),
            Step("PUT /v1/personas/{it}", {"description": "A traveler"}),
        ),
    ),
)
