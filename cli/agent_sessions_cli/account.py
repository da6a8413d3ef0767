"""Commands about the login: login, logout, whoami."""

import os
import sys
from typing import Annotated

import typer

from . import config, output
from .errors import Failure, Status
from .options import Json


def login(
    url: Annotated[str, typer.Argument(envvar=config.URL, help="Address of the API.")],
    as_json: Json = False,
) -> None:
    """Store the URL and the key of an API, after checking them.

    The key is read without echo, or from stdin, or from AGENT_SESSIONS_KEY; it is never an
    argument, which other users of the machine could see. The file that it is stored in can be read
    by you only.

    \b
    Examples:
      agent-sessions login https://abc123.execute-api.eu-west-1.amazonaws.com/api
      echo "$API_KEY" | agent-sessions login "$API_URL"
    """
    from .client import Api  # noqa: PLC0415 - help starts without it

    given = config.Login(config.valid_url(url), config.valid_key(_key()))
    caller = Api(given).json("GET", "/v1/identity/whoami")
    _check(caller, given.url)
    path = config.store(given)
    if as_json:
        output.document({"url": given.url, **caller, "file": str(path)})
    else:
        output.line(f"Logged in to {given.url} as {caller['key_name']} ({_scopes(caller)}).")


def _key() -> str:
    if key := os.environ.get(config.KEY):
        return key
    if sys.stdin.isatty():
        return str(typer.prompt("API key", hide_input=True, err=True))
    return sys.stdin.readline(10_000)


def _check(caller: object, url: str) -> None:
    if not isinstance(caller, dict) or "organization_id" not in caller:
        raise Failure(f"{url} is not the address of this API", Status.FAILED)


def logout(as_json: Json = False) -> None:
    """Remove the stored URL and key. The key stays valid: see keys revoke.

    \b
    Example:
      agent-sessions logout
    """
    existed = config.forget()
    if as_json:
        output.document({"logged_out": existed})
    else:
        output.line("Logged out." if existed else "Not logged in.")


def whoami(as_json: Json = False) -> None:
    """Show the API, the organization and the permissions of the key in use.

    \b
    Examples:
      agent-sessions whoami
      agent-sessions whoami --json | jq -r .organization_id
    """
    from .client import Api  # noqa: PLC0415 - help starts without it

    used = config.current()
    caller = Api(used).json("GET", "/v1/identity/whoami")
    _check(caller, used.url)
    if as_json:
        return output.document({"url": used.url, **caller})
    key = f"{caller['key_name']} ({caller['key_id']})"
    rows = [("url", used.url), ("organization", caller["organization_id"]), ("key", key)]
    rows.append(("scopes", _scopes(caller)))
    for name, value in rows:
        output.line(f"{name}: {value}")
    return None


def _scopes(caller: dict[str, list[str]]) -> str:
    return ", ".join(caller["scopes"])
