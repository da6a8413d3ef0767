"""Server of an OpenAPI document: the base URL of its requests."""

import re
from typing import Any
from urllib.parse import urljoin

from shared.agents.remote_capabilities import HttpApi
from shared.agents.tools.openapi_schema import invalid
from shared.egress.hosts import MAX_URL_LENGTH, AllowedHosts, NotAllowed

_VARIABLE = re.compile(r"\{([^{}]*)\}")


def base_url_of(api: HttpApi, document: dict[str, Any], hosts: AllowedHosts) -> str:
    """Return the base URL, without a final slash. Raises ``RemoteFailed``."""
    url = _first_server(document, api.document_url or "") if api.server is None else api.server
    try:
        hosts.check_url(url)
    except NotAllowed as refused:
        raise invalid(f"leads to a server that cannot be used: {refused}") from refused
    if "?" in url:
        raise invalid("leads to a server whose URL has a query; it must be a base URL")
    return url.rstrip("/")


def _first_server(document: dict[str, Any], document_url: str) -> str:
    servers = document.get("servers")
    first = servers[0] if isinstance(servers, list) and servers else None
    url = first.get("url") if isinstance(first, dict) else None
    if not isinstance(first, dict) or not isinstance(url, str):
        raise invalid("names no server; set server to the base URL")
    variables = first.get("variables")
    defaults = {
        name: str(variable.get("default"))[: MAX_URL_LENGTH + 1]
        for name, variable in (variables if isinstance(variables, dict) else {}).items()
        if isinstance(variable, dict)
    }
    # Once, from left to right: what a default brings in is no variable.
    url = _VARIABLE.sub(lambda match: defaults.get(match[1], match[0]), url[: MAX_URL_LENGTH + 1])
    try:
        return urljoin(document_url, url[: MAX_URL_LENGTH + 1])
    except ValueError as error:
        raise invalid("has a server whose URL is invalid") from error
