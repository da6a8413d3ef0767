"""Packed documents: without loss, only where it saves a write unit, readable for ever."""

import hashlib
from base64 import b64encode
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.capacity import size
from shared.storage import packing
from shared.storage.packing import pack, unpack
from shared.storage.records import BY_LIST, IndexEntry, Key, Record, from_item, to_item

PARTITION = "org_1#session#2"

TEXT = st.text(st.characters(codec="utf-8"))


def record(body: object) -> Record:
    entries = {BY_LIST: IndexEntry("org_1#agent-sessions", "2026-01-01T00:00:00Z#2")}
    return Record(key=Key(PARTITION, "session"), type="t", body={"b": body}, index_entries=entries)


@given(TEXT, TEXT)
def test_document_is_unpacked_as_it_was(text: str, keys: str) -> None:
    assert unpack(pack(text, keys), keys) == text


@given(st.lists(TEXT, min_size=30), st.integers(1, 60))
def test_long_documents_pass_through_items(texts: list[str], times: int) -> None:
    written = record(texts * times)

    assert from_item(to_item(written, shards=3)) == written


def test_item_of_a_stream_has_its_body_in_base64() -> None:
    written = record("It left our house yesterday. " * 60)
    item = to_item(written, shards=3)
    item["body"] = {"B": b64encode(item["body"]["B"]).decode()}

    assert from_item(item) == written


def test_item_below_one_unit_is_readable() -> None:
    item = to_item(record("It left our house yesterday. " * 25), shards=3)

    assert size(item) <= 1024
    assert "S" in item["body"]


def test_document_that_would_save_no_unit_is_readable() -> None:
    noise = b64encode(Random(1).randbytes(1_300)).decode()

    assert "S" in to_item(record(noise), shards=3)["body"]


@pytest.mark.parametrize("letters", [1_000, 2_000, 100_000, 400_000])
def test_packed_item_has_fewer_units(letters: int) -> None:
    written = record("Where is my order, and when does it come? " * (letters // 42))
    plain = len(str(written.body))

    assert size(to_item(written, shards=3)) < plain / 2


def test_document_over_the_limit_of_an_item_stays_too_large() -> None:
    item = to_item(record("x" * 410_000), shards=3)

    assert "S" in item["body"]


def test_dictionary_has_not_changed() -> None:
    digest = hashlib.sha256(packing._WORDS.encode()).hexdigest()
    assert digest[:16] == "534fb3be01618eb5", (
        "give a new dictionary a new number, and keep this one"
    )


def test_unknown_form_is_an_error() -> None:
    with pytest.raises(ValueError, match="Unknown form"):
        unpack(b"\x07abc", "")
