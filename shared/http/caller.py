"""Caller of a request: read from the authorizer's context, and checked for a scope."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from shared.core.errors import Forbidden
from shared.core.ids import ApiKeyId, OrganizationId
from shared.core.scopes import KeyScope, permitted


@dataclass(frozen=True, slots=True)
class Caller:
    """The API key that authenticated the request, and its organization."""

    organization_id: OrganizationId
    key_id: ApiKeyId
    key_name: str
    scopes: frozenset[str]

    @classmethod
    def of(cls, request: Request) -> "Caller":
        context = request.scope["aws.event"]["requestContext"]["authorizer"]
        return cls(
            organization_id=OrganizationId.parse(context["organization_id"]),
            key_id=ApiKeyId.parse(context["key_id"]),
            key_name=context.get("key_name", ""),
            scopes=frozenset(context["scopes"].split()),
        )


def _require(scope: KeyScope) -> Callable[[Request], Awaitable[Caller]]:
    async def caller(request: Request) -> Caller:
        found = Caller.of(request)
        if not permitted(scope, found.scopes):
            raise Forbidden(f"API key: must have the scope '{scope}'.")
        return found

    return caller


Reader = Annotated[Caller, Depends(_require("read"))]
Writer = Annotated[Caller, Depends(_require("write"))]
Admin = Annotated[Caller, Depends(_require("admin"))]
