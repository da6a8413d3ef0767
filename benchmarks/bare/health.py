"""GET /health."""

from typing import Any

from common import Event, lambda_handler
from pydantic import BaseModel


class Health(BaseModel):
    status: str = "ok"


def health(_event: Event) -> Health:
    return Health()


handler: Any = lambda_handler(health, 200)
