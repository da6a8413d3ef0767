"""Commands about API keys."""

from tests.support.gateway import Gateway
from tests.support.imports import known
from tests.unit.cli.conftest import CommandLine


def test_key_is_created_printed_once_and_revoked(user: CommandLine, api: Gateway) -> None:
    known(api)
    admin = user("keys", "create", "admin", "--scope", "admin", "--json").json
    created = user("keys", "create", "nightly", "--scope", "read")

    secret = created.out.strip()
    assert created.status == 0
    assert secret.startswith("gsk_")
    listed = user("keys", "list")
    assert "nightly" in listed.out
    assert secret not in listed.out
    key_id = next(row.split("\t")[0] for row in listed.out.splitlines() if "nightly" in row)
    assert user("keys", "revoke", key_id, "--yes").out == f"Revoked {key_id}.\n"
    rows = {one["id"]: one for one in user("keys", "list", "--json").lines}
    assert rows[key_id]["revoked_at"]
    assert rows[admin["id"]]["revoked_at"] is None
    assert "api_key" not in rows[key_id]


def test_unknown_key_is_not_found(user: CommandLine, api: Gateway) -> None:
    known(api)
    assert user("keys", "revoke", f"key_{'0' * 32}", "--yes").status == 5


def test_revocation_without_a_terminal_needs_yes(user: CommandLine) -> None:
    done = user("keys", "revoke", f"key_{'0' * 32}")

    assert done.status == 2
    assert done.err == "error: --yes: is required where nobody can be asked\n"


def test_rule_of_the_api_is_printed(user: CommandLine, api: Gateway) -> None:
    done = user("keys", "create", "old", "--expires-at", "yesterday")

    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("error: expires_at: ")
