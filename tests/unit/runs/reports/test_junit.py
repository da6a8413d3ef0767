"""JUnit XML of a run, by the schema that Jenkins' xUnit plugin checks files against."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runs.reports.junit import junit
from shared.runs.reports.report import Report
from tests.support.run_results import report, result, run

#: Attributes of each element (required ones marked by *), and its children (junit-10.xsd).
SCHEMA: dict[str, tuple[str, str]] = {
    "testsuites": ("name time tests failures errors", "testsuite"),
    "testsuite": (
        "*name *tests *failures *errors group time skipped timestamp hostname id package",
        "properties testcase system-out system-err",
    ),
    "properties": ("", "property"),
    "property": ("*name *value", ""),
    "testcase": ("*name time classname group", "skipped error failure system-out system-err"),
    "failure": ("type message", ""),
    "error": ("type message", ""),
    "skipped": ("type message", ""),
    "system-out": ("", ""),
}


def parsed(found: Report) -> ET.Element:
    root = ET.fromstring("".join(junit(found)).encode())
    for element in root.iter():
        allowed, children = (one.split() for one in SCHEMA[element.tag])
        assert set(element.keys()) <= {one.removeprefix("*") for one in allowed}
        assert {one[1:] for one in allowed if one[0] == "*"} <= set(element.keys())
        assert {child.tag for child in element} <= set(children)
    return root


def test_each_verdict_has_its_element() -> None:
    root = parsed(report("pfuecb-"))

    found = [
        [child.tag for child in case if child.tag != "system-out"] for case in root.iter("testcase")
    ]
    assert found == [
        [], ["failure"], ["failure"], ["error"], ["skipped"], ["skipped"], ["skipped"],
    ]  # fmt: skip
    suite = root[0]
    assert [suite.get(one) for one in ("tests", "failures", "errors", "skipped")] == [
        "7", "2", "1", "3",
    ]  # fmt: skip


def test_failure_tells_why_and_leads_to_the_session() -> None:
    root = parsed(report("f", before=["p"]))

    [failure] = root.iter("failure")
    assert failure.get("message") == failure.text == "refund_order was not called (event 7)"
    [output] = root.iter("system-out")
    assert output.text == "session session_00000000000000000000000000000000"


def test_repeats_have_names_of_their_own() -> None:
    cases = list(parsed(report("pp", "pp")).iter("testcase"))

    assert len({(one.get("classname"), one.get("name")) for one in cases}) == 4
    assert cases[1].get("name") == "Scenario 0, repeat 2"


@given(st.text())
def test_any_text_is_well_formed(text: str) -> None:
    found = Report(
        run=run(name=text), results=[result(0, "f", scenario_name=text, reasons=(text,))]
    )

    parsed(found)


@pytest.mark.parametrize("text", ["a\nb", "tab\there", "<&>\"'", "]]>", "\u00e9\U0001f600"])
def test_text_is_read_as_it_was_written(text: str) -> None:
    root = parsed(Report(run=run(), results=[result(0, "f", reasons=(text,))]))

    [failure] = root.iter("failure")
    assert failure.get("message") == failure.text == text


def test_run_without_results_is_a_suite_without_cases() -> None:
    assert len(list(parsed(Report(run=run(), results=[])).iter("testcase"))) == 0
