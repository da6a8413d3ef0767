"""JSON: accepted values round-trip; everything else is rejected."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.json import (
    MAX_NESTING,
    dumps,
    fingerprint,
    loads,
    loads_strict,
    valid_json,
    valid_text,
    valid_value,
)

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


#: Text with every code point that Python holds, lone surrogates included.
ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.characters(categories=["Cs"]))
ANY_JSON = st.recursive(
    st.none() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
    max_leaves=10,
)

LONE_SURROGATES = {
    "high": (r'"cut \ud83d"', "cut \ufffd"),
    "low": (r'"\uDE00!"', "\ufffd!"),
    "two high": (r'"\ud83d\uD83D"', "\ufffd\ufffd"),
    "low before high": (r'"\ude00\ud83d"', "\ufffd\ufffd"),
    "high before a pair": (r'"\ud83d\ud83d\ude00"', "\ufffd\U0001f600"),
    "a pair": (r'"\ud83d\ude00"', "\U0001f600"),
    "behind an escaped backslash": (r'"\\\ud83d"', "\\\ufffd"),
    "an escaped backslash and letters": (r'"\\ud83d"', r"\ud83d"),
    "in a key": (r'{"a":[{"\ud800":1}]}', {"a": [{"\ufffd": 1}]}),
    "in equal keys": (r'{"\ud800":1,"\udc00":2}', {"\ufffd": 2}),
    "not escaped": ('["\ud800","\ud83d\ude00"]', ["\ufffd", "\U0001f600"]),
}


@pytest.mark.parametrize(("text", "value"), LONE_SURROGATES.values(), ids=LONE_SURROGATES.keys())
def test_lone_surrogates_are_replaced_in_values_and_keys(text: str, value: Any) -> None:
    assert loads_strict(text) == value
    assert loads(text) == value
    assert json.loads(valid_json(text)) == value
    assert valid_value(json.loads(text)) == value


@given(ANY_JSON, st.booleans())
def test_parsed_json_is_always_encodable(value: Any, escaped: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped)

    parsed = loads_strict(text)

    dumps(parsed).encode()
    assert parsed == loads(text) == valid_value(parsed)
    if _is_encodable(value):
        assert parsed == json.loads(text) == value
    assert loads_strict(dumps(value).encode()) == valid_value(value)


@given(ANY_TEXT)
def test_valid_text_has_only_lone_surrogates_replaced(text: str) -> None:
    expected = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    assert valid_text(text) == expected
    assert loads_strict(json.dumps(text)) == expected


def _is_encodable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def test_text_is_written_without_escapes() -> None:
    assert dumps({"a": "é\u2028"}) == '{"a":"é\u2028"}'
    assert dumps({"a": "\ud800é"}) == '{"a":"\ufffdé"}'
    assert dumps({"\ud800": "\x00\x1f"}) == '{"\ufffd":"\\u0000\\u001f"}'


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
