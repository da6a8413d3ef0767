"""Commands about API keys: list, create, revoke."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from . import output
from .options import All, Json, Limit, Yes, api, confirm

app = typer.Typer(no_args_is_help=True, help="List, create and revoke API keys.")
_PATH = "/v1/identity/api-keys"


class Scope(StrEnum):
    """Permission of a key."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@app.command("list")
def list_keys(limit: Limit = 50, every: All = False, as_json: Json = False) -> None:
    """List the organization's keys, newest first, without their secrets.

    \b
    Example:
      agent-sessions keys list
    """
    from .kinds import pages  # noqa: PLC0415 - help starts without it

    found = pages(api(), _PATH, {}, None if every else limit)
    if as_json:
        for one in found:
            output.document(one)
        return
    output.table(("ID", "NAME", "SCOPES", "KEY", "CREATED", "STATUS"), map(_row, found))


def _row(key: dict[str, Any]) -> tuple[object, ...]:
    status = (
        "revoked"
        if key["revoked_at"]
        else f"until {key['expires_at']}"
        if key["expires_at"]
        else "valid"
    )
    scopes = ",".join(key["scopes"])
    return key["id"], key["name"], scopes, key["hint"], output.when(key["created_at"]), status


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Purpose of the key.")],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="Permission, repeatable; default: read and write.")
    ] = None,
    expires_at: Annotated[
        str | None, typer.Option(help="Time of expiry, as 2027-01-31T12:00:00Z; default: never.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Create a key. It is printed once, now: the server stores only its hash.

    \b
    Examples:
      agent-sessions keys create nightly --scope read
      KEY=$(agent-sessions keys create ci)
    """
    body: dict[str, Any] = {"name": name, "expires_at": expires_at}
    if scope:
        body["scopes"] = [one.value for one in scope]
    created = api().json("POST", _PATH, body=body)
    if as_json:
        return output.document(created)
    output.note(f"Created {created['id']} ({', '.join(created['scopes'])}). Its key, shown once:")
    return output.line(created["api_key"])


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="Id of the key: key_ and 32 digits.")],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Revoke a key for good. It may still work for a minute.

    \b
    Example:
      agent-sessions keys revoke key_019ca8bb… --yes
    """
    from urllib.parse import quote  # noqa: PLC0415 - as above

    confirm(f"Revoke {key}?", yes=yes)
    api().send("DELETE", f"{_PATH}/{quote(key, safe='')}")
    if as_json:
        return output.document({"id": key, "revoked": True})
    return output.line(f"Revoked {key}.")
