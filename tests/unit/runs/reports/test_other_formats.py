"""Markdown and JSON of a run, and reports of 30,000 results."""

import json
import time

import pytest

from shared.runs.reports.formats import FORMS, ReportFormat
from shared.runs.reports.markdown import markdown
from shared.runs.reports.report import Report, percent, target_text
from tests.support.run_results import report, result, run


def text_of(found: Report) -> str:
    return "".join(markdown(found))


def test_markdown_shows_what_changed() -> None:
    text = text_of(report("ff", "pp", "pp", before=["pp", "pp", "ff"]))

    assert text.startswith("### Refunds: 66.7 % passed\n")
    assert "Scenarios: 1 regressed, 1 fixed, 1 still passing." in text
    assert "| Scenario 0 | regressed | 2/2 | 0/2 | 0.33 | refund\\_order was not called" in text
    assert "| Scenario 2 | fixed | 0/2 | 2/2 |" in text
    assert "Scenario 1 |" not in text


def test_markdown_without_a_baseline_lists_what_did_not_pass() -> None:
    text = text_of(report("pf", "pp", "ee"))

    assert "| pass@1 | pass^2 | flaky |" in text
    assert "Simulations: 3 passed, 1 failed, 2 errors." in text
    assert "| Scenario 2 | failing | - | 0/2 |  | target: HTTP 500 |" in text


@pytest.mark.parametrize(
    "evil",
    ["a | b", "a\n# b", "<img src=x>", "[x](https://evil.example)", "@someone", "`code`", "~~x~~"],
)
def test_markdown_of_texts_is_text(evil: str) -> None:
    text = text_of(Report(run=run(), results=[result(0, "f", scenario_name=evil, reasons=(evil,))]))

    rows = [line for line in text.splitlines() if line.startswith("| ") and "failing" in line]
    assert len(rows) == 1
    assert not any(mark in rows[0] for mark in ("<img", "://", "@", "](", " `", " ~~"))
    assert rows[0].replace("\\|", "").count("|") == 7


def test_markdown_of_many_failures_fits_into_a_comment() -> None:
    text = text_of(report(*["f"] * 10_000))

    assert len(text) < 65_536
    assert "9950 more scenarios" in text


def test_json_has_every_result() -> None:
    found = json.loads("".join(FORMS[ReportFormat.JSON].write(report("pf", "pp", before=["pp"]))))

    assert found["scores"] == {
        "pass_at_1": 0.75, "pass_hat_k": 0.5, "k": 2, "flaky_scenarios": 1, "scenarios": 2,
    }  # fmt: skip
    assert [one["number"] for one in found["results"]] == [0, 1, 2, 3]
    assert [one["change"] for one in found["scenarios"]] == ["flaky", "new"]
    assert found["results"][1]["reasons"] == ["refund_order was not called (event 7)"]
    assert found["baseline"]["scores"]["pass_at_1"] == 1.0


@pytest.mark.parametrize("form", ReportFormat)
def test_report_of_30_000_results_takes_seconds(form: ReportFormat) -> None:
    """The report has 29 seconds; half of the scenarios changed."""
    found = report(*["fff", "ppp"] * 5_000, before=["ppp"] * 10_000)
    started = time.process_time()

    size = sum(len(piece) for piece in FORMS[form].write(found))

    assert time.process_time() - started < 5
    assert size < 30_000_000


def test_only_the_whole_is_100_percent() -> None:
    assert [percent(one) for one in (1.0, 0.99999, 0.5, 0.123, 0.0, None)] == [
        "100 %", "99.9 %", "50 %", "12.3 %", "0 %", "-",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ({"agent_id": "agent_1"}, "agent agent_1"),
        ({"catalog_slug": "order-status", "revision_id": None}, "workflow order-status"),
        ({"url": "http://a.example", "protocol": "openai"}, "server http://a.example"),
        ({"relay": True}, "program of the caller (relay)"),
    ],
)
def test_target_is_named_in_a_few_words(target: dict[str, object], text: str) -> None:
    assert target_text(target) == text
