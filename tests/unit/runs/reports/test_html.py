"""HTML page of a run: self-contained, escaped, bounded, and complete for those who read it."""

import re
from html.parser import HTMLParser

import pytest

from shared.runs.reports.html import page
from shared.runs.reports.plot import wilson
from shared.runs.reports.report import Report
from tests.support.run_results import report, result, run

_VOID = ("meta", "line", "circle")


class Page(HTMLParser):
    """Elements, attributes and texts of a page; every element must be closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


def text_of(found: Report) -> str:
    return "".join(page(found))


def test_page_has_scores_changes_and_reasons() -> None:
    text = text_of(report("fff", "ppp", "pff", before=["ppp", "ppp", "fff"]))
    shown = Page(text)

    assert "44.4 %" in shown.text
    assert "was 66.7 %" in shown.text
    assert "regressed" in shown.text
    assert "3/3 → 0/3" in shown.text
    assert "refund_order was not called (event 7)" in shown.text
    assert "/v1/sessions/session_00000000000000000000000000000000" in shown.text
    rows = re.findall(r"<tr><th>(.*?)</th><td><span class=\"chip ([a-z-]+)\"", text)
    assert [kind for _, kind in rows] == ["regressed", "flaky", "still-passing"]


@pytest.mark.parametrize(
    ("scenarios", "before", "kind", "finding"),
    [
        (["pp", "pp"], None, "passing", "all passed"),
        (["pf", "ue"], None, "failing", "3 did not pass"),
        (["ff", "pp"], ["pp", "pp"], "regressed", "1 regressed"),
        (["pf", "pp"], ["pp", "pp"], "failing", "1 did not pass"),
    ],
)
def test_page_begins_with_the_most_important_finding(
    scenarios: list[str], before: list[str] | None, kind: str, finding: str
) -> None:
    head = text_of(report(*scenarios, before=before)).partition("</header>")[0]

    assert f'<span class="chip {kind}">{finding}</span>' in head


def test_links_lead_to_simulations_of_the_page() -> None:
    shown = Page(text_of(report("fp", "pp", "ee")))

    links = [attributes["href"] for tag, attributes in shown.elements if tag == "a"]
    targets = {attributes.get("id") for _, attributes in shown.elements}
    assert links == ["#s4", "#s0"]
    assert {str(one)[1:] for one in links} <= targets


def test_page_loads_nothing_and_has_no_script() -> None:
    text = text_of(report("fp", "pp", before=["pp", "pp"]))
    shown = Page(text)

    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in shown.elements}
    loading = {"src", "action", "data", "style", "xlink:href", "srcset", "onclick", "onload"}
    assert not loading & {name for _, attributes in shown.elements for name in attributes}
    assert not re.search(r"https?:|//[a-z]|url\(|@import", text)
    assert "default-src 'none'" in text


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_texts_are_escaped_everywhere(evil: str) -> None:
    found = Report(
        run=run(name=evil, target={"url": evil}),
        results=[
            result(0, "f", scenario_name=evil, reasons=(evil,), end_reason=evil),
            result(1, "e", scenario_name=evil, error=evil),
        ],
    )
    shown = Page(text_of(found))

    assert not {"script", "img"} & {tag for tag, _ in shown.elements}
    assert shown.text.count(evil) >= 8


def test_page_of_a_run_without_results_says_so() -> None:
    shown = Page(text_of(Report(run=run(), results=[])))

    assert "No simulation has ended." in shown.text


def test_page_of_30_000_failures_is_bounded() -> None:
    found = report(*["fff"] * 10_000)
    text = text_of(found)

    assert len(text) < 2_500_000
    assert "40 of 10,000 scenarios" in text
    assert "9,000 more scenarios are in the JSON report." in text
    assert "28,000 more are in the JSON report." in text


def test_interval_of_few_repeats_is_wide() -> None:
    assert wilson(3, 3) == pytest.approx((0.438, 1.0), abs=0.001)
    assert wilson(0, 1) == pytest.approx((0.0, 0.793), abs=0.001)
    assert wilson(50, 100) == pytest.approx((0.404, 0.596), abs=0.001)
