"""`make api-key` asks for no key that the API would refuse to make."""

import pytest

from local.api_key import parse
from local.console import Failure


def test_scopes_are_separated_by_commas_or_spaces() -> None:
    assert parse("me", "read, write").scopes == ["read", "write"]
    assert parse("me", "read write").scopes == ["read", "write"]


@pytest.mark.parametrize(
    ("name", "scopes", "message"),
    [
        ("me", "", "scopes"),
        ("me", ",", "scopes"),
        ("me", "read,everything", "'read', 'write' or 'admin'"),
        ("", "read", "name"),
        ("x" * 129, "read", "name"),
    ],
)
def test_invalid_request_is_refused_with_one_line(name: str, scopes: str, message: str) -> None:
    """Given no scopes, an unknown one, or a name of no or too many characters, then no key."""
    with pytest.raises(Failure) as refused:
        parse(name, scopes)

    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
