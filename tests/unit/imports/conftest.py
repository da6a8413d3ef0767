"""Requests of imports, and uploads into moto's bucket."""

from typing import Any

import pytest

from tests.support.gateway import Gateway
from tests.support.imports import known

URL = "/v1/sessions/import"


@pytest.fixture
def api(api: Gateway) -> Gateway:
    """The API of an organization that is stored, as its API keys need."""
    return known(api)


def text(role: str, content: Any) -> dict[str, Any]:
    return {"role": role, "content": content}


HELLO: dict[str, Any] = {"id": "one", "messages": [text("user", "Hi"), text("assistant", "Hello")]}
