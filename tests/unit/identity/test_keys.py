"""Keys: how they look, and where a request may carry them."""

import re
from uuid import uuid4

import pytest

from shared.identity.keys import key_hash, new_api_key, presented_key

KEY = "gsk_" + "aB3" * 13 + "z"


def test_given_new_keys_then_they_have_the_form_that_clients_expect_and_differ() -> None:
    made = {new_api_key() for _ in range(500)}
    assert len(made) == 500
    assert all(re.fullmatch(r"gsk_[A-Za-z0-9]{40}", key) for key in made)
    assert set("".join(key[4:] for key in made)) == set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    )


def test_given_a_key_then_its_hash_is_sha_256() -> None:
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
def test_given_a_key_in_any_of_the_forms_then_it_is_found(headers: dict[str, str]) -> None:
    assert presented_key(headers) == KEY


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
def test_given_no_usable_key_then_none_is_found(headers: dict[str, str]) -> None:
    assert presented_key(headers) is None
