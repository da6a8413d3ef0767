"""Reports and comparisons of runs over HTTP."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import pytest

from shared.core.clock import system_clock
from shared.core.errors import TooLarge
from shared.runs.reports import service
from shared.runs.reports.formats import ReportFormat
from shared.runs.reports.service import RunReports
from shared.runs.reports.wiring import run_reports
from shared.runs.runs.documents import PLAN_SIZE
from shared.runs.runs.domain import RunStatus
from shared.runs.runs.wiring import run_repository
from shared.runs.simulations.wiring import simulations
from shared.sessions.exports import delivery
from shared.sessions.exports.wiring import delivery as delivery_of_files
from shared.storage.objects import ObjectStore
from tests.support.finished_runs import AT, store_run
from tests.support.gateway import Answer, Gateway
from tests.support.storage import IMPORTS, counted_requests, stored_objects

FORMS = {
    "html": ("text/html; charset=utf-8", "html"),
    "junit": ("application/xml", "xml"),
    "markdown": ("text/markdown; charset=utf-8", "md"),
    "json": ("application/json", "json"),
}


def store(api: Gateway, *scenarios: str, **fields: Any) -> UUID:
    return store_run(api.organization_id, scenarios, **fields)


def report(api: Gateway, run: UUID, form: str = "json", **query: Any) -> Answer:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return api("GET", f"/v1/runs/{run}/report?format={form}{more}")


def compare(api: Gateway, run: UUID, other: Any) -> Answer:
    return api("GET", f"/v1/runs/{run}/compare?with={other}")


# ---------------------------------------------------------------------------- comparison
def test_comparison_has_the_changes_of_each_scenario_regressed_first(api: Gateway) -> None:
    before, run = store(api, "ppp", "ppp", "fff", "ppp"), store(api, "ppp", "fff", "ppp", "ppf")

    found = compare(api, run, before).json

    assert [(one["scenario_name"], one["change"]) for one in found["items"]] == [
        ("Scenario 1", "regressed"),
        ("Scenario 3", "flaky"),
        ("Scenario 2", "fixed"),
        ("Scenario 0", "still_passing"),
    ]
    assert found["counts"] == {
        "regressed": 1, "flaky": 1, "still_failing": 0, "fixed": 1, "new": 0, "removed": 0,
        "still_passing": 1,
    }  # fmt: skip
    tally = {"passed": 3, "failed": 0, "undecided": 0, "errors": 0, "total": 3}
    assert found["items"][0]["before"] == tally
    assert found["items"][0]["now"] == tally | {"passed": 0, "failed": 3}
    assert found["items"][0]["p_value"] == pytest.approx(0.1)
    assert (found["rate_before"], found["p_value"]) == (0.75, 1.0)


def test_comparison_and_report_have_the_same_rows(api: Gateway) -> None:
    before, run = store(api, "pp", "fp", "uu"), store(api, "pf", "ee", "cc")

    rows = report(api, run, baseline=before).json["scenarios"]

    assert compare(api, run, before).json["items"] == rows


def test_unknown_run_is_not_found(api: Gateway, other_api: Gateway) -> None:
    run = store(api, "p")

    answers = [
        compare(api, uuid4(), run), report(api, uuid4()),
        compare(other_api, run, run), report(other_api, run),
    ]  # fmt: skip

    assert [(one.status, one.json["error"]) for one in answers] == [(404, "not_found")] * 4


def test_unknown_run_to_compare_with_is_named(api: Gateway, other_api: Gateway) -> None:
    run, foreign = store(api, "p"), store(other_api, "p")

    for other in (uuid4(), foreign):
        compared, reported = compare(api, run, other), report(api, run, baseline=other)
        assert (compared.status, reported.status) == (400, 400)
        assert compared.json == {"error": "run_not_found", "message": "with: run not found."}
        assert reported.json == {"error": "run_not_found", "message": "baseline: run not found."}


@pytest.mark.parametrize(
    "path",
    [
        "compare", "compare?with=last", "compare?with=", "report?format=pdf",
        "report?baseline=last", "report?formats=json", "report?limit=1",
    ],
)  # fmt: skip
def test_invalid_query_is_refused(path: str, api: Gateway) -> None:
    answer = api("GET", f"/v1/runs/{store(api, 'p')}/{path}")

    assert answer.status == 422
    assert answer.json["detail"][0]["loc"][0] == "query"


def test_comparison_of_too_many_scenarios_names_the_report(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = store(api, "p", "p")
    monkeypatch.setattr(service, "MAX_CHANGES", 1)

    answer = compare(api, run, run)

    assert answer.status == 413
    assert answer.json["message"].startswith("with: the comparison has more than 1 rows; get the")


# -------------------------------------------------------------------------------- report
@pytest.mark.parametrize("form", FORMS)
def test_report_is_a_file_of_each_format(form: str, api: Gateway) -> None:
    run = store(api, "pf", "pp")

    answer = report(api, run, form)

    media_type, extension = FORMS[form]
    assert (answer.status, answer.headers["content-type"]) == (200, media_type)
    disposition = answer.headers["content-disposition"]
    assert disposition == f'attachment; filename="run-{run}.{extension}"'
    assert "was not called" in answer.text


def test_report_is_html_without_a_format(api: Gateway) -> None:
    answer = api("GET", f"/v1/runs/{store(api, 'p')}/report")

    assert answer.text.startswith("<!doctype html>")


def test_junit_report_counts_what_did_not_pass(api: Gateway) -> None:
    suites = ET.fromstring(report(api, store(api, "pfue"), "junit").text)

    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == ("4", "2", "1")


def test_report_compares_with_the_baseline_of_the_run(api: Gateway) -> None:
    before, other = store(api, "pp"), store(api, "ff")
    run = store(api, "ff", baseline_run_id=before)

    own, given = report(api, run).json, report(api, run, baseline=other).json

    assert own["baseline"]["run_id"] == str(before)
    assert own["scenarios"][0]["change"] == "regressed"
    assert given["baseline"]["run_id"] == str(other)
    assert given["scenarios"][0]["change"] == "still_failing"


def test_report_of_a_run_that_goes_on_has_all_simulations(api: Gateway) -> None:
    run = store(api, "p-", "-f", "--", status=RunStatus.RUNNING)

    found = report(api, run).json

    assert found["status"] == "running"
    assert [one["number"] for one in found["results"]] == list(range(6))
    assert [one["status"] for one in found["results"]] == [
        "completed", "pending", "pending", "completed", "pending", "pending"
    ]  # fmt: skip
    assert len({one["scenario_id"] for one in found["results"]}) == 3
    assert [one["change"] for one in found["scenarios"]] == ["failing", "passing"]


def test_report_reads_each_part_of_a_plan_once(api: Gateway) -> None:
    run = store(api, *["-"] * 2001, status=RunStatus.CANCELLED)

    with counted_requests() as counted:
        found = report(api, run).json

    assert len({one["scenario_id"] for one in found["results"]}) == 2001
    assert {one["status"] for one in found["results"]} == {"cancelled"}
    assert counted["GetItem"] == 1 + 2001 // PLAN_SIZE + 1
    assert counted["Query"] == 3


def test_large_report_is_a_link(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    run = store(api, "pf")
    whole = report(api, run, "html")
    monkeypatch.setattr(delivery, "MAX_INLINE_BYTES", 100)

    answer = report(api, run, "html")

    assert answer.status == 303
    assert answer.headers["location"] == answer.json["url"]
    key = urlsplit(answer.json["url"]).path.removeprefix(f"/{IMPORTS}/")
    assert stored_objects(IMPORTS)[key.lstrip("/")].decode() == whole.text
    assert "expires_at" in answer.json


def test_report_that_takes_too_long_to_write_leaves_nothing(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = store(api, "pf")
    monkeypatch.setattr(delivery, "MAX_INLINE_BYTES", 100)
    upload, passed = ObjectStore.write_parts, [timedelta(0)]
    monkeypatch.setattr(run_reports(), "_clock", lambda: system_clock() + passed[0])

    def write_late(*given: Any) -> None:
        passed.insert(0, timedelta(seconds=27))
        upload(*given)

    monkeypatch.setattr(ObjectStore, "write_parts", write_late)

    assert report(api, run, "html").status == 413
    assert not stored_objects(IMPORTS)


def test_results_that_take_too_long_to_read_are_too_large(api: Gateway) -> None:
    """The limit is 20 seconds in all; here each look at the clock takes eleven."""
    run, seconds = store(api, "pp"), count(0, 11)

    def clock() -> datetime:
        return AT + timedelta(seconds=next(seconds))

    slow = RunReports(run_repository(), simulations(), delivery_of_files(), clock)

    with pytest.raises(TooLarge, match="too many results for a report; list its results"):
        slow.report(api.organization_id, run, ReportFormat.JSON, run)
    with pytest.raises(TooLarge):
        slow.compare(api.organization_id, run, run)
