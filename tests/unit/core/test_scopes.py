"""Scopes: each holds the weaker ones, and no other."""

import pytest

from shared.core.scopes import SCOPES, permitted


@pytest.mark.parametrize(
    ("held", "may"),
    [
        (["read"], ["read"]),
        (["write"], ["read", "write"]),
        (["admin"], ["read", "write", "admin"]),
        (["read", "admin"], ["read", "write", "admin"]),
        ([], []),
        (["owner", ""], []),
    ],
)
def test_given_scopes_then_the_weaker_ones_are_permitted_too(
    held: list[str], may: list[str]
) -> None:
    assert [scope for scope in SCOPES if permitted(scope, held)] == may
