"""Syntax errors: rejected with position and reason, and never executed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.playground.expressions import ExpressionError, parse
from tests.support.work import calls

#: text, position, words of the message
REFUSED = [
    ("", 0, "found the end"),
    ("   ", 3, "found the end"),
    ("a.b", 1, "Attributes"),
    ("a.__class__.__mro__", 1, "Attributes"),
    ('"".join', 2, "Attributes"),
    ("()", 1, "found ')'"),
    ("a[0]", 1, "found '['"),
    ("__import__('os')", 0, "can be called"),
    ("__import__('os').system('id')", 16, "Attributes"),
    ("exec('1')", 0, "can be called"),
    ("(len)(a)", 5, "Expected an operator"),
    ("missing(a)(b)", 10, "Expected an operator"),
    ("len(a, b)", 5, "Expected ')'"),
    ("len()", 4, "found ')'"),
    ("missing(a.b)", 9, "Attributes"),
    ("missing('a')", 8, "Expected a variable"),
    ("missing(true)", 8, "Expected a variable"),
    ("missing(len(a))", 11, "Expected ')'"),
    ("eq_normalized(a, b)", 18, "Expected ','"),
    ("eq_normalized(a, b, c)", 20, '"zip", "phone", "email", "name", "text"'),
    ('eq_normalized(a, b, "soundex")', 20, "Expected one of"),
    ("len(*a)", 4, "'*'"),
    ("[x for x in a]", 1, "Expected a literal"),
    ("[a, b]", 1, "Expected a literal"),
    ("[[1]]", 1, "Expected a literal"),
    ("[1 2]", 3, "Expected ','"),
    ("[1", 2, "found the end"),
    ("{1: 2}", 0, "'{'"),
    ("(a := 1)", 3, "':'"),
    ("a = 1", 2, "Compare with =="),
    ("a && b", 2, "Write and"),
    ("a || b", 2, "Write or"),
    ("!a", 0, "Write not"),
    ("lambda: 1", 6, "':'"),
    ("1 if a else 2", 2, "Expected an operator"),
    ("a is b", 2, "Expected an operator"),
    ("await a", 6, "Expected an operator"),
    ("a + b", 2, "'+'"),
    ("a - 1", 2, "'-'"),
    ("-a", 0, "'-'"),
    ("2 ** 99", 2, "'*'"),
    ("9 % 2", 2, "'%'"),
    ("a < b < c", 6, "Comparisons cannot be chained"),
    ("a == b == c", 7, "Comparisons cannot be chained"),
    ("a not b", 6, "Expected 'in'"),
    ("a == not b", 5, "found 'not'"),
    ("a == null", 5, "missing(x)"),
    ("None != a", 8, "missing(x)"),
    ("and", 0, "found 'and'"),
    ("a and", 5, "found the end"),
    ("a b", 2, "Expected an operator"),
    ("a, b", 1, "Expected an operator"),
    ("a; b", 1, "';'"),
    ("(a", 2, "Expected ')'"),
    ("a)", 1, "found ')'"),
    ("f'{a}'", 1, "Expected an operator"),
    ("b'a'", 1, "Expected an operator"),
    ("'a' 'b'", 4, "Expected an operator"),
    ("'''a'''", 2, "Expected an operator"),
    ("'a", 0, "not closed"),
    ("'a\nb'", 0, "not closed"),
    (r'"\x41"', 1, "is not an escape sequence"),
    (r'"ab\u0041"', 3, "is not an escape sequence"),
    ("a # comment", 2, "'#'"),
    ("a == \x00", 5, "'\\x00'"),
    ("\x00", 0, "'\\x00'"),
    ("'\x00'", 0, "not closed"),
    ("`id`", 0, "'`'"),
    ("a\\\nb", 1, "Unexpected character"),
    ("\ufeffa", 0, "Unexpected character"),
    ("a\u00a0== 1", 1, "Unexpected character"),
    ("é", 0, "Unexpected character"),
    ("ｌｅｎ(a)", 0, "Unexpected character"),  # Python would read it as len
    ("0x10", 0, "'0'"),
    ("1_000", 0, "'1'"),
    ("1j", 0, "'1'"),
    ("٣ == 3", 0, "0 to 9"),
    ("9" * 20, 0, "An integer must be at most 9007199254740991"),
    ("-9007199254740992", 0, "An integer must be at most"),
    ("9" * 33, 0, "at most 32 digits"),
    ("1e999", 0, "too large"),
    ("'" + "x" * 501 + "'", 0, "at most 500 characters"),
    ("a" * 1_001, 1_000, "at most 1000 characters"),
    ("(" * 21 + "a" + ")" * 21, 20, "nested at most 20"),
    ("not " * 21 + "a", 80, "nested at most 20"),
    ("len(" * 21 + "a" + ")" * 21, 83, "nested at most 20"),
    ("(" * 900, 20, "nested at most 20"),
]  # fmt: skip


@pytest.mark.parametrize("text,position,words", REFUSED)
def test_syntax_error_has_position_and_reason(text: str, position: int, words: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(text)

    assert refused.value.position == position
    assert words in refused.value.message
    assert str(refused.value) == f"{refused.value.message} (at character {position})"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20 + "a" + ")" * 20,
        "not " * 20 + "a",
        " or ".join(["a"] * 200),
        " and ".join(["a"] * 160),
        "a in [" + "1," * 400 + "]",
        "'" + "x" * 500 + "'",
        "a" * 1_000,
        "9007199254740991",
        "-9007199254740991",
        "1.7976931348623157e308",
    ],
)
def test_largest_expressions_take_little_work(text: str) -> None:
    parse.cache_clear()

    assert calls(lambda: parse(text).evaluate({"a": 1})) < 30_000


def test_python_names_are_plain_variables() -> None:
    assert parse("__builtins__").evaluate({}) is None
    assert parse("lambda").evaluate({"lambda": 1}) == 1


@given(st.text(max_size=60) | st.text(alphabet="ab01 .,()[]<>=!\"'\\nt-notandin", max_size=60))
def test_any_text_parses_or_fails_at_a_valid_position(text: str) -> None:
    try:
        parse(text).evaluate({"a": 1, "b": "x"})
    except ExpressionError as error:
        position = error.position
    else:
        position = 0
    assert 0 <= position <= len(text)


NAMES = st.sampled_from(["a", "b", "c"])
LITERALS = st.sampled_from(["1", "-2.5", "'x'", '""', "true", "[1, 'x', null]", "[]"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=5,
)


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operator = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "not in"])
    kind = st.sampled_from(["zip", "phone", "email", "name", "text"])
    return st.one_of(
        st.builds("({} {} {})".format, inner, operator, inner),
        st.builds("({} and {} or not {})".format, inner, inner, inner),
        st.builds("len({})".format, inner),
        st.builds('eq_normalized({}, {}, "{}")'.format, inner, inner, kind),
    )


EXPRESSIONS = st.recursive(NAMES | NAMES.map("missing({})".format) | LITERALS, larger)


@given(EXPRESSIONS, st.dictionaries(NAMES, VALUES))
def test_evaluation_never_raises(text: str, variables: dict[str, Any]) -> None:
    try:
        expression = parse(text)
    except ExpressionError:
        return  # too long or too deep
    assert expression.holds(variables) is bool(expression.evaluate(variables))
    assert expression.names <= {"a", "b", "c"}
