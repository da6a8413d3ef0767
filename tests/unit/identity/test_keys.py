"""Secrets of API keys: their form, and the request headers that carry them."""

import re
from uuid import uuid4

import pytest

from shared.identity.keys import key_hash, key_in_headers, new_api_key

KEY = "gsk_" + "aB3" * 13 + "z"


def test_new_keys_have_the_documented_form_and_differ() -> None:
    keys = {new_api_key() for _ in range(500)}
    assert len(keys) == 500
    assert all(re.fullmatch(r"gsk_[A-Za-z0-9]{40}", key) for key in keys)
    assert set("".join(key[4:] for key in keys)) == set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    )


def test_key_hash_is_sha_256() -> None:
    assert key_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    "headers",
    [
        {"x-api-key": KEY},
        {"X-API-Key": KEY},
        {"X-Api-Key": f" {KEY} "},
        {"Authorization": f"Bearer {KEY}"},
        {"authorization": f"bearer {KEY}"},
        {"AUTHORIZATION": f"BEARER  {KEY}"},
        {"Authorization": f"ApiKey {KEY}"},
        {"Authorization": f"apikey {KEY}"},
        {"Authorization": KEY},
        {"Authorization": "Bearer other-key", "x-api-key": KEY},
        {"Authorization": f"Bearer {KEY}", "x-api-key": ""},
    ],
)
def test_headers_with_a_key_return_it(headers: dict[str, str]) -> None:
    assert key_in_headers(headers) == KEY


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": ""},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Authorization": f"Digest {KEY}"},
        {"Authorization": f"Bearer {KEY} {KEY}"},
        {"x-api-key": "short"},
        {"x-api-key": "x" * 257},
        {"x-api-key": f"{KEY}é"},
        {"x-api-key": f"{KEY}\x00"},
        {"x-api-key": f"{KEY}\n{KEY}"},
        {"cookie": KEY},
        {"x-other": str(uuid4())},
    ],
)
def test_headers_without_a_well_formed_key_return_none(headers: dict[str, str]) -> None:
    assert key_in_headers(headers) is None
