"""Packed documents: without loss, only where it saves a write unit, readable for ever."""

import hashlib
from base64 import b64decode, b64encode
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.capacity import size
from shared.storage import packing
from shared.storage.packing import pack, unpack
from shared.storage.records import BY_LIST, IndexEntry, Key, Record, from_item, to_item

PARTITION = "org_1#session#2"
#: Body of an item that the first version of this module packed: it must stay readable.
FIRST = b64decode("AYNGgZESero1RiRc5/y85MzUImB41eIuEqIQWcyzRCEnNa0EXBdn5APjSKES2LBOLUpJrNRTqgUA")

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


def test_item_of_the_first_version_is_read() -> None:
    item = {
        "pk": {"S": PARTITION},
        "sk": {"S": "session"},
        "type": {"S": "t"},
        "schema_version": {"N": "1"},
        "version": {"N": "1"},
        "list_pk": {"S": "org_1#agent-sessions#2"},
        "list_sk": {"S": "2026-01-01T00:00:00Z#2"},
        "parent_pk": {"S": "org_1#agent#3#sessions#0"},
        "parent_sk": {"S": "2026-01-01T00:00:00Z#2"},
        "link_pk": {"S": "org_1#links#1"},
        "link_sk": {"S": "4"},
        "work_pk": {"S": "stack#waiting-sessions#9"},
        "work_sk": {"S": "2026-01-01T00:00:00Z#2"},
        "body": {"B": FIRST},
    }

    assert from_item(item).body == {
        "id": "2",
        "agent": {"id": "3", "name": "Concierge"},
        "at": "2026-01-01T00:00:00Z",
        "text": "It left our house yesterday.",
    }


@pytest.mark.parametrize("cut", [1, 3, 10])
def test_document_that_is_cut_off_is_an_error(cut: int) -> None:
    packed = pack("Where is my order? " * 100, PARTITION)
    for damaged in (packed[:-cut], packed + b"x" * cut):
        with pytest.raises(ValueError, match="cut off"):
            unpack(damaged, PARTITION)


def test_unknown_form_is_an_error() -> None:
    with pytest.raises(ValueError, match="Unknown form"):
        unpack(b"\x07abc", "")
