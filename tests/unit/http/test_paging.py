"""Cursors: valid only for their list, filters and organization."""

import base64
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId
from shared.http.paging import Cursors
from shared.storage.secret import _KEY, create_signing_secret, signing_secret
from shared.storage.table import table
from shared.storage.transactions import Delete, transact
from tests.support.storage import counted_requests

ORGANIZATION = OrganizationId.new()


@pytest.fixture(autouse=True)
def _table(dynamodb_table: Any) -> None:
    """The signing secret is stored in the table."""


def cursors(name: str = "things", **filters: Any) -> Cursors:
    return Cursors(ORGANIZATION, name, filters)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8")))
def test_cursor_round_trips(position: str) -> None:
    cursor = cursors().write(position)
    assert cursor is not None
    assert cursors().read(cursor) == position
    # It needs no escaping in a URL.
    assert all(letter.isalnum() or letter in "-_" for letter in cursor)


def test_missing_position_has_no_cursor() -> None:
    assert cursors().write(None) is None
    assert cursors().read(None) is None


def test_cursor_ignores_the_order_of_filters() -> None:
    cursor = Cursors(ORGANIZATION, "l", {"a": 1, "b": [2]}).write("p")
    assert Cursors(ORGANIZATION, "l", {"b": [2], "a": 1}).read(cursor) == "p"
    assert Cursors(ORGANIZATION, "l").read(Cursors(ORGANIZATION, "l", {}).write("p")) == "p"


def test_cursor_of_another_list_is_rejected() -> None:
    cursor = cursors(status="idle").write("p")
    others = [
        Cursors(OrganizationId.new(), "things", {"status": "idle"}),
        cursors("other", status="idle"),
        cursors(status="active"),
        cursors(status=None),
        cursors(),
        cursors(status="idle", tag="a"),
    ]
    for other in others:
        with pytest.raises(InvalidInput, match="cursor"):
            other.read(cursor)


def test_edited_or_truncated_cursor_is_rejected() -> None:
    cursor = cursors().write("2026-01-01T00:00:00.000000Z#abc")
    assert cursor is not None
    signed = base64.urlsafe_b64decode(cursor + "==")
    edited = [cursor[:length] for length in range(len(cursor) - 1)] + [
        base64.urlsafe_b64encode(signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]).decode()
        for at in range(len(signed))
    ]
    for text in edited:
        with pytest.raises(InvalidInput):
            cursors().read(text)


@pytest.mark.parametrize(
    "text",
    ["", "a", "garbage", "é", "😀", "\ud800", "null", "{}", "====", "A" * 10_000, "../..", "a b",
     base64.urlsafe_b64encode(b"\xff" * 40).decode()],
)  # fmt: skip
def test_malformed_cursor_is_rejected(text: str) -> None:
    with pytest.raises(InvalidInput):
        cursors().read(text)


@pytest.mark.parametrize("junk", ["!", "\n", " ", "\x00", "."])
def test_cursor_with_other_characters_is_rejected(junk: str) -> None:
    cursor = cursors().write("p")
    assert cursor is not None
    for text in (cursor + junk, junk + cursor, cursor[:5] + junk + cursor[5:]):
        with pytest.raises(InvalidInput):
            cursors().read(text)


def test_cursor_of_another_stack_is_rejected() -> None:
    cursor = cursors().write("p")
    secret = signing_secret()
    transact(table(), [Delete(_KEY)])
    create_signing_secret(table())
    signing_secret.cache_clear()
    assert signing_secret() != secret
    with pytest.raises(InvalidInput):
        cursors().read(cursor)


def test_new_process_reads_the_secret_once() -> None:
    cursor = cursors().write("p")
    signing_secret.cache_clear()
    with counted_requests() as requests:
        assert cursors().read(cursor) == "p"
        assert cursors().read(cursor) == "p"
    assert requests == {"GetItem": 1}
