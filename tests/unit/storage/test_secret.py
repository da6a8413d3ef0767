"""Signing secret: created once per stack, outside the functions."""

from typing import Any

import pytest

from shared.core.errors import Unavailable
from shared.storage.secret import _KEY, create_signing_secret, signing_secret
from shared.storage.table import table
from shared.storage.transactions import Delete, transact


@pytest.fixture(autouse=True)
def _without_secret(dynamodb_table: Any) -> None:
    transact(table(), [Delete(_KEY)])
    signing_secret.cache_clear()


def test_missing_secret_is_unavailable_until_it_is_created() -> None:
    with pytest.raises(Unavailable, match="no signing secret; deploy the stack again"):
        signing_secret()

    create_signing_secret(table())

    assert len(signing_secret()) == 32


def test_existing_secret_is_kept() -> None:
    create_signing_secret(table())
    first = signing_secret()

    create_signing_secret(table())
    signing_secret.cache_clear()

    assert signing_secret() == first
