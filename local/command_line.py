"""OpenAPI extensions for the official command-line client of the evaluation surface.

Its commands are ``<tag> <name>``: the name is an operation's ``x-cli-name``, or else its id. An
operation with ``x-cli-ignore`` has no command.
"""

import re
from typing import Any

from fastapi.routing import APIRoute

from local.dependencies import surface_of_route
from shared.http.surfaces import EVALUATIONS

_VERBS = {"GET": "get", "POST": "create", "PATCH": "update", "DELETE": "delete"}


def extensions(route: APIRoute, method: str) -> dict[str, Any]:
    """Return the command-line extensions of an operation.

    Other surfaces are ignored: they have clients of their own, and their ``sessions`` commands
    would collide with these.
    """
    if surface_of_route(route) is not EVALUATIONS:
        return {"x-cli-ignore": True}
    first, *rest = route.path_format.strip("/").split("/")
    if rest in ([], ["{id}"]) and re.fullmatch("[a-zA-Z]+s", first):
        is_list = method == "GET" and not rest
        return {"x-cli-name": "list" if is_list else _VERBS[method]}
    if rest == ["batch"]:
        return {"x-cli-name": f"{_VERBS[method]}-batch"}
    if rest == ["{id}", "finish"]:
        return {"x-cli-name": "finish"}
    return {}
