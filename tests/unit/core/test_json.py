"""JSON: accepted values round-trip; everything else is rejected."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.json import MAX_NESTING, dumps, fingerprint, loads, loads_strict

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_json_value_round_trips(value: Any) -> None:
    text = dumps(value)
    assert loads(text) == value
    assert loads_strict(text.encode()) == value


def test_lone_surrogate_is_escaped() -> None:
    assert dumps({"a": "\ud800é"}).encode() == b'{"a":"\\ud800\\u00e9"}'
    assert dumps({"a": "é"}) == '{"a":"é"}'


INVALID = {
    "empty": b"",
    "truncated": b'{"a":',
    "trailing text": b"{} x",
    "NaN": b'{"a":NaN}',
    "Infinity": b"[Infinity]",
    "-Infinity": b"-Infinity",
    "a float above the range": b"[1e999]",
    "a float below the range": b"[-1e999]",
    "a number of 5,000 digits": b"9" * 5000,
    "Latin-1": '"é"'.encode("latin-1"),
    "an encoded surrogate": b'"\xed\xa0\x80"',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "UTF-16 without a byte order mark": '{"a":1}'.encode("utf-16-le"),
    "UTF-32": '{"a":1}'.encode("utf-32"),
    "nested 100,000 deep": b"[" * 100_000,
    "objects nested 100,000 deep": b'{"a":' * 100_000,
    "nested one level too deep": b"[" * (MAX_NESTING + 1) + b"]" * (MAX_NESTING + 1),
    "lone surrogate in a name": b'[{"a":{"\\uD800":1}}]',
    "a control character in a string": b'"\x01"',
    "single quotes": b"{'a': 1}",
}


@pytest.mark.parametrize("body", INVALID.values(), ids=INVALID.keys())
def test_invalid_json_is_rejected(body: bytes) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        loads_strict(body)
    assert "sys." not in caught.value.msg
    assert "codec" not in caught.value.msg


def test_nesting_up_to_the_limit_is_accepted() -> None:
    deepest = b'{"a":[' * (MAX_NESTING // 2) + b"1" + b"]}" * (MAX_NESTING // 2)
    wide = b"[" + b"{}," * 5000 + b"{}]"
    in_text = b'"' + b"[" * 5000 + b'"'
    assert dumps(loads_strict(deepest)).encode() == deepest
    assert len(loads_strict(wide)) == 5001
    assert len(loads_strict(in_text)) == 5000


def test_byte_order_mark_is_ignored() -> None:
    assert loads_strict(b"\xef\xbb\xbf{}") == {}


def test_fingerprint_ignores_the_order_of_keys() -> None:
    assert fingerprint({"a": 1, "b": [{"c": 2, "d": 3}]}) == fingerprint(
        {"b": [{"d": 3, "c": 2}], "a": 1}
    )


@pytest.mark.parametrize("other", [{"a": 2}, {"a": "1"}, {"b": 1}, {}, None, [1], {"a": [1]}])
def test_fingerprints_of_different_values_differ(other: Any) -> None:
    assert fingerprint(other) != fingerprint({"a": 1})


def test_lone_surrogate_has_a_fingerprint() -> None:
    assert fingerprint("\ud800") != fingerprint("\ud801")
