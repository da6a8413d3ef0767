"""Security schemes of an OpenAPI document: how a request carries the organization's secret."""

import base64
from dataclasses import dataclass
from typing import Any

from shared.agents.remote_capabilities import carries_secrets
from shared.agents.tools.openapi_schema import Document, invalid


@dataclass(frozen=True, slots=True)
class Credential:
    """Header or query parameter that carries a secret; ``prefix`` is Bearer, Basic or empty."""

    location: str
    name: str
    prefix: str = ""

    def value(self, secret: str) -> str:
        """Return the header or parameter for a secret; of Basic it is ``user:password``."""
        if self.prefix == "Basic":
            secret = base64.b64encode(secret.encode()).decode()
        return f"{self.prefix} {secret}" if self.prefix else secret


BEARER = Credential("header", "Authorization", "Bearer")


def credential_of(document: Document, operation: dict[str, Any]) -> Credential | None:
    """Return how an operation authenticates; None for one that is public.

    The first scheme that a secret can serve counts; a document that declares none gets a Bearer
    token. Raises :class:`~shared.agents.tools.remote_failure.RemoteFailed`.
    """
    required = operation.get("security", document.root.get("security"))
    components = document.root.get("components")
    declared = components.get("securitySchemes") if isinstance(components, dict) else None
    schemes = declared if isinstance(declared, dict) else {}
    if not isinstance(required, list):
        return _first(document, list(schemes.values())) if schemes else BEARER
    if not any(required):
        return None
    names = [name for one in required if isinstance(one, dict) for name in one]
    return _first(document, [schemes[name] for name in names if name in schemes])


def _first(document: Document, schemes: list[Any]) -> Credential:
    for value in schemes:
        found = _credential(document.resolve(value))
        if found is not None:
            return found
    raise invalid("declares no security scheme that one secret serves: bearer, basic or apiKey")


def _credential(scheme: dict[str, Any]) -> Credential | None:
    kind, name = scheme.get("type"), scheme.get("name")
    if kind in ("oauth2", "openIdConnect"):
        return BEARER
    prefix = str(scheme.get("scheme", "")).capitalize()
    if kind == "http" and prefix in ("Bearer", "Basic"):
        return Credential("header", "Authorization", prefix)
    if kind == "apiKey" and isinstance(name, str):
        is_header = scheme.get("in") == "header" and carries_secrets(name)
        if is_header or scheme.get("in") == "query":
            return Credential(scheme["in"], name)
    return None
