"""Keys through the API, in this process."""

from typing import Any

from tests.support.gateway import Answer, Gateway

KEYS = "/v1/identity/api-keys"


def create(api: Gateway, **fields: Any) -> Answer:
    headers = fields.pop("headers", None)
    return api("POST", KEYS, {"name": "robot"} | fields, headers=headers)
