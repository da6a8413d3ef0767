"""Authorizer of every route that needs an API key."""

import os
from typing import Any

from shared.identity.authorization.wiring import authorizer

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ and "TABLE_NAME" in os.environ:
    authorizer()  # during INIT, which runs with a full vCPU


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return authorizer().authorize(event)
