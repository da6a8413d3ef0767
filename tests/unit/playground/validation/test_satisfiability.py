"""Satisfiability: results hold for all values of the variables."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from shared.playground.expressions import parse
from shared.playground.graph import Variable
from shared.playground.validation.satisfiability import ConditionSolver

VARIABLES = {
    "kind": Variable(name="kind", type="enum", enum_values=("a", "b", "c")),
    "flag": Variable(name="flag", type="bool"),
    "count": Variable(name="count", type="int"),
    "amount": Variable(name="amount", type="float"),
    "text": Variable(name="text", type="string"),
    "unwritten": Variable(name="unwritten", type="string"),
}
NUMBERS = st.integers(-3, 3) | st.sampled_from([2**53 - 1, 0.5, 1.5, -2.25, 1e300])
VALUES = {
    "kind": st.sampled_from(["a", "b", "c"]),
    "flag": st.booleans(),
    "count": st.integers(-4, 4),
    "amount": st.integers(-4, 4) | st.floats(allow_nan=False, allow_infinity=False),
    "text": st.text("abz", max_size=2),
}
OPERATORS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
COMPARISONS = st.one_of(
    st.builds("kind {} '{}'".format, OPERATORS, st.sampled_from("abc")),
    st.builds("count {} {}".format, OPERATORS, NUMBERS),
    st.builds("{} {} amount".format, NUMBERS, OPERATORS),
    st.builds("text {} '{}'".format, OPERATORS, st.sampled_from(["", "a", "ab", "z"])),
    st.builds("amount {} count".format, OPERATORS),
    st.builds("len(text) {} {}".format, OPERATORS, st.integers(0, 2)),
    st.sampled_from([
        "kind in ['a', 'b']", "kind not in ['c']", "text in ['a', 'z']", "'a' in text",
        "text in 'abc'", "count in [1, 2.5]", "flag == true", "false != flag", "true", "false",
        "eq_normalized(text, kind, 'text')", "missing(kind)", "missing(amount)", "flag", "text",
        "count", "amount", "unwritten", "missing(unwritten)", "(count > 1) == flag",
    ]),
)  # fmt: skip
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        inner.map("(not {})".format),
    ),
    max_leaves=4,
)
CASES = st.fixed_dictionaries({}, optional=VALUES)


def solver() -> ConditionSolver:
    return ConditionSolver(VARIABLES, lambda name: name != "unwritten")


@given(
    CONDITIONS | st.builds("{} and {}".format, CONDITIONS, CONDITIONS),
    st.lists(CASES, min_size=1, max_size=20),
)
@example("kind == 'a' and kind == 'b'", [{"kind": "a"}])
@example("amount > 1 and amount < 0", [{"amount": 2}])
def test_condition_that_never_holds_is_false_in_all_cases(
    text: str, cases: list[dict[str, Any]]
) -> None:
    condition = parse(text)

    if solver().never_holds(condition.root):
        assert not any(condition.holds(case) for case in cases)


@given(st.lists(CONDITIONS, min_size=1, max_size=3), CONDITIONS, CASES)
@example(["kind == 'a'", "kind != 'a'"], "not missing(kind)", {"kind": "b"})
@example(["amount < 1", "amount == 1", "amount > 1"], "amount > 0", {"amount": 1.0})
def test_conditions_without_gap_hold_in_all_cases(
    texts: list[str], given_text: str, case: dict[str, Any]
) -> None:
    conditions, assumption = [parse(text) for text in texts], parse(given_text)
    gap = solver().find_gap([c.root for c in conditions], assumption.root, set(case))

    if gap is None and assumption.holds(case):
        assert any(condition.holds(case) for condition in conditions)


@given(CONDITIONS)
@example("amount < 1e300 or amount > 1e300 or text < 'a'")
def test_condition_and_its_negation_have_no_gap(text: str) -> None:
    conditions = [parse(text).root, parse(f"not ({text})").root]

    # An empty case means undecided: too many cases to try.
    assert not solver().find_gap(conditions, None, ())
