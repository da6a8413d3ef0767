"""The authorizer of every route that needs a key."""

from typing import Any

from shared.core.settings import settings
from shared.identity.authorizer import Authorizer
from shared.identity.service import identity

_authorizer: Authorizer | None = None


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    global _authorizer
    if _authorizer is None:
        _authorizer = Authorizer(identity(), settings().key_cache_seconds)
    return _authorizer.decide(event)
