"""Who calls: read from the authorizer's context, and held to a scope."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from shared.core.errors import Forbidden
from shared.core.ids import ApiKeyId, OrganizationId
from shared.core.scopes import KeyScope, permitted


@dataclass(frozen=True, slots=True)
class Caller:
    """The key that signed the request, and the organisation it acts for."""

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

    def may(self, scope: KeyScope) -> bool:
        return permitted(scope, self.scopes)


def _with_scope(scope: KeyScope) -> Callable[[Request], Awaitable[Caller]]:
    async def caller(request: Request) -> Caller:
        found = Caller.of(request)
        if not found.may(scope):
            raise Forbidden(f"This API key lacks the scope '{scope}'.")
        return found

    return caller


Reader = Annotated[Caller, Depends(_with_scope("read"))]
Writer = Annotated[Caller, Depends(_with_scope("write"))]
Admin = Annotated[Caller, Depends(_with_scope("admin"))]
