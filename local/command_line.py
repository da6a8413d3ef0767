"""What the official command-line client of the evaluation surface makes of the description.

Its commands are ``<tag> <name>``. The name is an operation's ``x-cli-name``, or else its whole
id; what bears ``x-cli-ignore`` is no command.
"""

import re
from typing import Any

from fastapi.routing import APIRoute

from shared.http.surfaces import EVALUATIONS

_VERBS = {"GET": "get", "POST": "create", "PATCH": "update", "DELETE": "delete"}


def extensions(route: APIRoute, method: str) -> dict[str, Any]:
    """Return what an operation says of itself to the command line.

    The other surfaces have clients of their own, and ``sessions`` of another kind, whose
    commands would stand among these.
    """
    if getattr(type(route), "answers_for", None) is not EVALUATIONS:
        return {"x-cli-ignore": True}
    first, *rest = route.path_format.strip("/").split("/")
    if rest in ([], ["{id}"]) and re.fullmatch("[a-zA-Z]+s", first):
        listed = method == "GET" and not rest
        return {"x-cli-name": "list" if listed else _VERBS[method]}
    if rest == ["batch"]:
        return {"x-cli-name": f"{_VERBS[method]}-batch"}
    if rest == ["{id}", "finish"]:
        return {"x-cli-name": "finish"}
    return {}
