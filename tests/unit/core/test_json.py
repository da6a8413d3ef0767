"""JSON: everything that is taken can be written again; everything else is refused."""

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
def test_given_any_json_value_when_written_then_it_reads_back_equal(value: Any) -> None:
    text = dumps(value)
    assert loads(text) == value
    assert loads_strict(text.encode()) == value


def test_given_a_lone_surrogate_when_written_then_utf_8_can_carry_it() -> None:
    assert dumps({"a": "\ud800é"}).encode() == b'{"a":"\\ud800\\u00e9"}'
    assert dumps({"a": "é"}) == '{"a":"é"}'


REFUSED = {
    "empty": b"",
    "cut off": b'{"a":',
    "something behind": b"{} x",
    "NaN": b'{"a":NaN}',
    "Infinity": b"[Infinity]",
    "-Infinity": b"-Infinity",
    "a float above the range": b"[1e999]",
    "a float below the range": b"[-1e999]",
    "a number of 5,000 digits": b"9" * 5000,
    "Latin-1": '"é"'.encode("latin-1"),
    "an encoded surrogate": b'"\xed\xa0\x80"',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "UTF-16 without a mark": '{"a":1}'.encode("utf-16-le"),
    "UTF-32": '{"a":1}'.encode("utf-32"),
    "nested 100,000 deep": b"[" * 100_000,
    "objects nested 100,000 deep": b'{"a":' * 100_000,
    "nested one level too deep": b"[" * (MAX_NESTING + 1) + b"]" * (MAX_NESTING + 1),
    "half of a surrogate pair in a name": b'[{"a":{"\\uD800":1}}]',
    "a control character in a string": b'"\x01"',
    "single quotes": b"{'a': 1}",
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_given_what_is_not_json_when_read_strictly_then_it_is_refused(body: bytes) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        loads_strict(body)
    assert "sys." not in caught.value.msg
    assert "codec" not in caught.value.msg


def test_given_nesting_to_the_limit_and_many_brackets_then_it_is_read() -> None:
    deepest = b'{"a":[' * (MAX_NESTING // 2) + b"1" + b"]}" * (MAX_NESTING // 2)
    wide = b"[" + b"{}," * 5000 + b"{}]"
    in_text = b'"' + b"[" * 5000 + b'"'
    assert dumps(loads_strict(deepest)).encode() == deepest
    assert len(loads_strict(wide)) == 5001
    assert len(loads_strict(in_text)) == 5000


def test_given_a_byte_order_mark_then_it_is_passed_over() -> None:
    assert loads_strict(b"\xef\xbb\xbf{}") == {}


def test_given_equal_objects_with_keys_in_another_order_then_fingerprints_are_equal() -> None:
    assert fingerprint({"a": 1, "b": [{"c": 2, "d": 3}]}) == fingerprint(
        {"b": [{"d": 3, "c": 2}], "a": 1}
    )


@pytest.mark.parametrize("other", [{"a": 2}, {"a": "1"}, {"b": 1}, {}, None, [1], {"a": [1]}])
def test_given_another_value_then_the_fingerprint_differs(other: Any) -> None:
    assert fingerprint(other) != fingerprint({"a": 1})


def test_given_a_lone_surrogate_then_it_has_a_fingerprint() -> None:
    assert fingerprint("\ud800") != fingerprint("\ud801")
