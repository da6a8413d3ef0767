"""The authorizer of every route that needs a key."""

import os
from functools import cache
from typing import Any

from shared.core.settings import settings
from shared.identity.authorizer import Authorizer
from shared.identity.service import identity


@cache
def _authorizer() -> Authorizer:
    return Authorizer(identity(), settings().key_cache_seconds)


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ and "TABLE_NAME" in os.environ:
    _authorizer()  # while start-up has a whole processor


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return _authorizer().decide(event)
